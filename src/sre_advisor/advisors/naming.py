"""Which services a question names, and which it seems to name that nobody knows. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from sre_advisor.model import Catalogue

NEAR = 0.7
"""Likeness (difflib's ratio) from which a name may be a slip of the fingers."""
_STATES = (
    r"failing|fails|failed|down|slow|slower|broken|red|unhealthy|degraded|erroring|timing|throwing|returning|crashing|"
    r"flapping|hanging|dying|restarting|unavailable|unreachable|out|acting|misbehaving|stuck|ok|okay|fine|healthy|up"
)
_STATE = re.compile(_STATES)
_CANDIDATES = (
    re.compile(rf"\b(?:is|are|does|do|did|has|was|were)\s+(?:the\s+)?([\w.\-]+)\s+(?:service\s+)?(?:{_STATES})\b"),
    re.compile(rf"^(?:the\s+)?([\w.\-]+)\s+(?:service\s+)?(?:is|are|keeps?|looks?)\s+(?:{_STATES})\b"),
    re.compile(r"\b(?:wrong|up|going on|happening|matter|problems?|trouble)\s+(?:with|in|on)\s+(?:the\s+)?([\w.\-]+)"),
    re.compile(r"\b(?:what|how)\s+about\s+(?:the\s+)?([\w.\-]+)"),
    re.compile(r"\bservice\s+([\w.\-]+)"),
)
_NO_NAMES_TEXT = (
    "a an and all any anything everything everyone it its that this these those they them we you i he she there here "
    "what who why how when where site website app application system systems service services prod production "
    "cluster thing things page pages shop store users customers us our my your some something nothing now today still "
    "so really just is are was the alert alerts error errors latency traffic deploy deploys change changes"
)
_NO_NAMES = frozenset(_NO_NAMES_TEXT.split())


def named_services(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The services the text names, by name or alias, as whole words."""
    words = f" {''.join(c if c.isalnum() or c in '-_.' else ' ' for c in text.casefold())} ".replace(". ", " ")
    return tuple(
        s.name for s in catalogue.services if any(f" {n.casefold()} " in words for n in (s.name, *s.aliases) if n)
    )


def known_names(catalogue: Catalogue, others: Iterable[str] = ()) -> tuple[str, ...]:
    """Every name and alias of the catalogue, and names seen elsewhere."""
    own = [n for s in catalogue.services for n in (s.name, *s.aliases)]
    return tuple(dict.fromkeys([*own, *(n for edge in catalogue.graph for n in edge), *others]))


def unknown_names(text: str, known: Iterable[str]) -> tuple[str, ...]:
    """Words that stand where a service's name would and are none; only where some services are known at all."""
    names = {n.casefold() for n in known}
    if not names:
        return ()
    said = " ".join(text.casefold().split())[:2000]
    found = (m.strip(".-") for pattern in _CANDIDATES for m in pattern.findall(said))
    return tuple(
        dict.fromkeys(
            w for w in found if len(w) > 1 and w not in _NO_NAMES and w not in names and not _STATE.fullmatch(w)
        )
    )[:3]


def near_names(name: str, catalogue: Catalogue, others: Iterable[str] = ()) -> tuple[str, ...]:
    """Up to three services whose name or alias looks like this one."""
    by_fold = {n.casefold(): n for n in known_names(catalogue, others)}
    alike = (by_fold[n] for n in get_close_matches(name.casefold(), list(by_fold), 4, NEAR))
    return tuple(dict.fromkeys(s.name if (s := catalogue.find(n)) else n for n in alike))[:3]


def unknown_words(name: str, catalogue: Catalogue, others: Iterable[str] = ()) -> str:
    """The sentence that says so and what it might have meant."""
    seen = tuple(others)
    near = near_names(name, catalogue, seen)
    listed = sorted({s.name for s in catalogue.services} or set(seen))
    hint = f"did you mean {' or '.join(near)}?" if near else f"I know {', '.join(listed[:12])}."
    return f"“{name[:60]}” is no service I know: {hint}"
