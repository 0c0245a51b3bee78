"""The limits under which connectors are read."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class LimitsConfig(BaseModel):
    """What one question may use; reaching a limit ends in a partial answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

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
