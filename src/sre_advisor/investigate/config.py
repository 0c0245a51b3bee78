"""How far back an investigation looks."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class FirstLookConfig(BaseModel):
    """The windows of the first look, in hours before the question."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hours: Annotated[float, Field(gt=0, le=48, description="hours of signals compared with the present")] = 3.0
    change_hours: Annotated[float, Field(gt=0, le=336, description="hours of changes looked at")] = 24.0
    soon_s: Annotated[
        float, Field(gt=0, le=120, description="seconds after which it is shown without the sources still awaited")
    ] = 3.0
    deadline_s: Annotated[float, Field(gt=0, le=120, description="seconds a source may take before it is left out")] = (
        12.0
    )
