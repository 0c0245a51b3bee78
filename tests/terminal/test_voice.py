"""What stands on a terminal is text: nothing in it moves the cursor, opens a link or turns the direction."""

import io
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from sre_advisor.investigate.answer import Answer
from sre_advisor.model import (
    Claim,
    CommandLabel,
    Confidence,
    Diagnosis,
    FirstLook,
    Hypothesis,
    Line,
    Question,
    Standing,
    SuggestedCommand,
    Verdict,
)
from sre_advisor.terminal.voice import TerminalVoice

ASKED = Question("q1", "i1", "?", datetime(2026, 1, 1, tzinfo=UTC))
HOSTILE = st.text(max_size=30) | st.sampled_from(
    [
        "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07",
        "\x1b[2J\x9b31m",
        "safe \u202egnp.exe",
        "[red]x[/red]",
        "a\rb\x08",
    ]
)


@given(HOSTILE)
async def test_no_word_of_an_answer_reaches_the_terminal_as_a_command_to_it(text: str) -> None:
    claim = Claim(text=text, cites=("E1",), standing=Standing.PARTLY, why=text)
    command = SuggestedCommand(command=text, why=text, rollback=text, label=CommandLabel.CHANGES_STATE)
    hypothesis = Hypothesis(
        statement=text, confidence=Confidence.LOW, claims_for=(claim,), would_disprove=text, caps=(text,)
    )
    diagnosis = Diagnosis(
        verdict=Verdict.LIKELY_CAUSE, summary=text, hypotheses=(hypothesis,), ruled_out=(claim,), not_checked=(text,),
        commands=(command,),
    )  # fmt: skip
    look = FirstLook(headline=text, firing=(Line(text=text),))
    out = io.StringIO()
    voice = TerminalVoice(Console(file=out, width=100, force_terminal=False))
    await voice.first_look(ASKED, look, ())
    await voice.answer(Answer(ASKED, "a", look, diagnosis, (), 0, 0, 0.0, 1.0, (text,)))
    shown = out.getvalue()
    assert not {c for c in shown if ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0} - {"\n", "\t"}
    assert not set(shown) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200f")
