"""Names in a text: of services, commits, alerts, metrics and files, known or recognised by how they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.words.clock import blanked
from sre_advisor.investigate.checking.words.lexicon import is_english, is_ordinary
from sre_advisor.investigate.checking.words.quantities import STATUS, measure, unit_of_name

_TOKEN = re.compile(r"(?<![\w])[A-Za-z0-9](?:[\w.:/@#+-]*[A-Za-z0-9_])?(?:\{[^}]*\})?")
_CITED = re.compile(r"(?<![\w-])E\d+\b")
_METRIC_WORDS = re.compile(
    r"(?:^|[_:])(?:seconds|milliseconds|ms|s|m|mi|bytes|total|ratio|pct|percent|count|sum|avg|max|min|p\d\d+|rate|"
    r"usage|latency|"
    r"errors?|requests?|duration|cpu|memory|mem|utili[sz]ation|connections?|5xx|4xx|uptime|depth|lag|saturation|"
    r"availability)(?:$|[_:{])",
    re.IGNORECASE,
)
_SIGNALS = (
    r"(?:errors?|error_ratio|latenc\w+|p\d{2,3}|cpu|memory|requests?|traffic|availability|throughput|pods?|"
    r"services?|logs?|logged|deploy\w*|"
    r"rose|rises|fell|falls|dropped|jumped|climbed|increased|decreased|spiked|failed|fails|is failing|stayed|"
    r"reached|returned|reported|"
    r"crashed|restarted|hit|went|saw|served|exceeded|peaked|http|http_\w+|success|response|queue|connections?|"
    r"pool|was released|caused|led)"
)
_SUBJECT = re.compile(rf"(?<![\w.-])(?=([A-Za-z][\w-]{{2,}})(?:['’]s?)?\s(?:service['’]?s?\s)?(?:\w+\s)?{_SIGNALS}\b)")
_OPENING = re.compile(
    r"^\W*(?:[Tt]he\s)?([a-z][\w-]{3,})(?:['’]s)?\s(?:got|is|was|has|had|throws?|threw|shows?|showed|runs?|ran|took|takes)\b"
)
_OBJECT = re.compile(
    r"\b(?:on|of|in|for|from|by|calls?|called|service|towards|against|upstream|downstream|hit|affected|"
    r"broke)\s(?:the\s)?"
    r"([A-Za-z][\w-]{2,})(?=\s|[,;:)]|\.(?!\w)|$)"
)
_JOINT = re.compile(r"[:/.]+")
"""What joins a service to what it was asked for ("cartservice:AddItem")."""
_ORDINARY_TAIL = re.compile(r"(?:[-_ ]?(?:service|svc|server|app))+$")
_SHA = re.compile(r"(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}")
_QUANTILE = re.compile(r"[pP](?:\d{2,3}|50)|\d{2}th")
_ORDINAL = re.compile(r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\\w+teenth)", re.IGNORECASE)
_INFLECTED = re.compile(r"(?:ly|ed|ous|able|ible|less|ful|wards?)$")
"""Endings of adverbs, verbs and adjectives, which name no service."""
_GENERIC = frozenset(("database", "databases", "kubernetes", "cluster", "clusters"))
_TAILS = ("-level", "-only", "-prone", "-free", "-based", "-related", "-like", "-wide", "-driven", "-heavy", "-side")
_ABBREVIATED = frozenset(("e.g", "i.e", "u.s", "a.m", "p.m"))
_PLAIN_PART = re.compile(r"[pP]\d{2,3}|[1-5]xx|\d+(?:ms|s|m|h|x|k)?", re.IGNORECASE)
_UNITISH = re.compile(
    r"[kKMGT]i?B(?:/s)?|\d+(?:\.\d+)?(?:[a-zA-Zµ%]{1,3}|fold|th|st|nd|rd)|[1-5]xx|\d+(?:[-–]\w+)+|\d[\d.,]*k?/[a-z]{1,4}|"
    r"(?:\d+(?:\.\d+)?(?:d|h|m|min|s|ms))+",
    re.IGNORECASE,
)
_RESOURCE = re.compile(r"[_/](?:[a-z0-9]+::)+[a-z0-9]+")
"""The kind of resource behind its name ("cart_AWS::ECS::Container")."""
_SIGNAL_PART = re.compile(
    r"(?:cpu|memory|mem|errors?|rate|latency|saturation|oom\w*|[45]xx|slo|timeouts?|ratio|p\d\d|availability|burn|usage)"
)
"""Parts of an alert's name rather than of a service's."""
_TECHNOLOGY = re.compile(r"(?!P\d|E\d)[A-Z]{1,4}\d{1,2}")
_ADJECTIVAL = re.compile(r"(?:ed|ant|ent|able|ible|ful|less|ous|ive|ary|ic|ish|most|wise)$")
_ALERT = re.compile(
    r"^\W*(?:alert|alertname|alert_name|alarm|name)[\"']?\s?[:=]\s?[\"']?([\w-]+)", re.IGNORECASE | re.MULTILINE
)
_RAISED = re.compile(r"\b(?:severity|starts?_?at|started_?at|state|fired|firing)\b", re.IGNORECASE)
"""What the record of an alert holds beside its name, which is no service's."""
_NUMBERED = re.compile(
    r"(?<![\w&])#(\d{2,})\b|"
    r"\b(?:build|pipeline|ticket|issue|PR|pull request|order|job|run|incident|case|no\.|number)\s"
    r"(\d{3,})(?![\w.:,%]|\s?%)|"
    r"(?<=\s)-(0\d{2,})\b"
)


@lru_cache(50_000)  # every word of the evidence is asked for with every claim
def bare(name: str) -> str:
    """The name as compared: without case, joints and the word service at its end."""
    low = re.sub(r"[\s_.:/-]+", "", _RESOURCE.sub("", name.casefold()))
    return _ORDINARY_TAIL.sub("", low) or low


def mentions(text: str, name: str) -> bool:
    """Whether the name stands in the text as a whole, not as a part of a longer name; both casefolded."""
    return name in text and _whole(name).search(text) is not None


@lru_cache(5_000)  # more names than re keeps patterns
def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")


def identifiers(text: str) -> list[str]:
    """Tokens that cannot be prose: with joints, digits among letters, or capitals inside."""
    found: list[str] = []
    for match in _TOKEN.finditer(blanked(text)):
        token = match.group().rstrip(".:/")
        if _CITED.fullmatch(token) or _UNITISH.fullmatch(token) or _QUANTILE.fullmatch(token):
            continue
        if _looks_made(token):
            found.append(token)
    return found


def nameable(tokens: Iterable[str]) -> list[str]:
    """Those that name one thing, and so must stand in the evidence; a compound adjective or a technology does not."""
    return [t for t in tokens if not (_TECHNOLOGY.fullmatch(t) or is_ordinary(t) or _is_adjective(t))]


def _is_adjective(token: str) -> bool:
    """Whether a word with hyphens says how something is ("expired-token", "security-relevant")."""
    parts = token.split("-")
    if len(parts) < 2 or not all(re.fullmatch(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}", p) for p in parts):
        return False
    return parts[0].endswith("ed") or _ADJECTIVAL.search(parts[-1]) is not None


def numbered(text: str) -> list[str]:
    """The digits of what is named by number: "#204", "build 204", "no. 204", "the -0808 rollout"."""
    return [next(g for g in m.groups() if g) for m in _NUMBERED.finditer(blanked(text))]


def statuses(text: str) -> list[str]:
    """Codes of HTTP named as such: "401s", "a 503", "the 429 ratio"."""
    return [m.group("code") for m in STATUS.finditer(text)]


def cited_inside(text: str) -> list[str]:
    """Ids of evidence named in the sentence itself."""
    return _CITED.findall(text)


@lru_cache(4_096)
def _looks_made(token: str) -> bool:
    if not re.search(r"[A-Za-z]", token):
        return bool(re.fullmatch(r"\d+(?:\.\d+){2,}(?::\d+)?", token))
    if re.search(r"[_:@#/{]", token) and not re.fullmatch(r"and/or|I/O|req/s|[A-Za-z]{1,4}/[A-Za-z]{1,4}", token):
        parts = [p for p in token.split("/") if p]
        return not ("/" in token and "_" not in token and all(is_ordinary(p) for p in parts) and len(parts) == 2)
    if _SHA.fullmatch(token) or re.search(r"[A-Za-z]\d|\d[A-Za-z]|[a-z][A-Z]", token):
        return True
    if "-" in token and "." not in token:
        if re.fullmatch(r"[A-Za-z]+(?:-[A-Za-z]+)*-\d+", token) and not token.casefold().startswith(("top-", "sev-")):
            return True
        tailed = token.casefold().endswith(_TAILS)
        return not tailed and not all(
            is_ordinary(p) or p.isdigit() or _PLAIN_PART.fullmatch(p) for p in token.split("-")
        )
    dotted = re.fullmatch(r"[A-Za-z][\w-]*(?:\.[\w-]+)+", token) is not None
    return (dotted and token.casefold() not in _ABBREVIATED) or (token.endswith("service") and token != "service")


def is_metric(token: str) -> bool:
    """Whether a name with joints is a metric's or a field's rather than a service's."""
    if "::" in token or not ("_" in token or ":" in token):
        return False
    return _METRIC_WORDS.search(token) is not None or bool(unit_of_name(token))


def candidates(text: str) -> list[str]:
    """Plain words that stand where a service's name would and are no everyday English."""
    if not is_english(text):
        return []
    plain = re.sub(r"\b(?:in|out of|the) order\b", " ", text)
    plain = blanked(plain)  # with the place of a zone
    found = [m.group(1) for pattern in (_SUBJECT, _OPENING, _OBJECT) for m in pattern.finditer(plain)]
    return [
        w
        for w in dict.fromkeys(found)
        if w.isalpha()
        and not w.isupper()
        and not is_ordinary(w)
        and not _QUANTILE.fullmatch(w)
        and not _ORDINAL.fullmatch(w)
        and w.casefold() not in _GENERIC
        and not _INFLECTED.search(w)
        and not measure(w)[0]
    ]


def universe(claim: str, rows: Sequence[Row], known: Iterable[str]) -> frozenset[str]:
    """Names of services that can be told apart here, casefolded: known, tagged in the evidence, or written like one."""
    names = {n.casefold() for n in known}
    names |= {n.casefold() for row in rows for n in row.names if len(n) > 2}
    texts = [row.full for row in rows if not row.names][:400]
    words = {c.casefold() for text in texts for c in candidates(text)}
    alerts = {
        m.group(1).casefold() for row in rows[:400] if _RAISED.search(row.text) for m in _ALERT.finditer(row.text)
    }
    said = [c.casefold() for c in candidates(claim) if not re.search(rf"\b{re.escape(c)}\s(?:alert|alarm)", claim)]
    words |= {c for c in said if any(mentions(row.text.casefold(), c) for row in rows[:400])}
    for text in (claim, *texts):
        made = identifiers(text)
        parts = [p for t in made for p in _JOINT.split(t) if len(p) < len(t) and p.endswith("service")]
        names |= {t.casefold() for t in (*made, *parts) if _is_service(t)}
    words -= alerts
    return frozenset(names | {w for w in words if not any(_is_short_for(w, n) for n in names)})


def _is_short_for(word: str, name: str) -> bool:
    """Whether the word may be short for the name it is run together with ("catalog", productcatalogservice)."""
    return word in name and bare(name) != word and not mentions(name.replace("-", " "), word)


def _is_service(token: str) -> bool:
    if "-to-" in token:
        return False
    jointed = re.fullmatch(r"[a-z]{2,}(?:-[a-z][a-z0-9]+)+", token) is not None and _SHA.search(token) is None
    alert = any(_SIGNAL_PART.fullmatch(p) for p in token.split("-"))
    return (token.endswith("service") or (jointed and not alert and not _is_adjective(token))) and not is_metric(token)


def present(names: Iterable[str], text: str) -> frozenset[str]:
    """Those of the names that stand in the text, in their bare form; a name inside a longer one does not count."""
    low = text.casefold()
    words = _words(low)
    return frozenset(b for n in names if (b := bare(n)) in words or mentions(low, n))


@lru_cache(2_048)  # rules ask again and again of the same clause
def _words(low: str) -> frozenset[str]:
    found = re.findall(r"[\w.:/-]+", low)
    words = {bare(w) for w in found} | {bare(w.strip(".:/-")) for w in found}
    words |= {bare(p) for w in re.findall(r"[\w:-]+(?:\.[\w:-]+)+", low) for p in w.split(".")[:1]}  # "cart.cpu_ratio"
    return frozenset(words | {bare(a + b) for a, b in pairwise(re.findall(r"[\w-]+", low))})
