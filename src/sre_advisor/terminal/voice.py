"""Saying an answer on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from rich.console import Console, RenderableType
from rich.markup import escape as literal
from rich.table import Table

from sre_advisor.investigate.answer import Answer
from sre_advisor.investigate.chart import Chart
from sre_advisor.investigate.patching import FILE, patch_title, proposal_commands
from sre_advisor.investigate.visible import one_line, visible
from sre_advisor.model import (
    Claim,
    CommandLabel,
    Diagnosis,
    Evidence,
    FirstLook,
    Hypothesis,
    Line,
    Outcome,
    Patch,
    Question,
    Standing,
    SuggestedCommand,
    Verdict,
)

VERDICTS = {
    Verdict.LIKELY_CAUSE: "Likely cause",
    Verdict.COMPETING: "Competing hypotheses",
    Verdict.NOT_ENOUGH: "Not enough evidence",
    Verdict.NOTHING_WRONG: "Nothing seems wrong",
}
LABELS = {
    CommandLabel.READ_ONLY: "reads only",
    CommandLabel.READS_SECRET: "READS A SECRET",
    CommandLabel.CHANGES_STATE: "CHANGES STATE",
    CommandLabel.UNKNOWN: "UNKNOWN, treat as changing",
}
LABEL_WIDTH = 12


def escape(text: str) -> str:
    """The text as one line that the terminal shows as it is: no markup, no escape sequences."""
    return literal(one_line(text))


class TerminalVoice:
    """Prints the first look when it is there and the diagnosis when it is made."""

    def __init__(self, console: Console, patch_file: Path | None = None) -> None:
        """`patch_file` is where a proposed patch is kept; without one it is printed."""
        self._console, self._patch_file = console, patch_file

    async def first_look(self, question: Question, look: FirstLook, evidence: tuple[Evidence, ...]) -> None:
        """Print the first look."""
        del question, evidence
        self._rows(
            [
                ("[bold]First look[/]", [f"[bold]{escape(look.headline)}[/]"]),
                ("Firing", _lines(look.firing)),
                ("Moved", _lines(look.moved)),
                ("Changed", _lines(look.changed)),
                ("Runbook", _lines(look.runbook)),
                ("Owners", _lines(look.owners)),
                ("Not seen", _lines(look.unread)),
            ]
        )
        self._console.print()

    async def chart(self, question: Question, chart: Chart) -> None:
        """Nothing: a terminal shows no pictures (`ask --chart FILE` keeps one)."""
        del question, chart

    async def answer(self, answer: Answer) -> None:
        """Print the diagnosis."""
        diagnosis = answer.diagnosis
        self._console.print(f"[bold]{VERDICTS[diagnosis.verdict]}[/]: {escape(diagnosis.summary)}\n")
        self._rows(_diagnosis(diagnosis))
        if diagnosis.document:
            self._console.print(f"\n{escape(diagnosis.document)}\n")
        self._commands(diagnosis.commands)
        self._patch(diagnosis.patch)
        notes = [escape(t) for t in answer.trouble]
        if diagnosis.claims_dropped:
            notes.append(f"{diagnosis.claims_dropped} claims did not hold and were dropped.")
        self._rows([("[yellow]Note[/]", notes)])
        self._console.print()
        self._rows([("Evidence", [_piece(e) for e in answer.evidence])])
        self._console.print(f"\n[dim]{escape(_footer(answer))}[/]")

    def _patch(self, patch: Patch | None) -> None:
        if patch is None:
            return
        self._rows([("Patch", [escape(patch_title(patch)), escape(patch.why)])])
        if self._patch_file is None:
            self._console.print(escape(patch.diff), soft_wrap=True)
        for command in proposal_commands(patch, str(self._patch_file or FILE)):
            self._console.print(f"    {escape(command)}", soft_wrap=True)

    def _rows(self, rows: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Labels on the left, what they say on the right, wrapped beside and never below them."""
        table = Table.grid(padding=(0, 2))
        table.add_column(width=LABEL_WIDTH, style="cyan")
        table.add_column(ratio=1, overflow="fold")
        for label, lines in rows:
            for number, line in enumerate(lines):
                cells: tuple[RenderableType, ...] = (label if number == 0 else "", line)
                table.add_row(*cells)
        if table.row_count:
            self._console.print(table)

    def _commands(self, commands: Iterable[SuggestedCommand]) -> None:
        for (label, said), alike in groupby(commands, key=_told):
            self._rows([(label, [f"[dim]{escape(said)}[/]"])])
            for command in alike:
                self._console.print(f"    {literal(visible(command.command))}", soft_wrap=True)


def _told(command: SuggestedCommand) -> tuple[str, str]:
    reads = command.label is CommandLabel.READ_ONLY
    notes = [LABELS[command.label], "" if reads else command.blast_radius, command.why, command.expected_effect]
    notes += [f"rollback: {command.rollback}"] if command.rollback else []
    return "Look further" if reads else "If confirmed", " · ".join(n for n in notes if n)


def _diagnosis(diagnosis: Diagnosis) -> Iterator[tuple[str, Sequence[str]]]:
    for number, hypothesis in enumerate(diagnosis.hypotheses, 1):
        yield f"Cause {number}" if len(diagnosis.hypotheses) > 1 else "Cause", _hypothesis(hypothesis)
    yield "Ruled out", [_claim(c) for c in diagnosis.ruled_out]
    yield "Not checked", [escape(gap) for gap in diagnosis.not_checked]


def _hypothesis(hypothesis: Hypothesis) -> list[str]:
    lines = [f"[bold]{escape(hypothesis.statement)}[/] ({hypothesis.confidence.value} confidence)"]
    lines += [f"+ {_claim(c)}" for c in hypothesis.claims_for]
    lines += [f"- {_claim(c)}" for c in hypothesis.claims_against]
    if hypothesis.would_disprove:
        lines.append(f"? wrong if {escape(hypothesis.would_disprove)}")
    return [*lines, *(f"[dim]confidence capped: {escape(cap)}[/]" for cap in hypothesis.caps)]


def _lines(lines: Iterable[Line]) -> list[str]:
    return [escape(line.text) + _cites(line.cites) for line in lines]


def _claim(claim: Claim) -> str:
    doubt = f" [italic](partly: {escape(claim.why)})[/]" if claim.standing is Standing.PARTLY else ""
    return escape(claim.text) + _cites(claim.cites) + doubt


def _cites(ids: tuple[str, ...]) -> str:
    return f" [dim]{escape('[' + ', '.join(ids) + ']')}[/]" if ids else ""


def _piece(piece: Evidence) -> str:
    """One read: its id, where it was read, what came, and the page that shows it."""
    state = "" if piece.outcome is Outcome.OK else f" [{piece.outcome.value}]"
    link = f" {piece.link}" if piece.link else ""
    return f"[dim]{escape(f'{piece.id} {piece.source} {piece.tool}{state}: {piece.summary[:200]}{link}')}[/]"


def _footer(answer: Answer) -> str:
    calls = f"{answer.model_calls} model calls · {answer.cost_usd:.4f} USD · " if answer.model_calls else ""
    reads = f"{answer.tool_calls} reads · {answer.duration_s:.1f} s"
    return f"{answer.advisor} · {calls}{reads} · every claim checked · read-only: nothing was changed"
