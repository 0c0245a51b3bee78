"""What can be on record: one typed event for each thing that happens to a question."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from sre_advisor.model import Diagnosis, Evidence, FirstLook, Question

ADVISOR = "advisor"
"""Stands for the investigation in what concerns all of them."""

KEPT = ("expired", "key_changed", "halted", "resumed")
"""Kinds that retention never takes off the record."""


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    investigation: str
    question: str | None = None


class QuestionAsked(_Event):
    """A person asked; stored before Slack is told that the event arrived."""

    kind: Literal["question_asked"] = "question_asked"
    asked: Question


class QuestionStarted(_Event):
    """A worker began (or began again, after a crash) to answer; names the advisor and the prompt it speaks with."""

    kind: Literal["question_started"] = "question_started"
    advisor: str
    prompt_hash: str | None = None
    attempt: int = 1


class ToolCalled(_Event):
    """A connector was read, or a read was refused; the evidence is redacted already.

    What quotas count: `calls` that went to the backend (0 for a refusal), `bytes` of JSON and `rows` it brought,
    `query_cost` in samples as estimated before.
    """

    kind: Literal["tool_called"] = "tool_called"
    evidence: Evidence
    seconds: float
    cached: bool = False
    calls: int = 0
    bytes: int = 0
    rows: int = 0
    query_cost: int = 0


class FirstLookMade(_Event):
    """What was found without a model."""

    kind: Literal["first_look_made"] = "first_look_made"
    first_look: FirstLook


class ModelTurned(_Event):
    """One call of the model: what it cost and how it ended; `detail` is the advisor's own account."""

    kind: Literal["model_turned"] = "model_turned"
    detail: dict[str, JsonValue]


class ConversationKept(_Event):
    """The exact messages exchanged with the model, so that a follow-up can append to them."""

    kind: Literal["conversation_kept"] = "conversation_kept"
    advisor: str
    messages: JsonValue


class ChartKept(_Event):
    """What the first look's picture shows, so that it can be drawn by another process than the one that looked."""

    kind: Literal["chart_kept"] = "chart_kept"
    chart: dict[str, JsonValue]


class DiagnosisMade(_Event):
    """A checked diagnosis."""

    kind: Literal["diagnosis_made"] = "diagnosis_made"
    diagnosis: Diagnosis


class QuestionAnswered(_Event):
    """The question is closed: what it took, and whether something went wrong on the way."""

    kind: Literal["question_answered"] = "question_answered"
    model_calls: int
    tool_calls: int
    cost_usd: float
    duration_s: float
    trouble: tuple[str, ...] = ()


class ShadowAnswered(_Event):
    """What a candidate model or prompt would have answered, seen by nobody; `evidence` are its own further reads."""

    kind: Literal["shadow_answered"] = "shadow_answered"
    advisor: str
    prompt_hash: str = ""
    diagnosis: Diagnosis | None = None
    evidence: tuple[Evidence, ...] = ()
    model_calls: int = 0
    tool_calls: int = 0
    cost_usd: float = 0.0
    duration_s: float = 0.0
    trouble: tuple[str, ...] = ()


class QuestionRefused(_Event):
    """A question was not answered because a rule said so; `by` tells which kind of rule."""

    kind: Literal["question_refused"] = "question_refused"
    rule: str
    by: Literal["intake", "policy", "quota", "failure"] = "intake"


class MessageIntended(_Event):
    """A message is about to be posted or edited; `key` is the same for every try, `digest` for every text."""

    kind: Literal["message_intended"] = "message_intended"
    key: str
    channel: str
    thread_ts: str | None = None
    digest: str = ""


class MessageSent(_Event):
    """Slack accepted the message, which has this `ts`; `digest` names its text, "" when that is not known."""

    kind: Literal["message_sent"] = "message_sent"
    key: str
    channel: str
    ts: str
    digest: str = ""


class Voted(_Event):
    """Somebody judged an answer; the latest vote of a person counts."""

    kind: Literal["voted"] = "voted"
    user: str
    vote: Literal["helpful", "not_helpful", "was_the_cause", "withdrawn"]
    at: datetime
    withdraws: Literal["helpful", "not_helpful", "was_the_cause"] | None = None
    """Which vote was taken back, when `vote` says that one was."""


class OutcomeTold(_Event):
    """Somebody said what the cause really was and what fixed it; the latest one counts."""

    kind: Literal["outcome_told"] = "outcome_told"
    user: str
    cause: str
    remedy: str = ""
    at: datetime


class CommandRun(_Event):
    """A person says they ran a suggested command."""

    kind: Literal["command_run"] = "command_run"
    user: str
    command: str
    at: datetime


class QuestionJoined(_Event):
    """The asker corrected the question while it was open: it is closed, and answered by the one it went `into`."""

    kind: Literal["question_joined"] = "question_joined"
    into: str
    text: str
    """Both questions as one."""


class StopAsked(_Event):
    """Somebody asked to end what is being looked into in this thread; what was asked there later is not meant."""

    kind: Literal["stop_asked"] = "stop_asked"
    user: str
    team: str | None = None
    at: datetime
    by: Literal["words", "button", "shortcut"]


class AskedPrivately(_Event):
    """A slash command asked a question; it becomes one as soon as its thread in the direct messages is opened."""

    kind: Literal["asked_privately"] = "asked_privately"
    user: str
    team: str | None = None
    text: str
    at: datetime


class Expired(_Event):
    """Retention: the bodies of an investigation's records up to `through` were taken off the record.

    Each keeps its place in the chain; `records` is how many they were, `cutoff` before when it was last touched.
    """

    kind: Literal["expired"] = "expired"
    records: int
    through: int
    cutoff: datetime
    by: str


class KeyChanged(_Event):
    """From this record on the chain is authenticated with another key."""

    kind: Literal["key_changed"] = "key_changed"
    investigation: str = ADVISOR
    earlier: str
    now: str


class Halted(_Event):
    """Somebody stopped all investigations, until they are resumed."""

    kind: Literal["halted"] = "halted"
    investigation: str = ADVISOR
    by: str
    reason: str = ""
    at: datetime


class Resumed(_Event):
    """Somebody allowed investigations again."""

    kind: Literal["resumed"] = "resumed"
    investigation: str = ADVISOR
    by: str
    at: datetime


class RecordingBegun(_Event):
    """The recorder begins to read, under a name of its own; `of` is the investigation it records, if it is one."""

    kind: Literal["recording_begun"] = "recording_begun"
    of: str | None = None
    text: str
    """The question that is recorded."""


class RecordingEnded(_Event):
    """The recorder reads no more; `trouble` says why there is no recording, "" where there is one."""

    kind: Literal["recording_ended"] = "recording_ended"
    trouble: str = ""


class PolicyRead(_Event):
    """A policy came into force, or its file was found broken and the last good one stays; `digest` is the one's."""

    kind: Literal["policy_read"] = "policy_read"
    investigation: str = ADVISOR
    file: str
    digest: str
    problem: str = ""


Event = (
    QuestionAsked
    | QuestionStarted
    | ToolCalled
    | FirstLookMade
    | ModelTurned
    | ConversationKept
    | ChartKept
    | DiagnosisMade
    | QuestionAnswered
    | QuestionRefused
    | MessageIntended
    | MessageSent
    | Voted
    | OutcomeTold
    | CommandRun
    | QuestionJoined
    | StopAsked
    | AskedPrivately
    | Expired
    | KeyChanged
    | Halted
    | Resumed
    | RecordingBegun
    | RecordingEnded
    | PolicyRead
    | ShadowAnswered
)

EVENTS: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])
