"""One function through which every read goes, and the desk at which one question reads."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic
from typing import TypeVar, cast

import structlog
from pydantic import JsonValue

from sre_advisor.broker.bound import bound
from sre_advisor.broker.config import LimitsConfig
from sre_advisor.broker.evidence import Read, failed, kept
from sre_advisor.broker.policy.decide import Refused, may_read, scope_of, tool_is_on, view_of, visible_catalogue
from sre_advisor.broker.policy.keeper import FixedPolicy, Policies
from sre_advisor.broker.quota.quotas import Quotas, Ticket
from sre_advisor.broker.reading import Clean, cleaned
from sre_advisor.broker.redaction import Redactor
from sre_advisor.broker.running import Offer, cost_of, run, validated, within
from sre_advisor.connectors.contract import (
    BadRequest,
    Connector,
    Denied,
    QuotaExceeded,
    Role,
    Scope,
    Tool,
    ToolArgs,
    ToolFailure,
    Unavailable,
)
from sre_advisor.journal.events import ToolCalled
from sre_advisor.model import Catalogue, Evidence, Outcome, Question
from sre_advisor.sharing import Shared

__all__ = ["Broker", "Offer", "Read", "ReadingDesk", "Record"]

log = structlog.get_logger(__name__)

V = TypeVar("V")
Record = Callable[[ToolCalled], Awaitable[None]]
NO_CATALOGUE = Catalogue()


@dataclass(frozen=True, slots=True)
class _Use:
    """What a read took, as it goes on record."""

    calls: int = 0
    bytes: int = 0
    rows: int = 0
    query_cost: int = 0


class Broker:
    """Knows every tool, the policy and the quotas; opens a desk for each question.

    Without `policies` only questions from the terminal may read; without `quotas` nothing is counted over questions.
    """

    def __init__(
        self,
        connectors: Sequence[Connector],
        redactor: Redactor,
        limits: LimitsConfig,
        policies: Policies | None = None,
        quotas: Quotas | None = None,
        catalogue: Catalogue = NO_CATALOGUE,
    ) -> None:
        offers = {tool.name: Offer(c.name, tool) for c in connectors for tool in c.tools()}
        self.offers = {name: offers[name] for name in sorted(offers) if name not in limits.tools_off}
        self.redactor = redactor
        self.limits = limits
        self.policies: Policies = policies or FixedPolicy()
        self.quotas = quotas or Quotas(limits.quotas)
        self.catalogue = catalogue
        self.slots = asyncio.Semaphore(limits.parallel_reads)
        self._readings = Shared[Clean](limits.share_reads_s)
        self._conclusions = Shared[object](limits.share_reads_s)

    def moment(self, at: datetime) -> datetime:
        """`at` cut to the time within which reads are shared: questions of one moment ask for the same windows."""
        since = at.timestamp() % (self.limits.share_reads_s or 1e-6)
        return at - timedelta(seconds=since)

    async def read(self, tool: Tool, args: ToolArgs, now: datetime, scope: Scope) -> Clean:
        """The reading, bounded and without secrets, made once for all questions of one moment and one scope."""

        async def fresh() -> Clean:
            async with self.slots:
                reading = await run(tool, args, now, scope, self.limits.tool_timeout_s)
            return cleaned(reading, self.redactor, self.limits.evidence_bytes)

        # The tool itself, not its name: one made for a question (its thread) is another's of the same name.
        return await self._readings.once((tool, args.model_dump_json(), now, scope), fresh)

    async def conclude(self, key: Hashable, draw: Callable[[], V]) -> V:
        """See ReadingDesk.conclude."""
        return cast("V", await self._conclusions.once(key, lambda: asyncio.to_thread(draw)))

    def including(self, connectors: Sequence[Connector]) -> Broker:
        """The same broker with further tools, for one question: limits and slots stay shared."""
        grown = copy.copy(self)
        offers = self.offers | {tool.name: Offer(c.name, tool) for c in connectors for tool in c.tools()}
        grown.offers = {name: offers[name] for name in sorted(offers) if name not in self.limits.tools_off}
        return grown

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
        """Every tool that is on for the question's channel, in a stable order."""
        view = view_of(self._broker.policies.policy, self._question.channel)
        return tuple(o for o in self._broker.offers.values() if view is not None and tool_is_on(view, o.tool.name))

    def with_role(self, role: Role) -> tuple[Offer, ...]:
        """The tools the first look may ask for this."""
        return tuple(offer for offer in self.offers if offer.tool.role is role)

    def visible(self, catalogue: Catalogue) -> Catalogue:
        """The catalogue as far as the question's channel may see it."""
        policy = self._broker.policies.policy
        view = view_of(policy, self._question.channel)
        return visible_catalogue(catalogue, scope_of(policy, view, catalogue)) if view is not None else Catalogue()

    async def read(self, tool: str, args: Mapping[str, JsonValue], deadline_s: float | None = None) -> Read:
        """Read once; an identical call gets the same evidence; every failure is an outcome, none is raised.

        validate -> policy -> quota -> cache -> deadline and retry -> run -> redact -> bound -> record
        """
        began, given = monotonic(), dict(args)
        try:
            offer, asked = self._validate(tool, given)
            scope = await self._may(offer, given)
            ticket, cost = await self._room(offer, asked)
        except ToolFailure as failure:
            return await self._once(_key(tool, given, repr(failure)), partial(self._refuse, tool, given, failure))
        try:
            key = _key(tool, given, repr(scope) if scope.narrowed else "")
            return await self._once(key, lambda i: self._fresh(i, offer, given, asked, scope, cost, deadline_s, began))
        finally:
            ticket.release()

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
        await self._keep(evidence, 0.0, _Use())
        return evidence

    async def conclude(self, key: Hashable, draw: Callable[[], V]) -> V:
        """What `draw` makes in a thread, drawn once for all whose key is the same; the key names all that goes in."""
        return await self._broker.conclude(key, draw)

    def _validate(self, name: str, args: dict[str, JsonValue]) -> tuple[Offer, ToolArgs]:
        offer = self._broker.offers.get(name)
        if offer is None:
            there_are = ", ".join(o.tool.name for o in self.offers)
            raise BadRequest(f"there is no tool {name[:80]!r}; the tools are {there_are}")
        return offer, validated(offer.tool, args)

    async def _may(self, offer: Offer, args: Mapping[str, JsonValue]) -> Scope:
        policy = await self._broker.policies.current()
        decision = may_read(policy, self._question.channel, offer.tool, args, self._broker.catalogue)
        if isinstance(decision, Refused):
            raise Denied(str(decision))
        return decision.scope

    async def _room(self, offer: Offer, asked: ToolArgs) -> tuple[Ticket, int]:
        if self.calls >= self._broker.limits.tool_calls:
            raise QuotaExceeded(f"this question has used its {self._broker.limits.tool_calls} reads")
        cost = cost_of(offer.tool, asked, self._now)
        return await self._broker.quotas.admit_read(self._question, offer.source, cost), cost

    async def _once(self, key: str, read: Callable[[str], Awaitable[Read]]) -> Read:
        """The cache: what was read before, or is being read, is not read again."""
        if key not in self._reads:
            self._last_id += 1
            self._reads[key] = asyncio.ensure_future(read(f"E{self._last_id}"))
        return await asyncio.shield(self._reads[key])

    async def _fresh(
        self,
        evidence_id: str,
        offer: Offer,
        given: dict[str, JsonValue],
        asked: ToolArgs,
        scope: Scope,
        cost: int,
        deadline_s: float | None,
        began: float,
    ) -> Read:
        self.calls += 1
        broker = self._broker
        limit = min(broker.limits.tool_timeout_s, deadline_s or float("inf"))
        size = rows = 0
        try:
            async with broker.quotas.slot(self._question, offer.source):
                clean = await within(limit, broker.read(offer.tool, asked, self._now, scope))
            rows, size = clean.rows, clean.size
            read = kept(evidence_id, offer, given, clean, self._redactor, broker.limits.evidence_bytes)
        except ToolFailure as failure:
            read = Read(failed(evidence_id, offer.source, offer.tool.name, given, failure, self._redactor))
        except asyncio.CancelledError:
            stopped = Unavailable("timeout", "given up, for the investigation was stopped")
            evidence = failed(evidence_id, offer.source, offer.tool.name, given, stopped, self._redactor)
            await self._keep(evidence, round(monotonic() - began, 4), _Use(calls=1, query_cost=cost))
            raise
        await self._keep(read.evidence, round(monotonic() - began, 4), _Use(1, size, rows, cost))
        return read

    async def _refuse(self, name: str, given: dict[str, JsonValue], failure: ToolFailure, evidence_id: str) -> Read:
        offer = self._broker.offers.get(name)
        source = offer.source if offer else "advisor"
        read = Read(failed(evidence_id, source, name, given, failure, self._redactor))
        await self._keep(read.evidence, 0.0, _Use())
        return read

    async def _keep(self, evidence: Evidence, seconds: float, use: _Use) -> None:
        self.evidence.append(evidence)
        await self._record(
            ToolCalled(
                investigation=self._question.investigation,
                question=self._question.id,
                evidence=evidence,
                seconds=seconds,
                calls=use.calls,
                bytes=use.bytes,
                rows=use.rows,
                query_cost=use.query_cost,
            )
        )
        log.info("tool_called", action="read", tool=evidence.tool, outcome=evidence.outcome.value, seconds=seconds)


def _key(tool: str, args: Mapping[str, JsonValue], more: str) -> str:
    return json.dumps([tool, dict(args), more], sort_keys=True, ensure_ascii=False)
