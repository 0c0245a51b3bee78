"""Sections of an indexed document: choosing, naming and shortening them. Pure."""

from __future__ import annotations

from dataclasses import replace

from sre_advisor.connectors.docs import words
from sre_advisor.connectors.docs.index import Row


def named(row: Row) -> str:
    """The section as a person finds it."""
    return f"{row.path}" + (f" › {row.heading}" if row.heading else "")


def subtree(rows: tuple[Row, ...], heading: str) -> tuple[Row, ...]:
    """The section of this heading, heading path or anchor, with those below it."""
    wanted = words.key(heading)
    for i, row in enumerate(rows):
        names = (row.anchor, row.heading, row.heading.split(" > ")[-1])
        if wanted and any(words.key(n) == wanted for n in names if n):
            end = next((j for j in range(i + 1, len(rows)) if rows[j].level <= row.level), len(rows))
            return rows[i:end]
    return ()


def bounded(rows: tuple[Row, ...], bound: int) -> tuple[tuple[Row, ...], str]:
    """As many sections as fit into `bound` characters, the last one cut; and their text under their headings."""
    kept: list[Row] = []
    text = ""
    for row in rows:
        head = f"{'#' * row.level} {row.heading.split(' > ')[-1]}\n" if row.heading else ""
        room = bound - len(text) - len(head)
        if room <= 0:
            break
        short = row.text[:room]
        text += f"{head}{short}\n\n"
        kept.append(row if len(short) == len(row.text) else replace(row, text=short))
    return tuple(kept), text.strip()
