"""Verdicts of people and of a model as judge, kept beside the suite, and how far the two agree."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from sre_advisor.evals.statistics.tests import kappa
from sre_advisor.evals.trials.trial import Trial
from sre_advisor.evals.trouble import EvalTrouble
from sre_advisor.model import Diagnosis

Said = Literal["right", "wrong", "unsure"]


class Label(BaseModel):
    """One verdict on one answer; `answer` is a digest of it, so that who gave it stays out of sight."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case: str
    answer: str
    said: Said
    by: Literal["human", "model"]
    who: str
    why: str = ""
    at: datetime


class Agreement(BaseModel):
    """How far two judges agree over the answers both judged; kappa is None where chance explains all of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answers: int
    agreed: int
    kappa: float | None

    def words(self, one: str, other: str) -> str:
        """In one line."""
        if not self.answers:
            return f"{one} and {other}: no answer was judged by both"
        figure = "kappa cannot be told, both said only one thing" if self.kappa is None else f"kappa {self.kappa:.2f}"
        return f"{one} and {other} agree on {self.agreed} of {self.answers} answers ({figure})"


def digest(diagnosis: Diagnosis) -> str:
    """What names an answer without its author: the same words are the same answer."""
    plain = diagnosis.model_copy(update={"advisor": ""})
    return hashlib.sha256(plain.model_dump_json().encode()).hexdigest()[:16]


def read_labels(file: Path) -> list[Label]:
    """Every label in the file; a last line that was never finished is as if never written; raises EvalTrouble."""
    if not file.exists():
        return []
    whole, _, _ = file.read_bytes().rpartition(b"\n")
    found: list[Label] = []
    for number, line in enumerate(whole.split(b"\n"), 1):
        if line.strip():
            try:
                found.append(Label.model_validate_json(line))
            except ValidationError:
                raise EvalTrouble(f"{file}, line {number}: is no label; correct or remove the line") from None
    return found


def append_label(file: Path, label: Label) -> None:
    """Keep a label for good; raises EvalTrouble."""
    try:
        with file.open("ab") as stream:
            stream.write(label.model_dump_json().encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise EvalTrouble(f"{file}: cannot be written ({error.strerror}); name another by --labels") from None


def agreement(one: dict[tuple[str, str], str], other: dict[tuple[str, str], str]) -> Agreement:
    """Two judges' words by (case, answer); what either was unsure of is left out."""
    both = [k for k in one.keys() & other.keys() if "unsure" not in (one[k], other[k])]
    pairs = [(one[k], other[k]) for k in sorted(both)]
    return Agreement(answers=len(pairs), agreed=sum(a == b for a, b in pairs), kappa=kappa(pairs))


def words_of(labels: Sequence[Label], by: str) -> dict[tuple[str, str], str]:
    """A kind of judge's newest word on each answer."""
    return {(label.case, label.answer): label.said for label in labels if label.by == by}


def words_of_code(trials: Sequence[Trial]) -> dict[tuple[str, str], str]:
    """What the code's grade says of each answer."""
    return {
        (t.case, digest(t.diagnosis)): "right" if t.grade.cause_found else "wrong"
        for t in trials
        if t.grade and t.diagnosis
    }
