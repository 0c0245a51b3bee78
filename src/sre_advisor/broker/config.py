"""The limits under which connectors and the model are used."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Count = Annotated[int | None, Field(ge=0)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReadQuota(_Part):
    """How much may be read; null: no limit of this kind."""

    calls: Annotated[Count, Field(description="reads that go to a backend")] = None
    bytes: Annotated[Count, Field(description="JSON bytes read")] = None
    rows: Annotated[Count, Field(description="series, samples, commits, lines or sections read")] = None
    query_cost: Annotated[Count, Field(description="samples that PromQL queries touch, estimated before they run")] = (
        None
    )
    parallel: Annotated[int | None, Field(ge=1, le=64, description="reads under way at once, in this process")] = None


class DayQuota(ReadQuota):
    """How much may be used in a day (UTC); null: no limit of this kind."""

    questions: Annotated[Count, Field(description="questions answered")] = None
    model_tokens: Annotated[Count, Field(description="tokens the model reads and writes, cached ones too")] = None
    cost_usd: Annotated[float | None, Field(ge=0, description="US dollars for the model")] = None


class QuotasConfig(_Part):
    """How much may be used; counted in the journal, so that it holds over restarts and replicas."""

    question: Annotated[ReadQuota, Field(description="for each question")] = ReadQuota(
        calls=60, bytes=8_000_000, rows=2_000_000, query_cost=2_000_000_000, parallel=12
    )
    person: Annotated[DayQuota, Field(description="for each person, a day")] = DayQuota(
        questions=100, calls=5_000, cost_usd=25.0
    )
    channel: Annotated[DayQuota, Field(description="for each channel, a day")] = DayQuota(
        questions=300, calls=15_000, cost_usd=50.0
    )
    day: Annotated[DayQuota, Field(description="for everybody together, a day")] = DayQuota(
        questions=1_000, calls=50_000, query_cost=500_000_000_000, cost_usd=100.0
    )
    backend: Annotated[ReadQuota, Field(description="for each backend (prometheus, git, …), a day")] = ReadQuota(
        parallel=8
    )
    backends: Annotated[
        dict[str, ReadQuota], Field(description="other limits for the backends named here, in place of backend")
    ] = {}

    def of_backend(self, source: str) -> ReadQuota:
        """The limits of one backend."""
        return self.backends.get(source, self.backend)


class LimitsConfig(_Part):
    """What one question may use; reaching a limit ends in a partial answer."""

    tool_calls: Annotated[int, Field(ge=1, le=500, description="reads for one question, the first look's included")] = (
        60
    )
    tool_timeout_s: Annotated[float, Field(gt=0, le=120, description="seconds one read may take")] = 15.0
    evidence_bytes: Annotated[
        int, Field(ge=1_000, le=1_000_000, description="JSON bytes of one piece of evidence before it is cut")
    ] = 48_000
    parallel_reads: Annotated[int, Field(ge=1, le=64, description="reads under way at once, over all questions")] = 16
    share_reads_s: Annotated[
        float,
        Field(ge=0, le=60, description="seconds within which the same read is made once for all questions; 0: never"),
    ] = 5.0
    tools_off: Annotated[tuple[str, ...], Field(description="names of tools that nobody may use")] = ()
    quotas: Annotated[QuotasConfig, Field(description="per question, person, channel, day and backend")] = (
        QuotasConfig()
    )
