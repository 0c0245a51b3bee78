"""How the advisor reaches Slack."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class SlackConfig(BaseModel):
    """Where and how it listens; the tokens come from the environment (see credentials)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    api_url: Annotated[str, Field(description="base of the Web API")] = "https://slack.com/api/"
    mode: Annotated[
        Literal["socket", "http"],
        Field(description="socket: it connects to Slack; http: Slack sends to /slack/events at http.listen"),
    ] = "socket"
    channels: Annotated[
        tuple[str, ...],
        Field(description="narrows the policy for this installation; empty: wherever the policy lists it"),
    ] = ()
    connections: Annotated[int, Field(ge=1, le=5, description="Socket Mode connections of this process")] = 2
    grace_s: Annotated[float, Field(ge=0, le=600, description="seconds running questions get when it stops")] = 25.0
    plan: Annotated[bool, Field(description="show what is being read as a message in the thread, while it is read")] = (
        True
    )
