"""Recorded incidents as cases of a suite: what people said it was becomes what is expected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import ValidationError

from sre_advisor.evals.grading.terms import says
from sre_advisor.evals.imports.writing import Imported
from sre_advisor.evals.suites.expectation import Cause, Expectation
from sre_advisor.evals.trouble import EvalTrouble, first_of
from sre_advisor.model import Catalogue, Change, Verdict
from sre_advisor.replay.archive import is_archive
from sre_advisor.replay.broken import BrokenRecording
from sre_advisor.replay.opening import Recording, open_recording
from sre_advisor.replay.parts import MANIFEST

ARCHIVES = (".tar.gz", ".tgz", ".zip")
NEEDS_JUDGE = "needs_judge"
FEWEST, MOST_WORDS = 4, 12
"""Letters of a word that tells something of a mechanism, and how many such words are taken."""
_QUIET = re.compile(
    r"\b(?:nothing (?:was |is )?(?:really )?wrong|false alarm|no (?:real )?(?:problem|incident|outage))\b",
    re.IGNORECASE,
)
_SHA = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{7,40}(?![0-9A-Za-z])")
_WORD = re.compile(r"[^\W\d_][\w]*")
_EMPTY_TEXT = (
    "about after again also because been before being began both caused cause change changed commit could deploy "
    "deployed does during from have having here incident into issue just made make more most much only other over "
    "problem really released release service since some such than that their them then there these they this those "
    "time under until very version was were what when where which while with without would"
)
_EMPTY = frozenset(_EMPTY_TEXT.split())


def find_recordings(sources: Iterable[Path]) -> list[Path]:
    """The recordings named, and those that lie in the folders named."""
    found: list[Path] = []
    for source in sources:
        if is_archive(source) or (source / MANIFEST).is_file():
            found.append(source)
        elif source.is_dir():
            inside = sorted(p for p in source.iterdir() if p.name.endswith(ARCHIVES) or (p / MANIFEST).is_file())
            found += inside
    return found


async def read_recorded(places: Sequence[Path]) -> tuple[list[Imported], list[str]]:
    """A case for each recording of which somebody told what it was, and the names of the others.

    Raises EvalTrouble for the first that cannot be read.
    """
    cases: list[Imported] = []
    without: list[str] = []
    for place in places:
        try:
            async with open_recording(place, use_prometheus=False) as recording:
                expected = expected_of(recording)
        except BrokenRecording as broken:
            raise EvalTrouble(f"{place}: {broken}") from None
        except ValidationError as error:
            raise EvalTrouble(f"{place}: expectation.json: {first_of(error)}; see docs/reference/suites.md") from None
        if expected is None:
            without.append(place.name)
            continue
        name = _name(place, [case.id for case in cases])
        files = _files(place)
        where = f"{name}/{next(iter(files))}" if is_archive(place) else f"{name}/recording"
        cases.append(Imported(name, files, expected.model_copy(update={"recording": where})))
    return cases, without


def _files(place: Path) -> dict[str, bytes]:
    if is_archive(place):
        ending = next((e for e in ARCHIVES if place.name.endswith(e)), ".tar.gz")
        return {f"recording{ending}": place.read_bytes()}
    kept = (p for p in sorted(place.rglob("*")) if p.is_file() and not p.is_symlink())
    return {f"recording/{p.relative_to(place).as_posix()}": p.read_bytes() for p in kept}


def _name(place: Path, taken: Sequence[str]) -> str:
    plain = place.name
    for ending in ARCHIVES:
        plain = plain.removesuffix(ending)
    plain = "".join(c if c.isalnum() or c in "-_." else "-" for c in plain).strip(".") or "incident"
    number = sum(name == plain or name.startswith(f"{plain}~") for name in taken)
    return f"{plain}~{number + 1}" if number else plain


def expected_of(recording: Recording) -> Expectation | None:
    """What the recording's own expectation.json says, else what people told; None where nobody told anything."""
    if recording.expectation is not None:
        return Expectation.model_validate(recording.expectation)
    told = recording.outcome
    answered = next((said.text for said in reversed(recording.thread) if said.who == "advisor"), "")
    words = (told.cause or (answered if told.confirmed else "")) if told else ""
    if not words.strip():
        return None
    return expected_from(words, told.remedy if told else "", recording.catalogue, recording.world.changes)


def expected_from(cause: str, remedy: str, catalogue: Catalogue, changes: Sequence[Change]) -> Expectation:
    """An expectation in the words of whoever told the cause: services and changes as far as they are named in it.

    Words of the mechanism are alternatives, as nobody repeats another's sentence. Where neither a service nor a change
    is named, code can tell little, and the case is tagged for a judge.
    """
    note = f"told: {cause}" + (f"; fixed by: {remedy}" if remedy else "")
    if _QUIET.search(cause):
        return Expectation(
            verdict=(Verdict.NOTHING_WRONG,), rubric=(cause[:500],), tags=("incident",), note=note[:2000]
        )
    names = {n: s.name for s in catalogue.services for n in (s.name, *s.aliases)}
    services = tuple(dict.fromkeys(names[n] for n in names if _names(cause, n)))
    guilty = tuple(dict.fromkeys(i for c in changes if _blames(cause, c) for i in (c.id, c.commit) if i))
    known = {word for name in (*names, *guilty) for word in _words(name)}
    telling = tuple(dict.fromkeys(w for w in _words(cause) if w not in known and says(cause, [[w]])))[:MOST_WORDS]
    tags = ("incident",) if services or guilty else ("incident", NEEDS_JUDGE)
    return Expectation(
        cause=Cause(service=services, change=guilty or None, mechanism=(telling,) if telling else ()),
        rubric=(cause[:500],), tags=tags, note=note[:2000],
    )  # fmt: skip


def _names(text: str, name: str) -> bool:
    """Whether the whole name stands in the text and is not denied there: "api" does not stand in "api-gateway"."""
    whole = re.search(rf"(?<![\w-]){re.escape(name.casefold())}(?![\w-])", text.casefold())
    return whole is not None and says(text, [[name]])


def _blames(text: str, change: Change) -> bool:
    ids = [i.casefold() for i in (change.id, change.commit) if i]
    shas = _SHA.findall(text.casefold())
    return any(_names(text, i) for i in ids) or any(i.startswith(sha) for i in ids for sha in shas)


def _words(text: str) -> list[str]:
    found: list[str] = _WORD.findall(text.casefold())
    return [w for w in found if len(w) >= FEWEST and w not in _EMPTY]
