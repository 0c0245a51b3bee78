"""Clients, health, prompts and tables: what is checked before the first question."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, cast

import pytest
from opentelemetry import trace
from pydantic import SecretStr, ValidationError

from sre_advisor.advisors.answer import answer_schema
from sre_advisor.advisors.claude import ClaudeConfig, ConfigProblem, load_models
from sre_advisor.advisors.claude.client import build_client
from sre_advisor.advisors.claude.health import ping
from sre_advisor.advisors.claude.prices import TableProblem
from sre_advisor.advisors.prompts import PromptError, load_prompts
from sre_advisor.packaged import prompts_dir
from tests.advisors.world import ANSWER, bench
from tests.standins.model_script import answer

KEY = SecretStr("k" * 12)


async def test_a_usable_model_is_healthy() -> None:
    async with bench([]) as b:
        assert (await ping(b.model)).state == "ok"


async def test_a_model_on_its_way_out_is_said() -> None:
    async with bench([]) as b:
        b.server.lifecycle = "deprecated"
        assert "newer" in (await ping(b.model)).advice
        b.server.lifecycle = "retired"
        assert (await ping(b.model)).state == "misconfigured"


async def test_a_wrong_key_and_an_unknown_model_are_told_apart() -> None:
    async with bench([], key="wrong" * 3) as b:
        assert (await ping(b.model)).state == "unauthorised"
    async with bench([], model="claude-typo", priced_as="claude-sonnet-5-5") as b:
        assert (await ping(b.model)).state == "misconfigured"


async def test_a_server_that_is_gone_is_unreachable() -> None:
    async with bench([], base_url="http://127.0.0.1:1") as b:
        health = await ping(b.model)
        assert (health.state, bool(health.advice)) == ("unreachable", True)


async def test_a_gateway_may_want_the_old_key_header() -> None:
    async with bench([answer(ANSWER)], old_key_header=True) as b:
        advice = await b.ask()
        assert advice.failure == "unauthorised", "the stand-in only takes the new header"
        headers = b.server.turns[0].headers
        assert headers["x-api-key"] == b.server.api_key
        assert "authorization" not in headers


async def test_no_trace_header_is_sent_to_the_model() -> None:
    span = trace.NonRecordingSpan(trace.SpanContext(1, 2, is_remote=False, trace_flags=trace.TraceFlags(1)))
    async with bench([answer(ANSWER)]) as b:
        with trace.use_span(span):
            await b.ask()
        headers = b.server.turns[0].headers
        assert not {"traceparent", "baggage"} & set(headers)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"provider": "bedrock", "region": "eu-west-1"}, "anthropic\\[bedrock\\]"),
        ({"provider": "vertex", "region": "europe-west1", "project": "p"}, "anthropic\\[vertex\\]"),
        ({"provider": "foundry"}, "resource"),
    ],
)
def test_a_provider_that_lacks_something_says_what(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigProblem, match=words):
        build_client(ClaudeConfig(**settings), KEY)


@pytest.mark.parametrize("key", ["", "two\nlines", "with space", "schlüssel"])
def test_a_key_that_cannot_be_one_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(ConfigProblem, match="API key") as refused:
        build_client(ClaudeConfig(), SecretStr(key + "\n"))
    assert not key or key not in str(refused.value)


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError, match="base_url"):
        ClaudeConfig(base_url="gateway.example")


def test_foundry_gets_its_own_client() -> None:
    client = build_client(ClaudeConfig(provider="foundry", resource="team"), KEY)
    assert type(client).__name__ == "AsyncAnthropicFoundry"
    assert "team" in str(client.base_url)


def test_a_base_url_that_ends_in_v1_is_not_doubled() -> None:
    client = build_client(ClaudeConfig(base_url="https://gateway.example/anthropic/v1/"), KEY)
    assert str(client.base_url).rstrip("/") == "https://gateway.example/anthropic"


def test_the_answer_schema_stays_within_what_the_api_takes() -> None:
    text = json.dumps(answer_schema())
    for word in ("anyOf", "null", "maxLength", "maxItems", "minimum", "default"):
        assert f'"{word}"' not in text

    def objects(node: Any) -> list[dict[str, Any]]:
        children = cast("list[Any]", list(node.values()) if isinstance(node, dict) else node)
        inside = [o for c in children if isinstance(c, (dict, list)) for o in objects(c)]
        return [node, *inside] if isinstance(node, dict) and node.get("type") == "object" else inside  # pyright: ignore[reportUnknownVariableType] # JSON

    found = objects(answer_schema())
    assert len(found) >= 4
    assert all(o["additionalProperties"] is False for o in found)
    optional = [name for o in found for name in o["properties"] if name not in o["required"]]
    assert sorted(optional) == ["change", "patch", "rollback", "service"], "24 are the most the API takes"
    assert text.count('"$ref": "#/$defs/claim"') == 3


def test_the_prompt_is_small_holds_no_date_and_is_known_by_its_hash(tmp_path: Path) -> None:
    prompts = load_prompts()
    assert len(prompts.system) / 4 < 1_000
    assert "202" not in prompts.system
    for template in prompts_dir().iterdir():
        (tmp_path / template.name).write_bytes(template.read_bytes())
    assert load_prompts(tmp_path).hash == prompts.hash
    with (tmp_path / "repair.md.j2").open("a") as file:
        file.write("\nPlease.")
    assert load_prompts(tmp_path).hash != prompts.hash


def test_a_prompt_with_an_unknown_variable_is_refused(tmp_path: Path) -> None:
    for template in prompts_dir().iterdir():
        (tmp_path / template.name).write_bytes(template.read_bytes())
    (tmp_path / "system.md.j2").write_text("{{ nobody_sets_this }}")
    with pytest.raises(PromptError, match="nobody_sets_this"):
        load_prompts(tmp_path)


def test_a_broken_model_table_names_the_place(tmp_path: Path) -> None:
    table = tmp_path / "models.yaml"
    table.write_text("effective: 2026-11-21\nmodels:\n  m: {context: many}\n")
    with pytest.raises(TableProblem, match=r"models\.m\.context"):
        load_models(table)
    with pytest.raises(TableProblem, match=r"missing\.yaml"):
        load_models(tmp_path / "missing.yaml")


async def test_questions_at_once_share_one_client() -> None:
    async with bench([answer(ANSWER)] * 5) as b:
        advices = await asyncio.gather(*(b.ask() for _ in range(5)))
        assert all(a.stopped_because is None for a in advices)
        assert len({id(await b.model.client()) for _ in advices}) == 1
