"""What each model costs and allows, from the dated table in config/models.yaml."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sre_advisor.advisors.ledger import Usage
from sre_advisor.packaged import config_dir

Price = Annotated[float, Field(ge=0)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Prices(_Table):
    """USD per million tokens for prompts of up to `prompt_up_to` tokens (None: of any length)."""

    prompt_up_to: int | None = None
    input: Price
    cache_write_5m: Price
    cache_write_1h: Price
    cache_read: Price
    output: Price


class ModelFacts(_Table):
    """What one model allows and costs; `prices` are tiers by prompt length, ascending, the last unbounded."""

    context: int
    max_output: int
    thinking: tuple[str, ...]
    efforts: tuple[str, ...]
    prices: Annotated[tuple[Prices, ...], Field(min_length=1)]

    def tier(self, prompt_tokens: int) -> Prices:
        """The prices of a prompt of this length; the whole request is billed at them."""
        fitting = (p for p in self.prices if p.prompt_up_to is None or prompt_tokens <= p.prompt_up_to)
        return next(fitting, self.prices[-1])

    def cost_usd(self, usage: Usage, ttl: Literal["5m", "1h"] = "5m") -> float:
        """in*Pi + write*Pw + read*Pr + out*Po, as the API's price list defines it."""
        prices = self.tier(usage.all_input)
        write = prices.cache_write_1h if ttl == "1h" else prices.cache_write_5m
        millionths = (
            usage.input * prices.input
            + usage.cache_write * write
            + usage.cache_read * prices.cache_read
            + usage.output * prices.output
        )
        return millionths / 1_000_000


class ModelTable(_Table):
    """Every known model and the day its prices were read."""

    effective: date
    models: dict[str, ModelFacts]


class TableProblem(Exception):
    """The model table cannot be read; says where and why."""


def load_models(path: Path | None = None) -> ModelTable:
    """The table in `path`, by default the packaged one; raises TableProblem."""
    where = path or config_dir() / "models.yaml"
    try:
        return ModelTable.model_validate(yaml.safe_load(where.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError) as error:
        raise TableProblem(f"the model table {where} cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise TableProblem(f"the model table {where} is wrong at {place}: {first['msg']}") from None
