"""What stays folded until somebody wants to see it: what was ruled out, and the evidence. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sre_advisor.investigate.visible import one_line
from sre_advisor.model import Claim, Diagnosis, Evidence, Outcome, Standing
from sre_advisor.slack.blocks import Block, clip, fold, plain_section

DAY = timedelta(days=1)
CHILDREN = 10
"""Children that one container may hold."""


def claims(title: str, found: Sequence[Claim]) -> list[Block]:
    """Claims, each with its evidence and what checking could not confirm."""
    if not found:
        return []
    lines = [f"• {clip(one_line(c.text), 420)} [{', '.join(c.cites[:4])}]{_doubt(c)}" for c in found[:CHILDREN]]
    return [fold(f"{title} ({len(found)})", [plain_section(line) for line in lines])]


def lines(title: str, found: Sequence[str]) -> list[Block]:
    """Short texts."""
    shown = [plain_section(f"• {clip(one_line(text), 420)}") for text in found[:CHILDREN]]
    return [fold(f"{title} ({len(found)})", shown)] if shown else []


def evidence(diagnosis: Diagnosis, read: Sequence[Evidence], asked_at: datetime) -> list[Block]:
    """What the answer cites: when, what was asked, what came."""
    cited = {i for h in diagnosis.hypotheses for c in (*h.claims_for, *h.claims_against) for i in c.cites}
    cited |= {i for c in diagnosis.ruled_out for i in c.cites}
    cited |= {i for c in diagnosis.commands for i in re.findall(r"\bE\d+\b", c.why)}
    shown = [e for e in read if e.id in cited]
    if not shown:
        return []
    return [fold(f"Evidence ({len(shown)} of {len(read)} reads)", [_piece(e, asked_at) for e in shown[:CHILDREN]])]


def _doubt(claim: Claim) -> str:
    return f" (partly: {clip(one_line(claim.why), 200)})" if claim.standing is Standing.PARTLY else ""


def _when(piece: Evidence, asked_at: datetime) -> str:
    """When it was read; a recording is read long after its own time, which would only mislead."""
    return f" · read {piece.read_at:%H:%M:%S} UTC" if abs(piece.read_at - asked_at) < DAY else ""


def _piece(piece: Evidence, asked_at: datetime) -> Block:
    state = "" if piece.outcome is Outcome.OK else f" [{piece.outcome.value}]"
    asked = ", ".join(f"{k}: {v if isinstance(v, str) else json.dumps(v)}" for k, v in piece.request.items())
    told = [
        f"{piece.id} {piece.source} · {piece.tool}{state}{_when(piece, asked_at)}",
        clip(one_line(piece.summary), 240),
        f"asked {clip(one_line(asked), 160)}" if asked else "",
    ]
    return plain_section("\n".join(line for line in told if line))
