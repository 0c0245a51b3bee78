"""What stays folded until somebody wants to see it: what was ruled out, and the evidence. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from sre_advisor.investigate.patching import FILE, patch_title, proposal_commands
from sre_advisor.investigate.visible import one_line
from sre_advisor.model import Claim, Diagnosis, Evidence, Outcome, Patch, Standing
from sre_advisor.slack.blocks import SECTION, Block, clip, code, fold, literal, paragraph, plain_section, rich

CHILDREN = 10
"""Children that one container may hold."""


def ruled_out(claims: Sequence[Claim]) -> list[Block]:
    """What was held against the facts and did not fit, each with its reason."""
    if not claims:
        return []
    lines = [f"• {clip(one_line(c.text), 420)} [{', '.join(c.cites[:4])}]{_doubt(c)}" for c in claims[:CHILDREN]]
    return [fold(f"Ruled out ({len(claims)})", [plain_section(line) for line in lines])]


def evidence(diagnosis: Diagnosis, read: Sequence[Evidence]) -> list[Block]:
    """What the answer cites: when, what was asked, what came."""
    cited = {i for h in diagnosis.hypotheses for c in (*h.claims_for, *h.claims_against) for i in c.cites}
    cited |= {i for c in diagnosis.ruled_out for i in c.cites}
    cited |= {i for c in diagnosis.commands for i in re.findall(r"\bE\d+\b", c.why)}
    shown = [e for e in read if e.id in cited]
    if not shown:
        return []
    return [fold(f"Evidence ({len(shown)} of {len(read)} reads)", [_piece(e) for e in shown[:CHILDREN]])]


def patch(proposed: Patch | None) -> list[Block]:
    """The diff, and what a human would run to propose it; one too long for a message is only told of."""
    if proposed is None:
        return []
    whole = len(proposed.diff) <= SECTION
    shown = code(proposed.diff) if whole else paragraph(literal("Too long for a message; it is on record."))
    steps = code("\n".join(proposal_commands(proposed)))
    told = paragraph(literal(f"In a clone, with the diff saved as {FILE}; you review it, you push it:"))
    return [fold(patch_title(proposed), [plain_section(proposed.why), rich(shown), rich(told, steps)])]


def _doubt(claim: Claim) -> str:
    return f" (partly: {clip(one_line(claim.why), 200)})" if claim.standing is Standing.PARTLY else ""


def _piece(piece: Evidence) -> Block:
    state = "" if piece.outcome is Outcome.OK else f" [{piece.outcome.value}]"
    asked = ", ".join(f"{k}: {v if isinstance(v, str) else json.dumps(v)}" for k, v in piece.request.items())
    lines = [
        f"{piece.id} {piece.source} · {piece.tool}{state} · read {piece.read_at:%H:%M:%S} UTC",
        clip(one_line(piece.summary), 240),
        f"asked {clip(one_line(asked), 160)}" if asked else "",
    ]
    return plain_section("\n".join(line for line in lines if line))
