"""How the advisor reaches Slack."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class SlackConfig(BaseModel):
    """Tokens come from the environment or from files named there, never from the YAML."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    bot_token: Annotated[SecretStr | None, Field(description="SLACK_BOT_TOKEN, begins with xoxb-")] = None
    app_token: Annotated[SecretStr | None, Field(description="SLACK_APP_TOKEN, begins with xapp-")] = None
    api_url: Annotated[str, Field(description="base of the Web API")] = "https://slack.com/api/"
    channels: Annotated[
        tuple[str, ...], Field(description="channel ids in which it answers; empty: wherever it was invited")
    ] = ()
    connections: Annotated[int, Field(ge=1, le=5, description="Socket Mode connections of this process")] = 2
    grace_s: Annotated[float, Field(ge=0, le=600, description="seconds running questions get when it stops")] = 25.0
