"""One function through which every read goes, and the desk at which one question reads."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TypeVar, cast

import structlog
from pydantic import JsonValue, ValidationError

from sre_advisor.broker.bound import bound
from sre_advisor.broker.config import LimitsConfig
from sre_advisor.broker.reading import Clean, cleaned
from sre_advisor.broker.redaction import Redactor
from sre_advisor.connectors.contract import (
    BadRequest,
    Connector,
    Denied,
    NoData,
    Noun,
    QuotaExceeded,
    Reading,
    Role,
    Tool,
    ToolArgs,
    ToolFailure,
    Unavailable,
)
from sre_advisor.journal.events import ToolCalled
from sre_advisor.model import Evidence, Outcome, Question
from sre_advisor.sharing import Shared

log = structlog.get_logger(__name__)

V = TypeVar("V")
Record = Callable[[ToolCalled], Awaitable[None]]

RETRIED = ("unreachable", "server_error")
"""Kinds of trouble that one more try may cure; a time-out has used up its time already."""


@dataclass(frozen=True, slots=True)
class Read:
    """Evidence and the typed nouns behind it; the nouns are empty unless the outcome is ok.

    Two reads of one `number` hold the same nouns: they were read once, for both. A read without nouns has none.
    """

    evidence: Evidence
    nouns: tuple[Noun, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """A tool and the connector it belongs to."""

    source: str
    tool: Tool


class Broker:
    """Knows every tool; opens a desk for each question."""

    def __init__(self, connectors: Sequence[Connector], redactor: Redactor, limits: LimitsConfig) -> None:
        offers = {tool.name: Offer(c.name, tool) for c in connectors for tool in c.tools()}
        self.offers = {name: offers[name] for name in sorted(offers) if name not in limits.tools_off}
        self.redactor = redactor
        self.limits = limits
        self.slots = asyncio.Semaphore(limits.parallel_reads)
        self._readings = Shared[Clean](limits.share_reads_s)
        self._conclusions = Shared[object](limits.share_reads_s)

    def moment(self, at: datetime) -> datetime:
        """`at` cut to the time within which reads are shared: questions of one moment ask for the same windows."""
        since = at.timestamp() % (self.limits.share_reads_s or 1e-6)
        return at - timedelta(seconds=since)

    async def read(self, tool: Tool, args: ToolArgs, now: datetime) -> Clean:
        """The reading, bounded and without secrets, made once for all questions of one moment."""

        async def fresh() -> Clean:
            async with self.slots:
                reading = await _with_one_retry(tool, args, now)
            return cleaned(reading, self.redactor, self.limits.evidence_bytes)

        return await self._readings.once((tool.name, args.model_dump_json(), now), fresh)

    async def conclude(self, key: Hashable, draw: Callable[[], V]) -> V:
        """See ReadingDesk.conclude."""
        return cast("V", await self._conclusions.once(key, lambda: asyncio.to_thread(draw)))

    def desk(self, question: Question, now: datetime, record: Record, earlier: Sequence[Evidence] = ()) -> ReadingDesk:
        """A place to read for one question; `earlier` evidence of the thread keeps its ids, new ids follow on."""
        return ReadingDesk(self, question, now, record, earlier)


class ReadingDesk:
    """Reads for one question, with its clock, its ids, its cache and its limits."""

    def __init__(
        self, broker: Broker, question: Question, now: datetime, record: Record, earlier: Sequence[Evidence]
    ) -> None:
        self._broker, self._question, self._now, self._record = broker, question, now, record
        self._redactor = broker.redactor.scope(question.investigation)
        self._reads: dict[str, asyncio.Task[Read]] = {}
        self._last_id = max((int(e.id[1:]) for e in earlier), default=0)
        self.calls = 0
        self.evidence: list[Evidence] = list(earlier)

    @property
    def offers(self) -> tuple[Offer, ...]:
        """Every tool that may be used, in a stable order."""
        return tuple(self._broker.offers.values())

    def with_role(self, role: Role) -> tuple[Offer, ...]:
        """The tools the first look may ask for this."""
        return tuple(offer for offer in self.offers if offer.tool.role is role)

    async def read(self, tool: str, args: Mapping[str, JsonValue], deadline_s: float | None = None) -> Read:
        """Read once; an identical call gets the same evidence; every failure is an outcome, none is raised."""
        key = json.dumps([tool, dict(args)], sort_keys=True, ensure_ascii=False)
        if key not in self._reads:
            self._last_id += 1
            task = asyncio.create_task(self._fresh(f"E{self._last_id}", tool, dict(args), deadline_s))
            self._reads[key] = task
        return await asyncio.shield(self._reads[key])

    async def stop(self) -> None:
        """Give up the reads that still run; each is on record as one that was not finished."""
        running = [task for task in self._reads.values() if not task.done()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def derive(self, tool: str, request: dict[str, JsonValue], summary: str, body: JsonValue) -> Evidence:
        """Put a conclusion that code drew from other evidence on record as evidence of its own."""
        self._last_id += 1
        body, cut = bound(self._redactor.value(body).value, self._broker.limits.evidence_bytes)
        evidence = Evidence(
            id=f"E{self._last_id}",
            source="triage",
            tool=tool,
            request=request,
            outcome=Outcome.OK,
            read_at=datetime.now(UTC),
            summary=self._redactor.text(summary)[0],
            body=body,
            truncated=cut,
        )
        await self._keep(evidence, 0.0)
        return evidence

    async def conclude(self, key: Hashable, draw: Callable[[], V]) -> V:
        """What `draw` makes in a thread, drawn once for all whose key is the same; the key names all that goes in."""
        return await self._broker.conclude(key, draw)

    async def _keep(self, evidence: Evidence, seconds: float) -> None:
        self.evidence.append(evidence)
        await self._record(
            ToolCalled(
                investigation=self._question.investigation,
                question=self._question.id,
                evidence=evidence,
                seconds=seconds,
            )
        )

    async def _fresh(self, evidence_id: str, name: str, args: dict[str, JsonValue], deadline_s: float | None) -> Read:
        began = monotonic()
        try:
            offer = self._offer(name)
            validated = _validated(offer.tool, args)
            self._count()
            reading = await self._run(offer.tool, validated, deadline_s)
            read = self._kept(evidence_id, offer, args, reading)
        except ToolFailure as failure:
            read = Read(self._failed(evidence_id, name, args, failure))
        except asyncio.CancelledError:
            stopped = Unavailable("timeout", "given up, for the investigation was stopped")
            await self._keep(self._failed(evidence_id, name, args, stopped), round(monotonic() - began, 4))
            raise
        seconds = round(monotonic() - began, 4)
        await self._keep(read.evidence, seconds)
        log.info("tool_called", action="read", tool=name, outcome=read.evidence.outcome.value, seconds=seconds)
        return read

    def _offer(self, name: str) -> Offer:
        offer = self._broker.offers.get(name)
        if offer is None:
            raise BadRequest(f"there is no tool {name[:80]!r}; the tools are {', '.join(self._broker.offers)}")
        return offer

    def _count(self) -> None:
        if self.calls >= self._broker.limits.tool_calls:
            raise QuotaExceeded(f"this question has used its {self._broker.limits.tool_calls} reads")
        self.calls += 1

    async def _run(self, tool: Tool, args: ToolArgs, deadline_s: float | None) -> Clean:
        limit = min(self._broker.limits.tool_timeout_s, deadline_s or float("inf"))
        try:
            async with asyncio.timeout(limit):
                return await self._broker.read(tool, args, self._now)
        except TimeoutError:
            raise Unavailable("timeout", f"no answer within {limit:g} s") from None
        except ToolFailure:
            raise
        except Exception:  # a bug in one tool must not end the investigation, and its text is shown to nobody
            log.exception("tool_broke", action="read", tool=tool.name)
            raise Unavailable("internal", f"{tool.name} has a defect; the log holds the details") from None

    def _kept(self, evidence_id: str, offer: Offer, args: dict[str, JsonValue], clean: Clean) -> Read:
        if clean.held_secrets is not None:  # whose placeholders are numbered anew in each investigation
            clean = cleaned(clean.held_secrets, self._redactor, self._broker.limits.evidence_bytes)
        request = self._redactor.value(args)
        evidence = Evidence(
            id=evidence_id,
            source=offer.source,
            tool=offer.tool.name,
            request=request.value if isinstance(request.value, dict) else {},
            outcome=Outcome.OK,
            read_at=clean.read_at,
            summary=clean.summary,
            body=clean.body,
            window_start=clean.window.start if clean.window else None,
            window_end=clean.window.end if clean.window else None,
            link=clean.link,
            truncated=clean.truncated,
            redactions=clean.redactions + request.count,
        )
        return Read(evidence, clean.nouns, clean.number)

    def _failed(self, evidence_id: str, name: str, args: dict[str, JsonValue], failure: ToolFailure) -> Evidence:
        offer = self._broker.offers.get(name)
        outcome, words = _outcome(failure)
        clean = self._redactor.value([args, words])
        assert isinstance(clean.value, list)
        request, summary = clean.value
        window = failure.window if isinstance(failure, NoData) else None
        link = failure.link if isinstance(failure, NoData) else None
        return Evidence(
            id=evidence_id,
            source=offer.source if offer else "advisor",
            tool=name[:80],
            request=request if isinstance(request, dict) else {},
            outcome=outcome,
            read_at=datetime.now(UTC),
            summary=str(summary),
            window_start=window.start if window else None,
            window_end=window.end if window else None,
            link=link,
            redactions=clean.count,
        )


def _validated(tool: Tool, args: dict[str, JsonValue]) -> ToolArgs:
    try:
        return tool.args.model_validate(args)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)
        words = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'arguments'}: {e['msg']}" for e in first[:5])
        raise BadRequest(f"{words}; {tool.name} takes {', '.join(tool.args.model_fields) or 'no arguments'}") from None


async def _with_one_retry(tool: Tool, args: ToolArgs, now: datetime) -> Reading:
    try:
        return await tool.run(args, now)
    except Unavailable as trouble:
        if trouble.kind not in RETRIED:
            raise
    await asyncio.sleep(0.2)
    return await tool.run(args, now)


def _outcome(failure: ToolFailure) -> tuple[Outcome, str]:
    match failure:
        case NoData():
            return Outcome.NO_DATA, failure.summary
        case BadRequest():
            return Outcome.BAD_REQUEST, failure.hint
        case Denied():
            return Outcome.DENIED, failure.rule
        case QuotaExceeded():
            return Outcome.QUOTA_EXCEEDED, failure.limit
        case Unavailable():
            return Outcome.UNAVAILABLE, f"{failure.kind}: {failure.detail}"
        case _:
            return Outcome.UNAVAILABLE, "internal: an unknown failure"
