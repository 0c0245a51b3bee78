"""Saying an answer on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from sre_advisor.investigate.answer import Answer
from sre_advisor.model import (
    CommandLabel,
    Diagnosis,
    Evidence,
    FirstLook,
    Hypothesis,
    Line,
    Question,
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
    CommandLabel.READ_ONLY: "reads",
    CommandLabel.READS_SECRET: "reads a secret",
    CommandLabel.CHANGES_STATE: "CHANGES STATE",
    CommandLabel.UNKNOWN: "unknown: treat as changing",
}


class TerminalVoice:
    """Prints the first look when it is there and the diagnosis when it is made."""

    def __init__(self, console: Console) -> None:
        self._console = console

    async def first_look(self, question: Question, look: FirstLook, evidence: tuple[Evidence, ...]) -> None:
        """Print the first look."""
        del question, evidence
        say = self._console.print
        say(f"[bold]First look[/bold]  {escape(look.headline)}")
        for title, lines in (
            ("Firing", look.firing),
            ("Moved", look.moved),
            ("Changed", look.changed),
            ("Runbook", look.runbook),
            ("Owners", look.owners),
            ("Not seen", look.unread),
        ):
            self._section(title, lines)
        say()

    async def answer(self, answer: Answer) -> None:
        """Print the diagnosis."""
        self._diagnosis(answer.diagnosis)
        for trouble in answer.trouble:
            self._console.print(f"[yellow]Note:[/yellow] {escape(trouble)}")
        self._console.print(
            f"[dim]{escape(answer.advisor)} · {answer.model_calls} model calls · {answer.tool_calls} reads · "
            f"{answer.cost_usd:.4f} USD · {answer.duration_s:.1f} s · read-only: nothing was changed[/dim]"
        )

    def _section(self, title: str, lines: tuple[Line, ...]) -> None:
        for number, line in enumerate(lines):
            head = f"{title:>9}" if number == 0 else " " * 9
            cites = f" [dim]{escape('[' + ', '.join(line.cites) + ']')}[/dim]" if line.cites else ""
            self._console.print(Padding(f"[cyan]{head}[/cyan]  {escape(line.text)}{cites}", (0, 0, 0, 0)))

    def _diagnosis(self, diagnosis: Diagnosis) -> None:
        say = self._console.print
        say(f"[bold]{VERDICTS[diagnosis.verdict]}[/bold]  {escape(diagnosis.summary)}")
        for number, hypothesis in enumerate(diagnosis.hypotheses, 1):
            self._hypothesis(number, hypothesis)
        for claim in diagnosis.ruled_out:
            say(f"[cyan]Ruled out[/cyan]  {escape(claim.text)} [dim]{escape(_cites(claim.cites))}[/dim]")
        for gap in diagnosis.not_checked:
            say(f"[cyan]Not checked[/cyan]  {escape(gap)}")
        if diagnosis.claims_dropped:
            say(f"[yellow]{diagnosis.claims_dropped} claims did not hold and were dropped.[/yellow]")
        for command in diagnosis.commands:
            self._command(command)

    def _hypothesis(self, number: int, hypothesis: Hypothesis) -> None:
        say = self._console.print
        say(f"  {number}. {escape(hypothesis.statement)}  [bold]({hypothesis.confidence.value} confidence)[/bold]")
        for sign, claims in (("+", hypothesis.claims_for), ("-", hypothesis.claims_against)):
            for claim in claims:
                say(f"     {sign} {escape(claim.text)} [dim]{escape(_cites(claim.cites))}[/dim]")
        if hypothesis.would_disprove:
            say(f"     ? would disprove it: {escape(hypothesis.would_disprove)}")
        for cap in hypothesis.caps:
            say(f"     [dim]confidence capped: {escape(cap)}[/dim]")

    def _command(self, command: SuggestedCommand) -> None:
        if_confirmed = "" if command.label is CommandLabel.READ_ONLY else "if confirmed, you run it: "
        self._console.print(f"[cyan]Command[/cyan]  {if_confirmed}{escape(command.command)}", soft_wrap=True)
        why = f"; {command.why}" if command.why else ""
        self._console.print(
            f"           [dim]{LABELS[command.label]}: {escape(command.blast_radius)}{escape(why)}[/dim]"
        )
        if command.label in (CommandLabel.CHANGES_STATE, CommandLabel.UNKNOWN):
            self._console.print(f"           [dim]rollback: {escape(command.rollback or 'none given')}[/dim]")


def _cites(ids: tuple[str, ...]) -> str:
    return f"[{', '.join(ids)}]"
