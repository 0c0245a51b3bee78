"""How to reach Claude and how it should work, checked against what the model allows."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sre_advisor.advisors.claude.prices import ModelFacts, ModelTable

Effort = Literal["low", "medium", "high", "xhigh", "max"]
Thinking = Literal["adaptive", "between_tools", "disabled"]


class ConfigProblem(Exception):
    """A setting that cannot work: what, where, and what to do."""


class ClaudeConfig(BaseModel):
    """Settings of the model; seconds and tokens in their plain units.

    `priced_as` names the entry of config/models.yaml when `model` is another platform's id of it. `fallback` is the
    model asked when `model` fails; it needs an entry of its own there. `project` and
    `region` serve Vertex and Bedrock, `resource` Foundry. `old_key_header` is for gateways that want X-Api-Key.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: Literal["anthropic", "bedrock", "vertex", "foundry"] = "anthropic"
    model: str = "claude-sonnet-5-5"
    priced_as: str | None = None
    fallback: str | None = None
    effort: Effort | None = "medium"
    thinking: Thinking | None = None
    max_tokens: int = Field(default=8_000, ge=1_024, le=128_000)
    cache_ttl: Literal["5m", "1h"] = "5m"
    base_url: str | None = Field(default=None, pattern=r"^https?://\S+$")
    old_key_header: bool = False
    timeout_s: float = Field(default=120.0, gt=0)
    connect_timeout_s: float = Field(default=5.0, gt=0)
    max_retries: int = Field(default=2, ge=0, le=10)
    longest_retry_after_s: float = Field(default=20.0, ge=0)
    stream_retries: int = Field(default=2, ge=0, le=5)
    project: str | None = None
    region: str | None = None
    resource: str | None = None


def checked_facts(config: ClaudeConfig, table: ModelTable) -> ModelFacts:
    """The facts of the configured model; raises ConfigProblem when it is unknown or a setting is illegal for it."""
    name = config.priced_as or config.model
    facts = table.models.get(name)
    if facts is None:
        known = ", ".join(sorted(table.models))
        raise ConfigProblem(
            f"model {name!r} has no prices, so no cost limit could be kept: add it to config/models.yaml, "
            f"or set priced_as to one of {known}"
        )
    if config.thinking and config.thinking not in facts.thinking:
        raise ConfigProblem(
            f"model {name!r} does not allow thinking {config.thinking!r}: use {_either(facts.thinking)}"
        )
    if config.effort and facts.efforts and config.effort not in facts.efforts:
        raise ConfigProblem(
            f"model {name!r} is not known to allow effort {config.effort!r}: use {_either(facts.efforts)}"
        )
    if config.max_tokens > facts.max_output:
        raise ConfigProblem(f"model {name!r} writes at most {facts.max_output} tokens: lower max_tokens")
    return facts


def fallback_config(config: ClaudeConfig, table: ModelTable) -> ClaudeConfig | None:
    """The settings of the model to fall back to, with those left out that it does not allow; raises ConfigProblem."""
    if config.fallback is None:
        return None
    if config.fallback == config.model:
        raise ConfigProblem("model.fallback is model.model itself: name another one, or leave it out")
    facts = table.models.get(config.fallback)
    if facts is None:
        raise ConfigProblem(
            f"model.fallback {config.fallback!r} has no prices: add it to config/models.yaml, or use one of "
            + ", ".join(sorted(table.models))
        )
    return config.model_copy(
        update={
            "model": config.fallback,
            "priced_as": None,
            "fallback": None,
            "thinking": config.thinking if config.thinking in facts.thinking else None,
            "effort": config.effort if config.effort in facts.efforts else None,
            "max_tokens": min(config.max_tokens, facts.max_output),
        }
    )


def _either(words: tuple[str, ...]) -> str:
    return " or ".join(words)
