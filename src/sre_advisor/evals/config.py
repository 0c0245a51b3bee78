"""Settings of what watches the model while it works."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator


class CanaryConfig(BaseModel):
    """A small suite asked on a schedule while `run` serves Slack; off until a baseline is named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    baseline: Annotated[Path | None, Field(description="folder of the run it is held to; null: no canary")] = None
    suite: Annotated[str, Field(description="`bundled` or a suite's folder; the baseline's")] = "bundled"
    only: Annotated[tuple[str, ...], Field(description="cases or tags; empty: all of the suite")] = ()
    state: Annotated[Path, Field(description="where it is kept between rounds")] = Path("canary.json")
    every_hours: Annotated[float, Field(gt=0, le=744, description="hours between rounds")] = 24.0
    alpha: Annotated[float, Field(gt=0, lt=1, description="chance that it ever alarms although nothing changed")] = 0.01
    max_usd: Annotated[float | None, Field(gt=0, description="the most one round may cost")] = None
    channel: Annotated[str | None, Field(description="id of the channel that is told of a drop")] = None


class ShadowConfig(BaseModel):
    """A candidate that answers real questions beside the live model, unseen; off until a model or prompt is named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Annotated[str | None, Field(description="the candidate model; null: the live one with `prompt`")] = None
    prompt: Annotated[Path | None, Field(description="a system prompt's template to try")] = None
    share: Annotated[float, Field(ge=0, le=1, description="share of the questions it answers")] = 1.0
    cost_usd: Annotated[float, Field(gt=0, description="the most one question may take of it")] = 0.25
    day_usd: Annotated[float, Field(gt=0, description="the most a day may take of it, per process")] = 5.0

    @property
    def on(self) -> bool:
        """Whether there is a candidate."""
        return self.model is not None or self.prompt is not None


class EvalsConfig(BaseModel):
    """What watches the model while it works."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    canary: Annotated[CanaryConfig, Field(description="the scheduled check of the live model")] = CanaryConfig()
    shadow: Annotated[ShadowConfig, Field(description="a candidate beside the live model")] = ShadowConfig()

    @model_validator(mode="after")
    def _somebody_is_told(self) -> EvalsConfig:
        if self.canary.baseline is not None and not self.canary.channel:
            raise ValueError("canary.channel: name the channel that is told when the model answers worse")
        return self
