"""What is redacted beside secrets."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class RedactionConfig(BaseModel):
    """Secrets always go; what names people and machines goes where a team asks for it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mask_emails: Annotated[bool, Field(description="also take out e-mail addresses")] = False
    mask_ips: Annotated[bool, Field(description="also take out IP addresses, other than loopback ones")] = False
