"""Who calls whom, as the evidence draws it: edges, arrows, columns, lists of callers, metrics read at either end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from sre_advisor.investigate.checking.evidence.decoding import decoded
from sre_advisor.investigate.checking.evidence.names import bare
from sre_advisor.investigate.checking.evidence.row import Source
from sre_advisor.investigate.checking.words.lexicon import is_ordinary

Edge = tuple[str, str]
"""(caller, callee) in bare names."""
_CALLER = frozenset(("caller", "client", "from", "consumer", "parent", "src", "source_service", "dependent", "origin"))
_CALLEE = frozenset(
    ("callee", "server", "to", "target", "dest", "destination", "child", "dst", "dependency", "peer", "called")
)
_LISTS = {"callees": True, "calls": True, "dependencies": True, "dependson": True, "callers": False, "clients": False,
          "calledby": False, "dependents": False, "consumers": False}  # fmt: skip
"""Fields that list the other ends of a name's calls; whether the name is the one that calls."""
_EDGES = frozenset(("edges", "graph", "calls", "links", "topology", "callgraph", "dependencies"))
_NAME = r"[A-Za-z][\w.@:/-]*(?<![:/.-])"
_ARROW = re.compile(rf"(?<![\w.@:/-])[\"'`\[]?({_NAME})[\"'`\]]?\s*(?:--?>|→|=>|⟶|->>)\s*(?=[\"'`\[]?({_NAME}))")
_ABOUT_CALLS = re.compile(
    r"\bcall|\bdepend|\bedges?\b|topolog|\bgraph|\bclient|\bserves?\b|upstream|downstream", re.IGNORECASE
)
_LIST = re.compile(
    rf"\b(?P<what>callers|clients|dependents|callees|dependencies|backends)\s(?:of|for)\s(?P<of>{_NAME})[^\w\n]+"
    rf"(?P<names>{_NAME}(?:(?:, ?(?:and )?| and | ){_NAME})*)",
    re.IGNORECASE,
)
_PER_LINE = re.compile(rf"^[\s*-]*(?P<of>{_NAME}):[ \t]+(?P<names>{_NAME}(?:, ?{_NAME})*)[ \t]*$", re.MULTILINE)
_TURNED = re.compile(r"callees?\s*(?::|->|→)\s*callers?|\bcallers of each\b|\bcalled by\b", re.IGNORECASE)
_SAID = re.compile(
    rf"(?<![\w.@:/-])({_NAME}) (?:calls|invokes|queries|depends on|relies on|talks to) (?:the )?({_NAME})"
)
_PEER = re.compile(
    rf"(?P<own>{_NAME})\{{[^}}\n]*\bpeer=[\"']?(?P<peer>{_NAME})[^}}\n]*\}}(?:[ \t]+(?P<server>server)_\w+)?"
)
_FIELD = re.compile(r"\b([a-z_]+)\s?[=:]\s?[\"']?([A-Za-z][\w.@:/-]*)")
_ENDS = re.compile(r"\b(?P<end>client|server)_\w+?_(?P<way>to|from)_(?P<other>[a-z][a-z0-9-]*)\b", re.IGNORECASE)


def edges(sources: Iterable[Source]) -> set[Edge]:
    """Every call that the evidence draws; what its sentences tell is not among them."""
    found: set[Edge] = set()
    for source in sources:
        body = source.body if source.body is not None else decoded(source.text)
        if body is not None:
            found |= set(_in_json(body, ""))
        elif source.text:
            found |= set(_in_text(source.text, source.label))
    return {(one, other) for one, other in found if one != other and one and other}


def _in_json(value: JsonValue, key: str) -> Iterator[Edge]:
    if isinstance(value, dict):
        yield from _between_ends(value)
        low = {k.casefold().replace("_", ""): v for k, v in _flat(value).items()}
        own = next((v for k, v in low.items() if k in ("service", "name", "node", "id") and isinstance(v, str)), None)
        for name, item in value.items():
            plain = name.casefold().replace("_", "")
            if own and plain in _LISTS and isinstance(item, list):
                yield from _listed(own, [i for i in item if isinstance(i, str)], calls=_LISTS[plain])
            elif isinstance(item, list) and (ends := _ends_in(item)):
                yield from _listed(name, ends[1], calls=ends[0])
            elif key in _EDGES and isinstance(item, list) and all(isinstance(i, str) for i in item):
                yield from _listed(name, [i for i in item if isinstance(i, str)], calls=True)
            else:
                yield from _in_json(item, plain)
    elif isinstance(value, list):
        pair = [i for i in value if isinstance(i, str)]
        if len(value) == len(pair) == 2 and key in ("", *_EDGES) and all(re.fullmatch(_NAME, p) for p in pair):
            yield bare(pair[0]), bare(pair[1])
        for item in value:
            yield from _in_json(item, key)
    elif isinstance(value, str) and _ABOUT_CALLS.search(f"{key} {value}"):
        yield from _in_text(value, key)


def _between_ends(value: dict[str, JsonValue]) -> Iterator[Edge]:
    """The call that an object tells of by a field for each of its ends."""
    low = {k.casefold().replace("_", ""): v for k, v in _flat(value).items()}
    one, other = (
        next((v for k, v in low.items() if k in some and isinstance(v, str)), None) for some in (_CALLER, _CALLEE)
    )
    if one and other:
        yield bare(one), bare(other)


def _flat(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """The object with the scalars of the objects in it, as its labels."""
    inner = {k: v for item in value.values() if isinstance(item, dict) for k, v in item.items()}
    return {k: v for k, v in {**inner, **value}.items() if not isinstance(v, (dict, list))}


def _ends_in(items: list[JsonValue]) -> tuple[bool, list[str]] | None:
    """The other ends of a name's calls, where each of its records tells just one; and whether the name calls them."""
    for calls, keys, others in ((True, _CALLEE, _CALLER), (False, _CALLER, _CALLEE)):
        ends = [
            str(v) for i in items if isinstance(i, dict) and not others & {k.casefold() for k in i}
            for k, v in i.items() if k.casefold() in keys and isinstance(v, str)
        ]  # fmt: skip
        if ends and len(ends) == len(items):
            return calls, ends
    return None


def _listed(own: str, names: Iterable[str], *, calls: bool) -> Iterator[Edge]:
    for name in names:
        yield (bare(own), bare(name)) if calls else (bare(name), bare(own))


def _in_text(text: str, label: str) -> Iterator[Edge]:
    for match in _ARROW.finditer(text):
        yield bare(match.group(1)), bare(match.group(2))
    for match in _SAID.finditer(text):
        if not (is_ordinary(match.group(1)) or is_ordinary(match.group(2))):
            yield bare(match.group(1)), bare(match.group(2))
    for match in _PEER.finditer(text):
        one, other = bare(match.group("own")), bare(match.group("peer"))
        yield (other, one) if match.group("server") else (one, other)
    if _ABOUT_CALLS.search(text) or _ABOUT_CALLS.search(label):
        turned = _TURNED.search(text) is not None
        for match in _PER_LINE.finditer(text):
            yield from _listed(match.group("of"), re.findall(_NAME, match.group("names")), calls=not turned)
        for match in _LIST.finditer(text):
            names = [n for n in re.findall(_NAME, match.group("names")) if n not in ("and", "none")]
            calls = match.group("what").casefold() in ("callees", "dependencies", "backends")
            yield from _listed(match.group("of"), names, calls=calls)
    lines = text.splitlines()
    yield from _in_columns(lines)
    for line in lines:
        fields = [(k, v) for k, v in _FIELD.findall(line)]
        one, other = (next((v for k, v in fields if k in some), None) for some in (_CALLER, _CALLEE))
        if one and other:
            yield bare(one), bare(other)


def _in_columns(lines: list[str]) -> Iterator[Edge]:
    """Lines under a heading with a column of callers and one of callees."""
    split = re.compile(r"\s*[|,;\t]\s*|\s{2,}|(?<=\S)\s(?=\S)")
    places: tuple[int, int] | None = None
    for line in lines:
        cells = [c.strip(" \"'`") for c in split.split(line.strip(" |"))]
        low = [c.casefold() for c in cells]
        at = [next((i for i, c in enumerate(low) if c in some), None) for some in (_CALLER, _CALLEE)]
        if at[0] is not None and at[1] is not None:
            places = (at[0], at[1])
        elif places and len(cells) > max(places) and all(re.fullmatch(_NAME, cells[i]) for i in places):
            yield bare(cells[places[0]]), bare(cells[places[1]])
        elif re.search(r"\w", line):
            places = None


def read_at(name: str, metric: str) -> Edge | None:
    """The call that a metric of a service is read of: "client_p50_s_to_cart" of shop is (shop, cart)."""
    match = _ENDS.search(metric)
    if match is None or (match.group("end").casefold() == "client") != (match.group("way").casefold() == "to"):
        return None
    other = bare(match.group("other"))
    return (bare(name), other) if match.group("way").casefold() == "to" else (other, bare(name))
