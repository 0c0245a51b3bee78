"""Which services can have to do with what is wrong: where it shows, and what is up- or downstream of that. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sre_advisor.investigate.compose import UNRELATED
from sre_advisor.model import Catalogue, FirstLook
from sre_advisor.triage.propagation import callees, reach

MUTED = ("[silenced]", "[inhibited]")
PLAIN = 0.5
"""Least score, as a share of the first suspect's, of a service that is anomalous: among many some drift by chance."""


def vicinity(catalogue: Catalogue, look: FirstLook) -> frozenset[str] | None:
    """Names and aliases of the services that alert or left their usual range, and of all up- and downstream of them.

    An alert that is muted or looks unrelated speaks for its own service alone.
    None where that is not known: without a call graph, or while nothing shows anywhere.
    """
    graph = catalogue.graph
    known = {n for edge in graph for n in edge} | {s.name for s in catalogue.services}
    firing = [line.text for line in look.firing]
    related = [text for text in firing if not text.endswith(UNRELATED) and not any(m in text for m in MUTED)]
    first = max((s.score for s in look.services), default=0.0)
    anomalous = {s.name for s in look.services if s.onset is not None and s.score >= PLAIN * first}
    shows = anomalous | named("\n".join(related), known)
    if not graph or not shows:
        return None
    down, up = callees(graph), callees((callee, caller) for caller, callee in graph)
    near = named("\n".join(firing), known) | set(reach(down, tuple(shows))) | set(reach(up, tuple(shows)))
    aliases = {a for s in catalogue.services if s.name in near for a in s.aliases}
    return frozenset(near | aliases)


def named(text: str, names: Iterable[str]) -> set[str]:
    """The names that occur in a text as whole words, without regard to case."""
    return {n for n in names if n and re.search(rf"(?<![\w-]){re.escape(n)}(?![\w-])", text, re.IGNORECASE)}
