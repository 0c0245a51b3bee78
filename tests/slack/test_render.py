"""Whatever a diagnosis holds, the message keeps Slack's limits and every outside text stays literal."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sre_advisor.demo.local_slack.validate import check_message_blocks
from sre_advisor.investigate.answer import Answer
from sre_advisor.investigate.progress import Plan, Step
from sre_advisor.model import (
    Claim,
    CommandLabel,
    Confidence,
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
from sre_advisor.slack import render
from sre_advisor.slack.attachments import Attachment, attachments
from sre_advisor.slack.blocks import measure, seen
from sre_advisor.slack.fit import CHARACTERS
from sre_advisor.slack.pages import Pages
from sre_advisor.slack.plan import plan_message, settled_message

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAGES = Pages.of(["https://prometheus.example"])
HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "<!channel>", "<@U1>", "<https://evil.example|click>", "```", "x" * 5000, "\ud800", "\u202eabc",
            "*b* _i_ `c`", "", "<!date^1^{time}^https://evil.example|click>", "2026-13-99 13:50 UTC",
            "at 13:50:15 UTC on",
            "y" * 40_000, "ת" * 500, "`" * 900, "13:50 UTC " * 400,
        ]
    ),
)  # fmt: skip
IDS = st.lists(st.sampled_from(["E1", "E2", "E99"]), max_size=6).map(tuple)
LINES = st.lists(st.builds(Line, text=HOSTILE, cites=IDS), max_size=60).map(tuple)
CLAIMS = st.lists(
    st.builds(Claim, text=HOSTILE, cites=IDS, standing=st.sampled_from(Standing), why=HOSTILE), max_size=40
).map(tuple)
HYPOTHESES = st.lists(
    st.builds(
        Hypothesis, statement=HOSTILE, confidence=st.sampled_from(Confidence), claims_for=CLAIMS,
        claims_against=CLAIMS, would_disprove=HOSTILE, caps=st.lists(HOSTILE, max_size=5).map(tuple),
    ),
    max_size=3,
).map(tuple)  # fmt: skip
COMMANDS = st.lists(
    st.builds(
        SuggestedCommand, command=HOSTILE, why=HOSTILE, label=st.sampled_from(CommandLabel), blast_radius=HOSTILE,
        rollback=st.none() | HOSTILE,
    ),
    max_size=30,
).map(tuple)  # fmt: skip
PATCHES = st.builds(
    Patch, repository=HOSTILE, base_sha=HOSTILE, diff=HOSTILE, why=HOSTILE,
    files=st.lists(HOSTILE, max_size=9).map(tuple), added=st.integers(0, 9),
    removed=st.integers(0, 9), rules=st.none() | HOSTILE,
)  # fmt: skip
DIAGNOSES = st.builds(
    Diagnosis, verdict=st.sampled_from(Verdict), summary=HOSTILE.map(lambda t: t[:300]), hypotheses=HYPOTHESES,
    ruled_out=CLAIMS, not_checked=st.lists(HOSTILE, max_size=20).map(tuple), commands=COMMANDS, advisor=HOSTILE,
    patch=st.none() | PATCHES, document=HOSTILE,
)  # fmt: skip
LOOKS = st.builds(
    FirstLook, headline=HOSTILE, firing=LINES, moved=LINES, changed=LINES, runbook=LINES, owners=LINES, unread=LINES
)


def piece(number: int, text: str) -> Evidence:
    return Evidence(
        id=f"E{number}", source="prometheus", tool="t", request={"q": text}, outcome=Outcome.OK, read_at=NOW,
        summary=text, link="https://prometheus.example/graph",
    )  # fmt: skip


def strings(value: Any, key: str = "") -> list[tuple[str, str]]:
    if isinstance(value, str):
        return [(key, value)]
    if isinstance(value, dict):
        return [s for k, v in value.items() for s in strings(v, k)]
    return [s for v in value for s in strings(v, key)] if isinstance(value, (list, tuple)) else []


def blocks_of(value: Any, kind: str) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        here = [value] if value.get("type") == kind else []
        return here + [b for v in value.values() for b in blocks_of(v, kind)]
    return [b for v in value for b in blocks_of(v, kind)] if isinstance(value, (list, tuple)) else []


def hold(message: render.Message) -> None:
    if message.blocks:
        check_message_blocks(list(message.blocks))  # Slack's own rules, as the local Slack has them
    assert sum(measure(b) for b in message.blocks) <= CHARACTERS + 1_000
    assert message.text
    assert len(message.text) <= 4_000
    for text in blocks_of(message.blocks, "mrkdwn"):
        assert len(text["text"]) <= 3_000
        assert "<!channel>" not in text["text"]
        assert "<@" not in text["text"]
        assert "<http" not in text["text"]
    assert "<" not in message.text.replace("&lt;", "")
    for moment in blocks_of(message.blocks, "date"):
        assert moment["fallback"].endswith(" UTC")
        assert "url" not in moment
    for fold in blocks_of(message.blocks, "container"):
        assert len(fold["child_blocks"]) <= 10
    for link in blocks_of(message.blocks, "link"):
        assert link["url"] == "https://prometheus.example/graph"
    for key, text in strings(message.blocks):
        text.encode()  # no half surrogate pairs
        assert key != "text" or text
        assert not set(text) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\x00\x1b")


@settings(max_examples=60, deadline=None)
@given(DIAGNOSES, HOSTILE, st.booleans(), st.sets(st.sampled_from(["patch", "document"])))
def test_no_diagnosis_breaks_slacks_limits_or_smuggles_markup(
    diagnosis: Diagnosis, text: str, follows: bool, without: set[str]
) -> None:
    message = render.answer(given_answer(diagnosis, text, follows=follows), PAGES, frozenset(without))
    hold(message)
    hold(render.plain(message))
    assert message.blocks[-1]["type"] in {"actions", "context_actions"}  # whatever was cut, an answer can be judged


@settings(max_examples=60, deadline=None)
@given(DIAGNOSES, st.booleans())
def test_what_stands_above_the_commands_fits_a_phone(diagnosis: Diagnosis, follows: bool) -> None:
    bare = diagnosis.model_copy(update={"commands": (), "patch": None, "document": ""})
    blocks = render.answer(given_answer(bare, "x", follows=follows), PAGES).blocks
    footer = next(n for n, b in enumerate(blocks) if "read-only: nothing was changed" in str(b))
    prose = [b for b in blocks[:footer] if b["type"] != "container" and "Shortened" not in str(b)]
    assert seen(prose) <= render.PROSE + 60  # titles of lists


@settings(max_examples=60, deadline=None)
@given(DIAGNOSES)
def test_no_file_breaks_slacks_limits(diagnosis: Diagnosis) -> None:
    for _, file in attachments(given_answer(diagnosis, "x", follows=False)):
        assert isinstance(file, Attachment)
        assert 1 <= len(file.title) <= 150
        assert len(file.alt) <= 1_000
        assert "\n" not in file.title
        assert "https://" not in file.title


READS = st.lists(
    st.builds(
        Evidence, id=st.just("E1"), source=HOSTILE, tool=st.sampled_from(["a", "b", "c"]), request=st.just({}),
        outcome=st.sampled_from(Outcome), read_at=st.just(NOW), summary=HOSTILE,
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(READS, st.booleans(), st.booleans())
def test_no_plan_breaks_slacks_limits(reads: list[Evidence], looked: bool, answered_: bool) -> None:
    plan = Plan((Step("Alerts", frozenset("a")), Step("Runbooks", frozenset("b"), perhaps=True)))
    for read in reads:
        plan = plan.came(read)
    plan = plan.first_looked() if looked else plan
    hold(plan_message(plan))
    hold(settled_message(plan, 3.2, answered=answered_))


@settings(max_examples=60, deadline=None)
@given(LOOKS, HOSTILE)
def test_no_first_look_breaks_slacks_limits_or_smuggles_markup(look: FirstLook, text: str) -> None:
    hold(render.first_look(look, (piece(1, text),), PAGES))


def given_answer(diagnosis: Diagnosis, text: str, *, follows: bool) -> Answer:
    asked = Question("q1", "i1", "?", NOW, ts="2.0" if follows else "1.0", thread_ts="1.0")
    evidence = (piece(1, text), piece(2, text))
    return Answer(asked, "a", FirstLook(headline="h"), diagnosis, evidence, 0, 0, 0.0, 1.0, (text,))


def claim(text: str, *cites: str) -> Claim:
    return Claim(text=text, cites=cites, standing=Standing.SUPPORTED)


def diagnosed(**more: Any) -> Diagnosis:
    hypothesis = Hypothesis(statement="it was so", confidence=Confidence.LOW, claims_for=(claim("a fact", "E1"),))
    return Diagnosis(verdict=Verdict.LIKELY_CAUSE, summary="s", hypotheses=(hypothesis,), **more)


def answered(diagnosis: Diagnosis, evidence: tuple[Evidence, ...] = (), **where: Any) -> tuple[dict[str, Any], ...]:
    asked = Question("q1", "i1", "?", NOW, **where)
    return render.answer(Answer(asked, "a", FirstLook(headline="h"), diagnosis, evidence, 0, 0, 0.0, 1.0)).blocks


def test_times_reach_each_reader_in_their_own_zone_and_mean_the_day_of_the_evidence() -> None:
    read = piece(1, "x").model_copy(update={"window_end": datetime(2026, 3, 12, 14, tzinfo=UTC)})
    look = FirstLook(headline="h since 13:50:15 UTC", moved=(Line(text="since 2026-03-11 23:59 UTC"),))
    first, other = blocks_of(render.first_look(look, (read,)).blocks, "date")
    assert first["timestamp"] == int(datetime(2026, 3, 12, 13, 50, 15, tzinfo=UTC).timestamp())
    assert (first["format"], first["fallback"]) == ("{time_secs}", "13:50:15 UTC")
    assert other["timestamp"] == int(datetime(2026, 3, 11, 23, 59, tzinfo=UTC).timestamp())


def test_a_time_that_cannot_be_stays_text() -> None:
    message = render.first_look(FirstLook(headline="on 2026-13-45 13:50 UTC"), ())
    assert blocks_of(message.blocks, "date") == []
    assert ("text", "2026-13-45 13:50 UTC") in strings(message.blocks)


def test_what_was_ruled_out_and_the_evidence_are_folded_and_the_summary_comes_first() -> None:
    blocks = answered(diagnosed(ruled_out=(claim("not that", "E2"),)), (piece(1, "one"), piece(2, "two")))
    folds = [b["title"]["text"] for b in blocks if b["type"] == "container" and b["default_collapsed"]]
    assert folds == ["Ruled out (1)", "Evidence (2 of 2 reads)"]
    assert "Likely cause" in str(blocks[0])
    assert blocks[-1]["type"] == "actions"


def test_a_follow_up_shows_what_was_looked_at_without_a_click() -> None:
    blocks = answered(diagnosed(ruled_out=(claim("not that", "E2"),)), ts="2.0", thread_ts="1.0")
    assert "Follow-up" in str(blocks[0])
    assert "not that" in str([b for b in blocks if b["type"] == "rich_text"])


def test_a_changing_command_says_so_in_words_and_names_its_way_back() -> None:
    def command(text: str, label: CommandLabel, rollback: str | None = None) -> SuggestedCommand:
        return SuggestedCommand(command=text, why="from the runbook", label=label, rollback=rollback)

    reading = [command(f"kubectl get {n}", CommandLabel.READ_ONLY) for n in ("pods", "nodes")]
    changing = command("kubectl delete pod x", CommandLabel.CHANGES_STATE)
    undoing = command("kubectl scale x", CommandLabel.CHANGES_STATE, "kubectl scale back")
    blocks = answered(diagnosed(commands=(*reading, changing, undoing)))
    leads = [b["elements"][0]["elements"][0]["text"] for b in blocks if "preformatted" in str(b)]
    assert leads == ["To look further", "If confirmed, you run it", "If confirmed, you run it"]
    said = [b["elements"][0]["text"] for b in blocks if b["type"] == "context"]
    assert any("reads only" in s for s in said)
    assert any("changes state" in s and "no rollback given" in s for s in said)
    assert any("rollback: kubectl scale back" in s for s in said)
