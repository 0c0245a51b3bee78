"""An investigation's record as a page that a person can read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import JsonValue

from sre_advisor.journal.archive import Entry, event_of
from sre_advisor.journal.chain import Record
from sre_advisor.journal.events import (
    AskedPrivately,
    CommandRun,
    DiagnosisMade,
    Event,
    Expired,
    FirstLookMade,
    MessageIntended,
    MessageSent,
    ModelTurned,
    OutcomeTold,
    QuestionAnswered,
    QuestionAsked,
    QuestionJoined,
    QuestionRefused,
    QuestionStarted,
    RecordingBegun,
    RecordingEnded,
    StopAsked,
    ToolCalled,
    Voted,
)
from sre_advisor.model import Evidence, Outcome

E = TypeVar("E")
INDENT = "           "


def page(records: Sequence[Record]) -> str:
    """Everything on record about one investigation, in the order in which it happened, and what it came to."""
    told = [(record, event_of(record)) for record in records]
    events = [event for _, event in told if event is not None]
    lines = [f"Investigation {plain(records[0].investigation)}", *_head(records, events), ""]
    day = ""
    for record, event in told:
        if record.at[:10] != day:
            day = record.at[:10]
            lines += [f"{day} (UTC)"]
        said = _said(record, event)
        if said:
            lines.append(f"  {record.at[11:19]} {said[0]}")
            lines += [f"{INDENT}{line}" for line in said[1:]]
    return "\n".join(map(plain, [*lines, "", *_sums(events), ""]))


def entries_table(entries: Iterable[Entry]) -> str:
    """A line for each investigation: when it was touched last, its name, its records, who asked what."""
    lines: list[str] = []
    for entry in entries:
        words = _began(entry.began)
        name = plain(entry.investigation)
        lines.append(f"{plain(entry.newest_at[:19])}Z  {name}  {entry.records:>4} records  {clipped(words, 80)}")
    return "\n".join(lines)


def _began(event: QuestionAsked | RecordingBegun | None) -> str:
    match event:
        case QuestionAsked(asked=asked):
            return f"{_who(asked.asker)}: {asked.text}"
        case RecordingBegun():
            return _recording(event)[0]
        case None:
            return "(expired or not readable)"


def plain(text: str) -> str:
    """One line without control characters, for what outsiders wrote must not steer the terminal it is shown on."""
    return "".join(c if c.isprintable() else " " for c in text)


def clipped(text: str, limit: int) -> str:
    """At most so many characters of one plain line."""
    line = plain(text)
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _head(records: Sequence[Record], events: Sequence[Event]) -> list[str]:
    gone = sum(record.body is None for record in records)
    asked = _of(events, QuestionAsked)
    people = ", ".join(dict.fromkeys(_who(e.asked.asker) for e in asked))
    places = ", ".join(dict.fromkeys(e.asked.channel or "terminal" for e in asked))
    found = [f"  records    {records[0].seq} to {records[-1].seq}, {len(records)} of this investigation"]
    if asked:
        found += [f"  asked by   {plain(people)}", f"  where      {plain(places)}"]
    if gone:
        found.append(
            f"  expired    the content of {gone} records was deleted; `audit verify` tells whether it was meant"
        )
    return found


def _said(record: Record, event: Event | None) -> list[str]:
    if event is None:
        if record.body is None:
            return [f"{record.kind}: deleted by retention"]
        return [f"{plain(record.kind)}: cannot be read; run `sre-advisor audit verify`"]
    tell = _TOLD.get(type(event))
    return [plain(line) for line in tell(event)] if tell else []


def _recording(event: RecordingBegun) -> list[str]:
    return [f"recording of {event.of or 'a stretch of time'}: {event.text}"]


def _recorded(event: RecordingEnded) -> list[str]:
    return [f"NOT RECORDED: {event.trouble}" if event.trouble else "recorded"]


def _asked(event: QuestionAsked) -> list[str]:
    return [f"{_who(event.asked.asker)} asked: {event.asked.text}"]


def _started(event: QuestionStarted) -> list[str]:
    prompt = f", prompt {event.prompt_hash}" if event.prompt_hash else ""
    return [f"work began: advisor {event.advisor}{prompt}"]


def _read(event: ToolCalled) -> list[str]:
    evidence = event.evidence
    extra = [f"{_bytes(evidence)} bytes", f"{evidence.redactions} redactions", f"{event.seconds:.2f} s"]
    extra += ["from the cache"] if event.cached else []
    extra += [f"cut: {evidence.truncated}"] if evidence.truncated else []
    return [
        f"read {evidence.id} {evidence.source}/{evidence.tool} -> {evidence.outcome.value} ({', '.join(extra)})",
        f"with {_json(evidence.request)}",
        *([f"link {evidence.link}"] if evidence.link else []),
        f"said {clipped(evidence.summary, 300)}",
    ]


def _looked(event: FirstLookMade) -> list[str]:
    return [f"first look: {event.first_look.headline}"]


def _turned(event: ModelTurned) -> list[str]:
    turn = event.detail
    words = f"model {turn.get('model', '?')} -> {turn.get('outcome', '?')}, {_money(turn.get('cost_usd'))}"
    tokens = [f"{name.removesuffix('_tokens')} {turn[name]}" for name in sorted(turn) if name.endswith("_tokens")]
    more = [f"prompt {turn.get('prompt_hash', '?')}", *tokens]
    more += [f"request {turn['request_id']}"] if turn.get("request_id") else []
    return [words, ", ".join(more)]


def _diagnosed(event: DiagnosisMade) -> list[str]:
    found = event.diagnosis
    lines = [f"diagnosis by {found.advisor}: {found.verdict.value}: {found.summary}"]
    lines += [f"{h.confidence.value}: {h.statement}" for h in found.hypotheses]
    lines += [f"suggests ({c.label.value}): {c.command}" for c in found.commands]
    lines += [f"{found.claims_dropped} claims did not hold and were dropped"] if found.claims_dropped else []
    return lines


def _answered(event: QuestionAnswered) -> list[str]:
    words = (
        f"answered: {event.model_calls} model calls, {event.tool_calls} reads, {_money(event.cost_usd)}, "
        f"{event.duration_s:.1f} s"
    )
    return [words, *(f"trouble: {t}" for t in event.trouble)]


def _refused(event: QuestionRefused) -> list[str]:
    return [f"REFUSED: {event.rule}"]


def _sent(event: MessageSent) -> list[str]:
    return [f"message {event.key.rpartition('/')[2]} sent to {event.channel} (ts {event.ts})"]


def _voted(event: Voted) -> list[str]:
    return [f"{event.user} voted {event.vote}"]


def _outcome(event: OutcomeTold) -> list[str]:
    return [f"{event.user} said what it was: {event.cause}", *([f"remedy: {event.remedy}"] if event.remedy else [])]


def _ran(event: CommandRun) -> list[str]:
    return [f"{event.user} says they ran: {event.command}"]


def _joined(event: QuestionJoined) -> list[str]:
    return [f"joined by a correction, answered with {event.into}: {event.text}"]


def _stop_asked(event: StopAsked) -> list[str]:
    return [f"{event.user} asked to stop this ({event.by})"]


def _privately(event: AskedPrivately) -> list[str]:
    return [f"{event.user} asked by the slash command: {event.text}"]


def _expired(event: Expired) -> list[str]:
    gone = f"{event.records} records up to {event.through}"
    return [f"{event.by} deleted the content of {gone} (not touched since {event.cutoff:%Y-%m-%d})"]


_TOLD: Mapping[type, Callable[[Any], list[str]]] = {
    QuestionAsked: _asked,
    RecordingBegun: _recording,
    RecordingEnded: _recorded,
    QuestionStarted: _started,
    ToolCalled: _read,
    FirstLookMade: _looked,
    ModelTurned: _turned,
    DiagnosisMade: _diagnosed,
    QuestionAnswered: _answered,
    QuestionRefused: _refused,
    MessageSent: _sent,
    Voted: _voted,
    OutcomeTold: _outcome,
    CommandRun: _ran,
    QuestionJoined: _joined,
    StopAsked: _stop_asked,
    AskedPrivately: _privately,
    Expired: _expired,
}


def _sums(events: Sequence[Event]) -> list[str]:
    evidence = [e.evidence for e in _of(events, ToolCalled)]
    outcomes: dict[str, int] = {}
    for one in evidence:
        outcomes[one.outcome.value] = outcomes.get(one.outcome.value, 0) + 1
    turns = [e.detail for e in _of(events, ModelTurned)]
    spent = sum(cost for turn in turns if isinstance(cost := turn.get("cost_usd"), int | float))
    sent = _of(events, MessageSent)
    unsure = {e.key for e in _of(events, MessageIntended)} - {e.key for e in sent}
    reads = f"{len(evidence)} ({', '.join(f'{n} {word}' for word, n in outcomes.items())})" if evidence else "0"
    models = _list(" with ", {str(t.get("model", "?")) for t in turns})
    prompts = _list(", prompt ", {str(t["prompt_hash"]) for t in turns if t.get("prompt_hash")})
    refused = sum(e.outcome in (Outcome.DENIED, Outcome.QUOTA_EXCEEDED) for e in evidence)
    lost = f", {len(unsure)} not known to have arrived" if unsure else ""
    return [
        "In all",
        f"  reads      {reads}, {sum(map(_bytes, evidence))} bytes, {sum(e.redactions for e in evidence)} redactions",
        f"  model      {len(turns)} turns, {_money(spent)}{models}{prompts}",
        f"  refused    {len(_of(events, QuestionRefused))} questions, {refused} reads",
        f"  messages   {len(sent)} sent{lost}",
    ]


def _of(events: Iterable[Event], kind: type[E]) -> list[E]:
    return [event for event in events if isinstance(event, kind)]


def _list(before: str, words: set[str]) -> str:
    return before + plain(", ".join(sorted(words))) if words else ""


def _who(asker: str | None) -> str:
    return asker or "somebody at the terminal"


def _bytes(evidence: Evidence) -> int:
    """The size of what was read as it is kept and was shown, as JSON in UTF-8."""
    return 0 if evidence.body is None else len(_json(evidence.body).encode())


def _json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _money(value: JsonValue) -> str:
    return f"{value:.4f} USD" if isinstance(value, int | float) else "cost not known"
