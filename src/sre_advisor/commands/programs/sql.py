"""psql, mysql, sqlite3 and other clients that are handed SQL."""

from __future__ import annotations

import re

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, changes, combine, reads, secret, unknown
from sre_advisor.commands.options import split
from sre_advisor.commands.statements import statements
from sre_advisor.commands.tables import names
from sre_advisor.commands.words import Word

# Sources: https://www.postgresql.org/docs/17/app-psql.html, https://dev.mysql.com/doc/refman/8.4/en/mysql-command-options.html
_PSQL_TAKES = names(
    """-c --command -d --dbname -f --file -h --host -p --port -U --username -v --set --variable -F
    --field-separator -R --record-separator -P --pset -T --table-attr -o --output -L --log-file"""
)
_PSQL_SWITCHES = names(
    """-A --no-align -t --tuples-only -x --expanded -q --quiet -X --no-psqlrc -w --no-password -W
    --password -1 --single-transaction -a -b -e -E -H -n -s -S -z -0 --csv -l --list"""
)
_MYSQL_TAKES = names(
    """-e --execute -h --host -P --port -u --user -D --database -S --socket --protocol --defaults-file
    --defaults-extra-file --login-path --default-character-set --delimiter --connect-timeout --ssl-mode
    --ssl-ca"""
)
_MYSQL_SWITCHES = names(
    """-B --batch -N --skip-column-names -s --silent -t --table -v --verbose -E --vertical -G -r --raw -f
    --force -q --quick -A --no-auto-rehash -C --compress -X --xml -H --html -n -b"""
)
_META_READ = re.compile(
    r"\\(?:d[A-Za-z]*[S+x]*|l[+x]*|z|conninfo|encoding|x|timing|pset|echo|qecho|\?|h|q|a|t|sf\+?|sv\+?|list|dt\+?|du\+?)(?=$|[\s;])[^`|]*"
)


def psql(call: Call) -> Effect:
    """What a psql call would do: that of the SQL and of the backslash commands it is handed."""
    parsed = split(call.args, _PSQL_TAKES, _PSQL_SWITCHES)
    if parsed.has("-o", "--output", "-L", "--log-file"):
        return changes("writes the answer to a file or a program", "one file")
    if parsed.has("-f", "--file") and not all(v == "-" for v in parsed.values("-f", "--file")):
        return unknown("runs a file of SQL that is not visible")
    if any(re.search(r"[`|]", v) for v in parsed.values("-v", "--set", "--variable")) or any(
        n not in {"--version", "--help"} for n, _ in parsed.strange
    ):
        return unknown("an option of psql that is not known here")
    given = list(parsed.values("-c", "--command"))
    if call.fed and parsed.has("-v", "--set", "--variable") and not given:
        # psql puts variables into what it reads from its input (not into -c), and quotes them only when asked to.
        return unknown("psql variables may put more SQL into what it reads")
    if not given and parsed.has("-l", "--list") and not call.fed:
        return reads("lists databases")
    if not given and parsed.has("--version", "--help"):
        return reads("prints how psql is used")
    return _all(call, given, "postgres")


def mysql(call: Call) -> Effect:
    """What a mysql or mariadb call would do."""
    args = [a for a in call.args if not re.fullmatch(r"-p\S*|--password(=.*)?", a)]
    parsed = split(args, _MYSQL_TAKES, _MYSQL_SWITCHES)
    if any(n not in {"--version", "--help", "-V", "-I"} for n, _ in parsed.strange):
        return unknown("an option of mysql that is not known here")
    bad = {"--tee", "--pager", "--init-command", "--plugin-dir", "--default-auth"}
    if any(f.name in bad for f in parsed.flags):
        return changes("writes a file or runs something more", "one file")
    given = list(parsed.values("-e", "--execute"))
    if not given and parsed.has("--version", "--help"):
        return reads("prints how mysql is used")
    return _all(call, given, "mysql")


def _all(call: Call, given: list[Word], dialect: str) -> Effect:
    found = [_text(text, call, dialect) for text in given]
    if not given:
        if call.stdin is None:
            return unknown("an interactive session, or SQL that is not visible")
        found.append(_plain(call.stdin, dialect))
    elif call.open_args and call.unseen:
        found.append(unknown("arguments are not visible"))
    return combine(found)


def _text(text: Word, call: Call, dialect: str) -> Effect:
    if not call.scene.settled(text) or (text.vars and not re.search(r"\s", text)):
        return unknown("the SQL is not visible")
    return _plain(text, dialect)


def _plain(text: str, dialect: str) -> Effect:
    lines = text.strip().splitlines()
    if dialect == "postgres" and any("\\" in line for line in lines):
        metas = [line.strip() for line in lines if line.strip()]
        if all(_META_READ.fullmatch(m) for m in metas) and text.count("\\") == len(metas):
            return (
                secret("prints roles with settings") if "password" in text else reads("a psql command that describes")
            )
        if re.search(r"\\(?!d|l|x|timing|conninfo)[!a-zA-Z]|\\[!]", text):
            return unknown("a psql backslash command can run programs or write files")
        return unknown("backslashes in the SQL")
    if dialect == "mysql":
        if re.search(
            r"(?:^|[\s;])(?:\\[^G]|system\b|source\b|tee\b|pager\b|delimiter\b|edit\b)|^\s*\.", text, re.IGNORECASE
        ):
            return unknown("a mysql client command can run programs or write files")
        text = text.replace("\\G", ";")
    return statements(text, dialect)


def sqlite(call: Call) -> Effect:
    """What a sqlite3 call would do."""
    parsed = split(
        call.args,
        {"-separator", "-cmd", "-init", "-newline", "-nullvalue", "-vfs"},
        {
            "-readonly",
            "-json",
            "-csv",
            "-header",
            "-column",
            "-line",
            "-list",
            "-box",
            "-table",
            "-markdown",
            "-batch",
            "-bail",
        },
        go=True,
    )
    if parsed.has("-cmd", "-init") or parsed.strange or not call.settled:
        return unknown("sqlite3: what it runs is not visible")
    texts = parsed.operands[1:]
    if not texts:
        return (
            statements(call.stdin, "sqlite")
            if call.stdin is not None and not call.stdin.strip().startswith(".")
            else unknown("an interactive session")
        )
    found = [
        reads("describes the database")
        if re.fullmatch(r"\.(?:tables|schema|databases|indexes|indices|dbinfo|stats)(?: [\w%]+)?", t)
        else _dotless(t)
        for t in texts
    ]
    return combine(found)


def _dotless(text: Word) -> Effect:
    return (
        unknown("a command of the sqlite3 shell")
        if text.strip()[:1] == "." or re.search(r"^\s*\.", text, re.MULTILINE)
        else statements(text, "sqlite")
    )


def dump(call: Call) -> Effect:
    """pg_dump and mysqldump print all data."""
    writes = [
        a
        for a in call.args
        if a.startswith(
            (
                "-f",
                "--file",
                "-F",
                "--format",
                "--result-file",
                "-r",
                "-T",
                "--tab",
                "--flush",
                "--delete",
                "--source-data",
                "--master-data",
                "--lock",
            )
        )
    ]
    return (
        changes("writes a dump, or interferes with the server", "files on one host")
        if writes
        else unknown("prints all data of a database")
    )


def ready(call: Call) -> Effect:
    """pg_isready only asks."""
    return reads("asks whether the server answers") if call.settled else unknown("arguments are not visible")


PROGRAMS = {
    "psql": psql,
    "mysql": mysql,
    "mariadb": mysql,
    "sqlite3": sqlite,
    "pg_dump": dump,
    "mysqldump": dump,
    "pg_dumpall": dump,
    "mariadb-dump": dump,
    "pg_isready": ready,
}
