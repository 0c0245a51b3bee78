"""The sets of claims that several authors wrote, each author a "hand", with the evidence that their claims cite.

The first seven hands wrote plain text, one world after the other:

=== name of the world
@E1 source [from to]
text of the evidence
---
+ E1,E2 | a true claim
number E1 | a false one; its first word says what is wrong

The others wrote JSON, one world a line: {"case", "evidence": [{"id", "source", "text", "from", "to"}],
"claims": [{"claim", "cites", "false", "note"}]}.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "authors"


def hands() -> tuple[str, ...]:
    """The names of all sets, in the order in which they were written."""
    plain = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
    return *plain, *sorted(path.stem for path in FOLDER.glob("hand-*.jsonl"))


def claims_of(hand: str) -> list[dict[str, Any]]:
    """A set's claims, as `check-claims --jsonl` reads them, each with what is false in it ("" for a true one)."""
    path = FOLDER / f"{hand}.jsonl"
    return list(_in_json(path) if path.exists() else _in_plain_text(FOLDER / f"{hand}.txt"))


def _in_json(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        world = json.loads(line)
        for claim in world["claims"]:
            yield {"case": world["case"], "evidence": world["evidence"], **claim}


def _in_plain_text(path: Path) -> Iterator[dict[str, Any]]:
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
