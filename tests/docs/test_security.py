"""SECURITY.md names only tests and pages that are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[a-z_/]+\.py)(?:::(test_[a-z0-9_]+))?`", PAGE)))


def names_in(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}


def test_each_test_that_is_named_is_there() -> None:
    assert len(NAMED) > 25
    files = {file: names_in(ROOT / file) if (ROOT / file).is_file() else set[str]() for file, _ in NAMED}
    assert [f"{file}::{name}" for file, name in NAMED if not files[file] or (name and name not in files[file])] == []


def test_each_attack_in_the_table_has_a_test() -> None:
    table = PAGE.partition("### What stops it")[2].partition("###")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith(("| attack", "| ---"))]
    assert len(rows) > 15
    assert [row for row in rows if "::test_" not in row] == []


def test_each_page_it_leads_to_is_there() -> None:
    assert [path for path in re.findall(r"\]\(([^)#:]+)", PAGE) if not (ROOT / path).exists()] == []
