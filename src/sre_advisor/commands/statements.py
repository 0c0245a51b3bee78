"""What SQL would do: sqlglot's tree says which statements there are, an allow list which functions only read."""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from sre_advisor.commands.effect import Effect, changes, combine, reads, secret, unknown
from sre_advisor.commands.tables import sql as table

if TYPE_CHECKING:
    from sqlglot import exp

SIZE_LIMIT = 8_000
"""Characters; the parser is slow, and nobody pastes more by hand."""
_CALL = re.compile(r"([A-Za-z_][\w$]*)\"?`?\s*\(")
_STRING = re.compile(r"'(?:[^']|'')*'")
_TRICKY_QUOTES = re.compile(r"[\\\"`$]")
_HIDING = re.compile(r"/\*|--|\bU&", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\.\s*\"?([A-Za-z_]\w*)")
_SHOW = re.compile(
    r"\s*(?:show|desc|describe)\s+(?!.*\b(?:grants|create\s+user)\b)[\w\s.,'%=*`<>\"{}$-]*\s*;?\s*",
    re.IGNORECASE | re.DOTALL,
)
_WRITING = re.compile(
    r"\b(?:insert|update|delete|merge|truncate|drop|alter|create|grant|revoke|vacuum|analyze|reindex|cluster|refresh|copy|call|do|lock|load|handler|replace\s+into|outfile|dumpfile|"
    r"into|for\s+(?:no\s+key\s+)?update|for\s+(?:key\s+)?share|lock\s+in\s+share|set|reset|prepare|execute|deallocate|listen|notify|begin|commit|rollback|start|kill|flush|purge|optimize|repair|"
    r"attach|detach|pragma|import|install|uninstall|shutdown|security|comment|discard|checkpoint|declare|fetch|move|close|savepoint|release|change|stop|reassign)\b",
    re.IGNORECASE,
)
_DESTROYS = re.compile(r"\b(?:drop|truncate|delete)\b", re.IGNORECASE)
_EXPLAIN = re.compile(
    r"\s*explain\b\s*(\([^)]*\)|(?:(?:analyze|analyse|verbose|extended|format\s*=\s*\w+)\s+)*)", re.IGNORECASE
)


@lru_cache(maxsize=256)
def statements(text: str, dialect: str) -> Effect:
    """The worst of what these SQL statements would do in this dialect (postgres, mysql, sqlite)."""
    if len(text) > SIZE_LIMIT:
        return unknown("too much SQL to judge")
    if _HIDING.search(text) or (dialect == "mysql" and "#" in text):
        return unknown("a comment or an escape in the SQL may hide something")
    trimmed = text.strip()
    if not trimmed.strip("; \n\t"):
        return reads("no SQL")
    explained = _EXPLAIN.match(trimmed)
    if explained and explained[0].strip():
        return _explain(trimmed, explained, dialect)
    if (
        _SHOW.fullmatch(trimmed)
        and trimmed.count(";") <= 1
        and trimmed.rstrip().find(";") in {-1, len(trimmed.rstrip()) - 1}
    ):
        return (
            secret("shows a setting that holds a credential")
            if table.SECRET_NAMES.search(trimmed)
            else reads("SHOW: only prints")
        )
    return _parsed(trimmed, dialect)


def _explain(text: str, found: re.Match[str], dialect: str) -> Effect:
    """EXPLAIN plans, EXPLAIN ANALYZE carries out."""
    rest = text[found.end() :]
    parts = _split(rest, dialect)
    if parts is None or len(parts) > 1:
        return unknown("the SQL is not understood")
    inner = statements(rest, dialect) if rest.strip() else unknown("EXPLAIN of nothing")
    if re.search(r"analy[sz]e", found[1], re.IGNORECASE):
        return inner
    plain = re.match(r"\s*(?:select|with|insert|update|delete|values|table|replace)\b", rest, re.IGNORECASE)
    if not plain or table.CHANGING_FUNCTIONS.search(rest) or re.search(r"\banaly[sz]e\b", rest[:40], re.IGNORECASE):
        return inner
    return reads("EXPLAIN only plans")


def _split(text: str, dialect: str) -> list[exp.Expr] | None:
    import sqlglot
    from sqlglot.errors import SqlglotError

    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    try:
        return [t for t in sqlglot.parse(text, read=dialect) if t is not None]
    except (SqlglotError, RecursionError, ValueError, AttributeError, IndexError, TypeError, KeyError):
        return None


def _parsed(text: str, dialect: str) -> Effect:
    trees = _split(text, dialect)
    if trees is None:
        return _unparsed(text)
    return combine([_statement(tree, text) for tree in trees] or [unknown("the SQL is not understood")])


def _unparsed(text: str) -> Effect:
    if _WRITING.match(text) and not re.match(r"\s*(?:begin|start|set|declare|prepare)\b", text, re.IGNORECASE):
        return changes("the SQL changes the database", "data", False if _DESTROYS.search(text) else None)
    return unknown("the SQL is not understood")


def _statement(tree: exp.Expr, text: str) -> Effect:
    from sqlglot import exp

    bare = text if _TRICKY_QUOTES.search(text) else _STRING.sub("''", text)
    writes = (
        exp.Insert,
        exp.Update,
        exp.Delete,
        exp.Merge,
        exp.Create,
        exp.Drop,
        exp.Alter,
        exp.TruncateTable,
        exp.Command,
        exp.Copy,
        exp.Set,
        exp.Into,
        exp.Lock,
        exp.Pragma,
        exp.Kill,
        exp.LoadData,
    )
    if isinstance(tree, exp.Command):
        return _unparsed(text)
    if isinstance(tree, (exp.Select, exp.SetOperation, exp.Values, exp.Subquery, exp.Table)) and not tree.find(*writes):
        return _select(text, bare)
    if tree.find(exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Drop, exp.Alter, exp.TruncateTable):
        gone = bool(tree.find(exp.Drop, exp.TruncateTable, exp.Delete))
        return changes("the SQL changes the database", "data", False if gone else None)
    if isinstance(tree, (exp.Describe, exp.Show)) and not _WRITING.search(bare):
        return secret("shows rights") if re.search(r"grants|user", bare, re.IGNORECASE) else reads("only prints")
    return _unparsed(text) if not isinstance(tree, exp.Select) else changes("the SELECT writes or locks", "data")


def _select(text: str, bare: str) -> Effect:
    if table.CHANGING_FUNCTIONS.search(bare) and any(
        table.CHANGING_FUNCTIONS.fullmatch(n) for n in _CALL.findall(bare)
    ):
        return changes("the SELECT calls a function that acts", "the database server")
    if re.search(
        r"\binto\b|\bfor\s+(?:no\s+key\s+)?update\b|\bfor\s+(?:key\s+)?share\b|\block\s+in\b|\boutfile\b|\bdumpfile\b|:=",
        bare,
        re.IGNORECASE,
    ):
        return changes("the SELECT writes or locks", "data")
    if _WRITING.search(
        re.sub(
            r"\breplace\s*\(|\bset\b|\banalyze\b|\bstart\b|\bchange\b|\bclose\b|\bcomment\b|\bmove\b|\brelease\b|\bstop\b|\bcluster\b|\bload\b|\bcall\b|\bdo\b|\block\b",
            "",
            bare,
        )
    ):
        return unknown("the SELECT holds a word that may write")
    if any(table.CHANGING_FUNCTIONS.fullmatch(n) for n in _ATTRIBUTE.findall(bare)):
        return unknown("a function may be called in attribute notation")
    strange = [n for n in _CALL.findall(bare) if not table.READING_FUNCTIONS.fullmatch(n)]
    if strange:
        return unknown(f"the function {strange[0]} may do more than read")
    if (
        re.search(r"\*|^\s*table\s", bare, re.IGNORECASE)
        and table.PEOPLE.search(bare)
        and not re.search(r"count\s*\(\s*\*\s*\)", bare, re.IGNORECASE)
    ):
        return unknown("all columns of a table of people may include password hashes")
    if table.SECRET_NAMES.search(text):
        return secret("selects what looks like credentials")
    return reads("SELECT: only reads")
