"""One claim against what it cites: what must stand there, where it must stand, and which way it must go."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sre_advisor.investigate.checking.absent import absent
from sre_advisor.investigate.checking.claimed import Claimed
from sre_advisor.investigate.checking.evidence.names import cited_inside
from sre_advisor.investigate.checking.evidence.row import Row, Source
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.figures.ranking import unsure_ranking
from sre_advisor.investigate.checking.times.order import unsure_order
from sre_advisor.investigate.checking.words.clock import blanked, in_dates
from sre_advisor.investigate.checking.words.lexicon import is_english
from sre_advisor.investigate.checking.words.numerals import in_clock, in_digits
from sre_advisor.investigate.checking.words.places import in_zones
from sre_advisor.investigate.checking.words.quantities import numbers
from sre_advisor.investigate.checking.words.quotes import quoted
from sre_advisor.investigate.checking.words.spoken import as_written
from sre_advisor.investigate.checking.wrong import wrong
from sre_advisor.model import Standing

CLAIM_LIMIT = 800
"""Characters of one claim; a longer one is many claims, and holding it against its evidence would take seconds."""


def judge(
    text: str,
    cites: Sequence[str],
    sources: Mapping[str, Source],
    services: frozenset[str] = frozenset(),
    parsed: dict[str, list[Row]] | None = None,
) -> tuple[Standing, str]:
    """The claim's standing and, unless it is supported, the reason in words; `parsed` keeps rows between claims."""
    unknown = [i for i in dict.fromkeys([*cites, *cited_inside(text)]) if i not in sources]
    if unknown:
        return Standing.UNSUPPORTED, f"cites {', '.join(unknown)}, which does not exist"
    if not cites or not text.strip() or len(text) > CLAIM_LIMIT:
        long = f"is no single fact: {CLAIM_LIMIT} characters are the most"
        return Standing.UNSUPPORTED, "cites nothing" if not cites else long if text.strip() else "says nothing"
    cited, rows = tuple(sources[i] for i in dict.fromkeys(cites)), {} if parsed is None else parsed
    first = Shelf(text, cited, services, rows)
    text = in_dates(in_zones(text, first.times), first.times)
    text = as_written(in_digits(in_clock(text, {m.second // 60 for m in first.times})), first.metrics)
    return _standing(Claimed(text, Shelf(text, cited, services, rows)), cites)


def absent_from(
    text: str, sources: Mapping[str, Source], services: frozenset[str], parsed: dict[str, list[Row]]
) -> list[str]:
    """Quotes, ids, services, times and figures of a sentence without citations that stand in none of the sources.

    Unlike for a claim, plain words that might be names, and quotes without figures, are let pass: a summary may be
    written in any language and quote the question.
    """
    unknown = [i for i in dict.fromkeys(cited_inside(text)) if i not in sources]
    shelf = Shelf(text, tuple(sources.values()), services, parsed)
    return [*unknown, *dict.fromkeys(absent(Claimed(text, shelf), strict=False))]


def _standing(claimed: Claimed, cites: Sequence[str]) -> tuple[Standing, str]:
    soft: list[str] = []
    missing = list(dict.fromkeys(absent(claimed, soft=soft)))
    if missing:
        return Standing.UNSUPPORTED, f"not in {', '.join(dict.fromkeys(cites))}: {', '.join(missing)}"
    why = next(wrong(claimed), None)
    if why:
        return Standing.UNSUPPORTED, why
    if not any(source.text.strip() or source.body not in (None, [], {}) for source in claimed.shelf.sources):
        return Standing.PARTLY, "the evidence cited holds no data"
    if soft:
        return Standing.PARTLY, f"could not be worked out from what it cites: {', '.join(dict.fromkeys(soft))}"
    unsure = unsure_order(claimed.text, claimed.shelf) or unsure_ranking(claimed.plain, claimed.shelf)
    return (Standing.PARTLY, unsure) if unsure else _thin(claimed)


def _thin(claimed: Claimed) -> tuple[Standing, str]:
    """A claim without anything to check is only as good as the words it shares with its evidence."""
    plain, shelf = claimed.plain, claimed.shelf
    figures = any(numbers(blanked(plain)))
    if quoted(claimed.text) or claimed.made or claimed.times or figures or shelf.services_in(plain):
        return Standing.SUPPORTED, ""
    words = {w.casefold() for w in re.findall(r"[^\W\d_]{4,}", plain)}
    shared = [w for w in words if shelf.knows(w[:6])]
    if len(shared) * 3 >= len(words):
        return Standing.SUPPORTED, ""
    if is_english(plain) and not shared:
        return Standing.UNSUPPORTED, "nothing of what it says stands in the evidence cited"
    return Standing.PARTLY, "it holds little that code can check"
