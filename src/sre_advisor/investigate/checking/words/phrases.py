"""What a sentence says came first, brought about or hit what: each statement as two phrases in that order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sre_advisor.investigate.checking.words.clock import blanked, moments
from sre_advisor.investigate.checking.words.connectives import (
    ADVERBIAL,
    CONNECTIVE,
    EARLIER,
    FIRST,
    LATER,
    LEADING,
    NEGATED,
    NORMAL,
    NOT_AN_OBJECT,
    PASSIVE_BEFORE,
    THEN,
    THEREFORE,
    WHAT,
    Sort,
    sort_of,
)

_QUOTED = re.compile(r"[“\"`«].*?[”\"`»]")
_SENTENCE = re.compile(r"(?<=[\w)\]”\"'])\.\s+(?=[A-Z“\"`'(])|\n+")
_SEGMENT = re.compile(r"\s*[;:](?=\s)\s*|\s[–—-]\s")
_CLAUSE = re.compile(
    r",?\s+(?:and|but|while|whereas|(?:even )?though|although|yet)\s+|,\s+(?:so|as|with|which|not)\s+|,\s+(?=then\b)"
)
_PART = re.compile(r"\s*[;,](?=\s)\s*(?:and |but )?|\s+and\s+")
_SHARED = re.compile(r"(?:,\s*|\b)(?:and|or)(?:\s\w+ly|\sthen|\slater)?,?\s*$", re.IGNORECASE)
"""An arm that ends so goes on with another verb of the same subject."""
_ONLY_A_TIME = re.compile(
    r"\W*(?:(?:just|only|about|some|a|an|the|few|couple|of|little|over|under|good|full|or|so|\d[\d.]*|half|"
    r"s|ms|secs?|seconds?|m|mins?|minutes?|h|hours?|moments?|day|week|long|shortly|soon|right|immediately|not|quite|"
    r"almost|nearly|barely|exactly|roughly|later|approximately|under|more|less|than|one|two|three|four|five|six|"
    r"seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|samples?|readings?)\W*)*",
    re.IGNORECASE,
)
_FOLLOWED_LATER = re.compile(
    r"\s+(?:it|them|that|suit|on|\d\S*|an?|some|about|not quite|nearly|almost|half|within|shortly|soon|moments?|"
    r"seconds?|minutes?)\s(?:\S+\s){0,4}?(?:later|after|afterwards)\b|\s(?:it|them|that|suit|on)\b",
    re.IGNORECASE,
)
_NO_CLAUSE = re.compile(r"\s*(?:from|to|at|by|with|over|of|up|down)\s", re.IGNORECASE)
_NEXT = re.compile(rf"{_CLAUSE.pattern}|,\s+(?=(?:from|to|by|up|down|having|after having)\s)")
_AT_ONCE = re.compile(r",?\s\(?(?:at|in|by)\s(?:the\s)?\d[\d:]+[^,;]{0,12}(?=[,;])")
"""The time of what came first, behind that word."""
_NOBODY = re.compile(r"\W*(?:nothing|nobody|no one|none|neither|no)\b", re.IGNORECASE)
_CHOSEN = re.compile(
    r"\W*(?:the|its|their)\s(?:last|latest|most recent|final|only|next|first)(?:\s[\w-]+){1,3}\s*", re.IGNORECASE
)
"""A thing that what follows chooses rather than dates: "the last release before the outage"."""
PREDICATE = re.compile(
    r"(?<=\s)(?:was|were|is|are|had|has|have|came|went|[a-z]{3,}ed|fell|rose|grew)\s.*|(?<=\s)[a-z]+ed\W*$",
    re.IGNORECASE,
)
"""What a part tells of its subject, which the other part may leave out."""
_ARM_LIMIT = 260


@dataclass(frozen=True, slots=True)
class Told:
    """One statement: `first` came before `after`; `before` is what the sentence had said until then."""

    first: str
    after: str
    causal: bool = False
    """As its cause, or as what hurt it."""
    timed: bool = True
    """Whether it tells of an order in time; who waits for whom does not."""
    before: str = ""
    back: bool = False
    """Whether the sentence tells `after` before it tells `first`."""


def statements(text: str) -> list[Told]:
    """Every statement of an order, a cause or a harm in the text, quotes read as names only."""
    masked = _QUOTED.sub(lambda m: "\0" * len(m.group()), text)
    found: list[Told] = []
    for start, end in _spans(masked, _SENTENCE):
        found += _in_sentence(text[start:end], masked[start:end])
    return [t for t in dict.fromkeys(found) if t.first.strip(" ,.;:") and t.after.strip(" ,.;:")]


def _spans(text: str, pattern: re.Pattern[str], start: int = 0) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for match in pattern.finditer(text, start):
        spans.append((start, match.start()))
        start = match.end()
    return [(a, b) for a, b in [*spans, (start, len(text))] if text[a:b].strip()]


def _in_sentence(text: str, masked: str) -> Iterator[Told]:
    segments = _spans(masked, _SEGMENT)
    yield from _firsts(text, masked)
    for i, (start, end) in enumerate(segments):
        before = text[segments[i - 1][0] : segments[i - 1][1]] if i else ""
        seg, mask = text[start:end], masked[start:end]
        yield from _later(seg, mask, before)
        what = WHAT.match(mask)
        if what:
            cause, effect = (seg[slice(*what.span(g))] for g in ("cause", "effect"))
            yield Told(cause, effect, causal=True, before=before)
            continue
        leading = LEADING.match(mask)
        if leading:
            one, other = (seg[slice(*leading.span(g))] for g in ("one", "other"))
            sort = sort_of(leading.group("word"), None)
            yield _told(sort, other, one, before)
            yield from _infix(other, mask[slice(*leading.span("other"))], f"{before} {one}")
        else:
            yield from _infix(seg, mask, before)


def _firsts(text: str, masked: str) -> Iterator[Told]:
    """A that "came first" before B; not "the first A" nor "first did A"."""
    match = FIRST.search(masked)
    if match is None or not re.search(r"\w{3}", masked[: match.start()]):
        return
    head, rest = text[: match.start()], text[match.end() :]
    rest = re.sub(r"^[^,;:]*?(?=,|;|:|\band\b|\bbut\b)", "", rest, count=1) if re.match(r"\s*\w", rest) else rest
    if time := _AT_ONCE.match(rest):  # "A broke first, at 12:45; B followed"
        head, rest = f"{head}{time.group()}", rest[time.end() :]
    rest = re.sub(r"^[\W]*(?:(?:and|but|then|while|with)\b)?\s*", "", rest)
    segments = _spans(head, _SEGMENT)
    head = head[segments[-1][0] :] if segments else head
    if re.search(r"\w{3}", rest) and not NEGATED.search(head[-18:]):
        yield Told(head, rest[:_ARM_LIMIT])


def _later(seg: str, mask: str, before: str) -> Iterator[Told]:
    """Each "A, and three minutes later B" and "A; B had begun earlier"."""
    parts = _spans(mask, _PART)
    for i, (start, end) in enumerate(parts):
        part, left = mask[start:end], seg[parts[i - 1][0] : parts[i - 1][1]] if i else before
        therefore = THEREFORE.search(part)
        late = therefore or LATER.search(part) or THEN.match(part)
        word = late or EARLIER.search(part)
        if word is None or not left.strip() or NEGATED.search(part[: word.start()][-12:]):
            continue
        mine = seg[start:end]
        if _NO_CLAUSE.match(mine) or moments(mine[: word.start()]):  # "from 2 % at 14:34 to 9 % a minute later"
            continue
        if _ONLY_A_TIME.fullmatch(LATER.sub("", EARLIER.sub("", THEREFORE.sub("", mine)))):
            if i + 1 == len(parts) and not late:
                continue  # "the last one was A, 49 seconds before it"
            mine = f"{mine} {seg[slice(*parts[i + 1])]}" if i + 1 < len(parts) else mine
        yield Told(left, mine, causal=therefore is not None) if late else Told(mine, left)


def _infix(seg: str, mask: str, before: str) -> Iterator[Told]:
    found = [m for m in CONNECTIVE.finditer(mask) if _links(m, mask)]
    aside = [m for m in found if ADVERBIAL.match(mask, m.end()) or m.group("gives") or m.group("waits")]
    for match in aside:  # "after 15:03" splits no clause, nor does who waits for whom
        time = ADVERBIAL.match(mask, match.end())
        head, tail = _last(seg[: match.start()]), seg[match.end() : time.end() if time else len(seg)]
        said = f"{before} {seg[: match.start() - len(head)]}"
        ends = time is None or not re.match(r"\W*\w", seg[time.end() :])
        if ends and re.search(r"\w{2}", head):
            yield _told(sort_of(match.group(), match.lastgroup), head, tail if time else _next(tail), said)
    links = [m for m in found if m not in aside]
    subject = ""
    for i, match in enumerate(links):
        start = links[i - 1].end() if i else 0
        end = links[i + 1].start() if i + 1 < len(links) else len(seg)
        whole = seg[start : match.start()]
        tail = seg[match.end() : end] if re.search(r"\w", seg[match.end() : end]) else seg[match.end() :]
        whole = subject if subject and _SHARED.search(whole) else _SHARED.sub("", whole)
        subject = head = _last(whole)
        yield from _of(match, head, _next(tail), f"{before} {seg[:start]} {whole[: len(whole) - len(head)]}")


def _of(match: re.Match[str], head: str, tail: str, before: str) -> Iterator[Told]:
    sort = sort_of(match.group(), match.lastgroup)
    if re.match(r"until|till", match.group(), re.IGNORECASE) and (NORMAL.search(head) or NEGATED.search(head)):
        sort = replace(sort, back=True)
    elif NEGATED.search(head[-22:]) or _NOBODY.match(head) or _CHOSEN.fullmatch(head):
        return
    if _ONLY_A_TIME.fullmatch(head):
        one, comma, other = tail.partition(",")
        if comma and sort.back:
            yield _told(sort, other, one, before)
        return
    if match.group().casefold().endswith("than") and (said := PREDICATE.search(head)):
        tail = f"{tail} {blanked(said.group())}"  # "A recovered sooner than B"
    yield _told(sort, head, tail, before)


def _links(match: re.Match[str], mask: str) -> bool:
    """Whether a connective has an arm on both sides and is no part of another form."""
    sort, head, tail = sort_of(match.group(), match.lastgroup), mask[: match.start()], mask[match.end() :]
    paired = tail.startswith(", ") and re.search(r",\s(?:and|or)\s(?:\w+ly\s)?$", head)  # "preceded, and set off, B"
    if not re.search(r"[\w\0]", head) or not (re.match(r"[\s\0]+\W*[\w\0]|\0", tail) or paired):
        return False
    if match.group("when") and not re.search(r"\b(?:already|still|long|had been)\b[^,;]*$", head, re.IGNORECASE):
        return False
    if CONNECTIVE.match(re.sub(r"^\W*(?:(?:and|or)\s)?(?:thus |so |then |thereby )?", "", tail)):
        return False
    if sort.verb and (PASSIVE_BEFORE.search(head) or (NOT_AN_OBJECT.match(tail) and not paired)):
        return False
    said = re.match(r"\s*(?:that|this|it|which|them|then|suit)\s*(?:[,.;]|$)", tail)
    if match.group().casefold().startswith("follow") and _FOLLOWED_LATER.match(tail):
        return False
    apart = re.search(r"\d\S*\s\w+\s*$", head)  # "A was it, 49 seconds before that"
    return not (said and (sort.back or apart)) and not re.search(r"\b(?:never|than|as|the day|week|not)\s*$", head)


def _told(sort: Sort, head: str, tail: str, before: str) -> Told:
    late = re.search(r",\s(?:namely\s)?at\s\d[^,]*$", tail)
    if late and (sort.back or moments(tail[: late.start()])) and not moments(head):
        # The time at the very end is that of what happened later.
        head, tail = head + late.group(), tail[: late.start()]
    one, other = (tail, head) if sort.back else (head, tail)
    return Told(one[-_ARM_LIMIT:], other[:_ARM_LIMIT], sort.causal, sort.timed, before.strip(), sort.back)


def _last(head: str) -> str:
    spans = _spans(head, _CLAUSE)
    last = head[spans[-1][0] :] if spans else head
    only = re.search(r"\w{3}", last) is not None and _ONLY_A_TIME.fullmatch(last) is not None
    return last if only or len(re.findall(r"\w{2,}", last)) > 1 else head


def _next(tail: str) -> str:
    spans = _spans(tail, _NEXT)
    return tail[: spans[0][1]] if spans and re.search(r"\w[\w-]", tail[: spans[0][1]]) else tail
