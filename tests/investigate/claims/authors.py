"""Claims and their evidence as people would write them down, one world after the other, in plain text.

=== name of the world
@E1 source [from to]
text of the evidence
---
+ E1,E2 | a true claim
number E1 | a false one; its first word says what is wrong
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "authors"


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    """The file's claims, as `check-claims --jsonl` reads them, each with what is false in it ("" for a true one)."""
    for world in path.read_text(encoding="utf-8").split("=== ")[1:]:
        head, _, claims = world.partition("\n---\n")
        name, _, rest = head.partition("\n")
        evidence = [_evidence(piece) for piece in f"\n{rest}".split("\n@E")[1:]]
        for line in claims.splitlines():
            if line.strip():
                kind, _, said = line.partition(" ")
                cites, _, claim = said.partition(" | ")
                yield {
                    "claim": claim,
                    "cites": cites.split(","),
                    "evidence": evidence,
                    "false": "" if kind == "+" else kind,
                    "case": name,
                    "unseen": True,
                }


def _evidence(piece: str) -> dict[str, Any]:
    head, _, text = piece.partition("\n")
    id_, source, *window = head.split()
    return {
        "id": f"E{id_}",
        "source": source,
        "text": text.strip("\n"),
        **dict(zip(("from", "to"), window, strict=False)),
    }
