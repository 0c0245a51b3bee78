"""When what a phrase speaks of happened: the event of the evidence that shares its names, ids, kind and words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sre_advisor.investigate.checking.evidence import directions
from sre_advisor.investigate.checking.evidence.directions import DOWN, UP, ways
from sre_advisor.investigate.checking.evidence.names import bare, identifiers, is_metric
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.times.actors import named
from sre_advisor.investigate.checking.times.courses import when_of
from sre_advisor.investigate.checking.times.events import ACTS, MINUTE, Event, kinds
from sre_advisor.investigate.checking.words.clock import Moment, blanked, moments
from sre_advisor.investigate.checking.words.quotes import quoted

_IDLE = frozenset(
    ("the", "and", "had", "was", "were", "only", "been", "has", "its", "that", "then", "this", "after", "before",
     "first", "came", "began", "begin", "started", "start", "later", "already", "itself", "which", "what", "with",
     "from", "into", "went", "when", "once", "there", "their", "them", "they", "about", "still", "minute", "minutes",
     "second", "seconds", "hour", "hours", "log", "logged", "lines", "line", "until", "being", "have", "anyone", "due",
     "because", "service", "appear", "trouble", "for", "not", "one", "did", "got", "get", "all", "out", "off", "are")
)  # fmt: skip
_MOVED = re.compile(
    r"slow|fail|collaps|spik|degrad|unavail|timing out|timed out|began|onset|moved?\b|above|below|past|over\b|exceed|"
    r"satur|peak|climb|high\b|recover|\bback\b|again\b|normal|settled",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\b(?:first|earliest|initial(?:ly)?)\b(?!\s\d)", re.IGNORECASE)
_LAST = re.compile(r"\b(?:last|final|latest|most recent)\b", re.IGNORECASE)
_DID = re.compile(
    r"\b(?:set(?! in\b)|cut|chang\w+|trimm\w+|lower\w+|rais\w+|appl\w+|merg\w+|commit\w*|attach\w*|"
    r"roll\w* (?:out|back)|publish\w*|deploy\w*|rollout|release\w*|enabl\w+|disabl\w+|switch\w+|turn\w+ o\w+|"
    r"put in|revert\w*|flag)\b",
    re.IGNORECASE,
)
"""Words of somebody's act, which no course of readings shows."""


_BEGINS = re.compile(r"\b(?:start(?:ed|s|ing)?|began|begins?|opened|kicked off|launch(?:ed|es))\b", re.IGNORECASE)
_ENDS = re.compile(
    r"\b(?:finish(?:ed|es)|complet(?:ed|es)|ended|ends|resolved|clos(?:ed|es)|stopped|done|over)\b", re.IGNORECASE
)
_TO = re.compile(r"\bto\s(true|false|on|off|\d[\d.]*\d|\d)\b(?!:)", re.IGNORECASE)
_NEW = re.compile(r"(?:\b(?:new|to|after|value)\s?[:=]\s?|(?:->|→|=>)\s?)(true|false|on|off|\d[\d.]*)\b", re.IGNORECASE)
_STRETCH = re.compile(r"\b\d+(?:\.\d+)?\s?(?:s|m|h|min|(?:second|sec|minute|hour)s?)\b", re.IGNORECASE)
_POLES = (
    ("begins", re.compile(r"\b(?:add(?:s|ed|ing)?|inject\w*|attach\w*|insert\w*|creat\w+)\b", re.IGNORECASE)),
    ("ends", re.compile(r"\b(?:del|delet\w+|remov\w+|detach\w*|lift\w*|drop(?:ped|s) the|took out)\b", re.IGNORECASE)),
)
"""Acts that are each other's opposite, of one thing at two times."""
NEARLY = 0.6


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when it can have happened, in seconds since the epoch; `read` when a course of readings tells."""

    early: int
    late: int
    read: bool = False
    place: int = -1
    """Where the line stands that tells it, when one line does."""
    text: str = ""
    samples: tuple[int, ...] = ()
    """When the course was read that tells it."""


def when(phrase: str, held: Sequence[Event], shelf: Shelf, known: frozenset[str], *, least: float = 2.0) -> list[Span]:
    """Each span in which it may have happened; none when nothing tells at least so much of it."""
    said = moments(phrase)
    if said:
        times = [m for r in shelf.rows for m in r.times]
        spans = [_said(m, times) for m in said]
        return [Span(min(s.early for s in spans), max(s.late for s in spans))]
    told = frozenset(k for e in held for k in e.kinds)
    scores = [_score(phrase, event, held, told, known) for event in held]
    best = max(scores, default=0.0)
    alone = sum(s > 0 for s in scores) == 1
    if best < least or (best < 3 and not alone and not _says_it_all(phrase, held[scores.index(best)].text)):
        return []
    scores = _of_the_act(kinds(phrase) & ACTS, held, scores, least)
    best = max(scores)
    if best <= 0:
        return []
    top = [e for e, s in zip(held, scores, strict=True) if s == best]
    if not kinds(phrase) & ACTS:  # "S complained": not its deploys
        top = [e for e in top if e.course or e.kinds - ACTS] or top
    near = [e for e, s in zip(held, scores, strict=True) if s >= 0.6 * best]
    found: list[Span] = []
    for event in top:
        if event.course and _is_state(phrase, event, held, known):
            found.append(Span(event.at, event.at + event.course[0].room, read=True))
        elif event.course:
            span = when_of(phrase, event.course)
            found += [Span(*span, read=True, samples=tuple(r.at for r in event.course))] if span else []
        elif _LAST.search(phrase):
            found.append(Span(event.last, event.last + event.room))
        else:
            ids = [i.casefold() for i in identifiers(phrase) if i.casefold() in event.text]
            found.append(_told(event, top, [e for e in near if all(i in e.text for i in ids)]))
    return list(dict.fromkeys(found))


def _of_the_act(acts: frozenset[str], held: Sequence[Event], scores: list[float], least: float) -> list[float]:
    """The scores, where one act is told only of what is such an act: "its rollout" is not the commit rolled out."""
    if len(acts) != 1:
        return scores
    enough = max(least, NEARLY * max(scores))
    fitting = [s if acts & e.kinds or not e.kinds & ACTS else 0.0 for e, s in zip(held, scores, strict=True)]
    if max(fitting) >= enough:
        return fitting
    if sum(bool(acts & e.kinds) for e in held) == 1:  # the one rollout there is, however little of it is told
        return [s if acts & e.kinds else 0.0 for e, s in zip(held, scores, strict=True)]
    return scores


def _is_state(phrase: str, event: Event, held: Sequence[Event], known: frozenset[str]) -> bool:
    """Whether the phrase names what only some readings of a service are marked with: "moved to partial_outage"."""
    marks = [i.casefold() for i in identifiers(phrase) if not is_metric(i) and not named(i, known)]
    marks = [m for m in marks if _holds(event.text, m)]
    others = [e for e in held if e.owner == event.owner and (e.course or e.at < event.at)]
    return any(not _holds(e.text, m) for m in marks for e in others)


def told_at(phrase: str, epoch: int, held: Sequence[Event], known: frozenset[str], *, room: int = MINUTE) -> bool:
    """Whether something that happened then, or `room` seconds from it, tells nearly as much of the phrase."""
    told = frozenset(k for e in held for k in e.kinds)
    scores = [_score(phrase, event, held, told, known) for event in held]
    acts = kinds(phrase) & ACTS
    best = max(zip(held, scores, strict=True), key=lambda pair: pair[1], default=None)
    sure = acts if best and acts & best[0].kinds else frozenset[str]()
    alike = [(e, s) for e, s in zip(held, scores, strict=True) if not sure or sure & e.kinds or not e.kinds & ACTS]
    there = [(e, s) for e, s in alike if any(abs(t - epoch) <= room for t in _times(e, phrase))]
    there = [(e, s) for e, s in there if _pole(phrase, e.text) >= 0]
    ids = [i.casefold() for i in identifiers(phrase) if not named(i, known)]
    if ids and any(all(_holds(e.text, i) for i in ids) for e, _ in there):
        return True
    then = [s for _, s in there]
    return max(then, default=0.0) >= NEARLY * max(scores, default=0.0)


def is_bare(phrase: str, known: frozenset[str]) -> bool:
    """Whether a phrase only names who, as what goes on about what was said of another before ("cart later, at …")."""
    words = re.findall(r"[^\W\d_][\w-]*", phrase)
    if re.search(r"\d", _STRETCH.sub(" ", " ".join(w for w in phrase.split() if not named(w, known)))):
        return False
    return all(w.casefold() in _IDLE or len(w) < 3 or named(w, known) for w in words)


def _times(event: Event, phrase: str) -> tuple[int, ...]:
    """When it was told, or only the first or the last time where the phrase speaks of that."""
    if event.repeats and _FIRST.search(phrase):
        return (event.at,)
    return (event.last,) if event.repeats and _LAST.search(phrase) else (event.at, event.last, *event.again)


def _told(event: Event, top: Sequence[Event], near: Sequence[Event]) -> Span:
    """When a line was told: lines alike of one service are one trouble, which begins with the first of them."""
    alike = [e for e in near if e.repeats and event.repeats and e.owner == event.owner and e.kinds & event.kinds - ACTS]
    first = min((e.at for e in alike), default=event.at)
    last = min([event.at, *(e.at for e in alike if e in top)]) + event.room
    return Span(min(first, event.at), last, place=event.place, text=event.text)


def _said(moment: Moment, times: Sequence[Moment]) -> Span:
    at = min((t.epoch for t in times if moment.is_at(t)), default=moment.epoch)
    return Span(at, at + (0 if moment.exact else MINUTE))


def _score(phrase: str, event: Event, held: Sequence[Event], told: frozenset[str], known: frozenset[str]) -> float:
    low = event.tells
    names = named(phrase, known)
    made = [
        i.casefold() for i in [*identifiers(phrase), *re.findall(r"(?<!\w)#\d{2,}", phrase)] if bare(i) not in names
    ]
    sorts = kinds(phrase)
    score = 5.0 * sum(_holds(low, i) for i in made) + 2.0 * len(sorts & event.kinds)
    score -= 1.5 * len(((sorts & ACTS) - event.kinds) & told)
    quotes = [q.casefold() for q in quoted(phrase)]
    score += 4.0 * sum(q in low for q in quotes)
    said = next(directions.pairs(event.text), None) if not event.course else None
    score += _pole(phrase, event.text) + _set_to(phrase, event.text)
    way = ways(phrase) & {UP, DOWN}
    if said and len(way) == 1:
        score += 2.0 if directions.way_of(*said) in way else -2.0
    score += 2.0 * sum(q in low for q in re.findall(r"\bp\d{2,3}\b", phrase.casefold()))
    bare_phrase = " ".join(w for w in phrase.split() if not named(w, known))
    stems = {_stem(w) for w in re.findall(r"[^\W\d_]{3,}", bare_phrase.casefold()) if w not in _IDLE}
    for stem in stems:
        if stem in low:
            score += 2.0 if sum(stem in e.text for e in held) == 1 else 1.0
    for n in set(re.findall(r"(?<![\w.:-])\d{2,6}(?![\w.:%-])", blanked(phrase))):
        score += 1.5 * (re.search(rf"(?<![\w.:]){n}(?![\w.:])", low) is not None)
    if (_ENDS.search(low) and _BEGINS.search(phrase)) or (_BEGINS.search(low) and _ENDS.search(phrase)):
        score -= 1.5 * (_ENDS.search(low) is None) + 1.5 * (_BEGINS.search(low) is None)
    if names:
        score += 3.0 if names[0] == event.owner else 2.0 if set(names) & event.names else 0.0
        score += 1.0 * len(set(names[1:]) & event.names)
        score -= 4.0 if event.names and not set(names) & event.names else 0.0
    if event.course:
        score += -2.0 if _DID.search(phrase) else 1.0 if way or _MOVED.search(phrase) else 0.0
    return score


def _set_to(phrase: str, text: str) -> float:
    """Whether both set something to one value ("switched to true"), where each tells of just one."""
    said, held = _TO.findall(phrase), _NEW.findall(text)
    if len(said) != 1 or len(held) != 1:
        return 0.0
    return 2.0 if said[0].casefold() == held[0].rstrip(".,;\"'").casefold() else -2.0


def _pole(phrase: str, text: str) -> float:
    """Whether both begin something or both end it, where each does just one of the two."""
    poles = [[pole for pole, words in _POLES if words.search(t)] for t in (phrase, text)]
    return (2.0 if poles[0] == poles[1] else -2.0) if all(len(p) == 1 for p in poles) else 0.0


def _stem(word: str) -> str:
    return re.sub(r"([b-df-hj-np-tv-z])\1?(?:ed|ing|es|s)$", r"\1", word)[:6] if len(word) > 4 else word


def _holds(text: str, token: str) -> bool:
    if re.fullmatch(r"[0-9a-f]{7,40}", token):
        return any(s.startswith(token) or token.startswith(s) for s in re.findall(r"[0-9a-f]{7,40}", text))
    return re.search(rf"(?<![\w#-]){re.escape(token)}(?![\w-])", text) is not None


def _says_it_all(phrase: str, text: str) -> bool:
    """Whether every word of a short phrase stands in the text."""
    words = [w for w in re.findall(r"[^\W\d_]{3,}", phrase.casefold()) if w not in _IDLE]
    return bool(words) and all(_stem(w) in text for w in words)
