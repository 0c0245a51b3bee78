"""A second model answers when the first fails."""

from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from sre_advisor.advisors.claude import ClaudeConfig, ClaudeModel, ConfigProblem, fallback_config, load_models
from sre_advisor.advisors.claude.health import warn
from sre_advisor.advisors.contract import Advice
from sre_advisor.advisors.prompts import load_prompts
from sre_advisor.investigate.diagnose import ModelAdvisor
from sre_advisor.investigate.succession import Succession
from tests.advisors.world import ANSWER, Bench, bench, brief
from tests.standins.model_script import Fail, answer, overloaded, refusal

SECOND = "claude-haiku-4-5"


@dataclass
class Pair:
    on: Bench
    both: Succession

    async def ask(self, **limits: Any) -> Advice:
        return await self.both.advise(brief(), self.on.desk, self.on.ledger(**limits))


def pair(b: Bench) -> Pair:
    prompts = load_prompts()
    config = fallback_config(b.model.config.model_copy(update={"fallback": SECOND}), load_models())
    assert config is not None
    model = ClaudeModel(config, SecretStr(b.server.api_key), load_models(), prompts.system, prompts.hash)
    return Pair(b, Succession(b.advisor, ModelAdvisor(model, prompts)))


@pytest.mark.parametrize("failure", [overloaded(), refusal(), Fail(404, "not_found_error", "no such model")])
async def test_the_second_model_answers_and_the_answer_says_why(failure: Any) -> None:
    async with bench([failure, answer(ANSWER)], stream_retries=0) as b:
        advice = await pair(b).ask()
        assert (advice.advisor, advice.stopped_because) == (SECOND, None)
        assert b.model.name in advice.notes[0]
        assert [t.json["model"] for t in b.server.turns] == [b.model.name, SECOND]


async def test_both_share_one_limit() -> None:
    async with bench([overloaded(), answer(ANSWER)], stream_retries=0) as b:
        advice = await pair(b).ask(model_calls=1)
        assert (len(b.server.turns), advice.model_calls) == (1, 1)
        assert "limit of 1 model calls" in str(advice.stopped_because)


async def test_a_used_up_account_is_not_tried_with_another_model() -> None:
    async with bench([Fail(402, "billing_error", "no credit")], stream_retries=0) as b:
        assert (await pair(b).ask()).failure == "spend_limit"
        assert len(b.server.turns) == 1


def test_a_fallback_keeps_only_settings_it_allows_and_must_be_another_known_model() -> None:
    config = fallback_config(ClaudeConfig(fallback=SECOND, thinking="between_tools"), load_models())
    assert config is not None
    assert (config.model, config.effort, config.thinking, config.fallback) == (SECOND, None, None, None)
    for wrong in ("claude-typo", ClaudeConfig().model):
        with pytest.raises(ConfigProblem, match="fallback"):
            fallback_config(ClaudeConfig(fallback=wrong), load_models())


async def test_at_the_start_a_model_on_its_way_out_is_only_warned_of() -> None:
    async with bench([]) as b:
        b.server.lifecycle = "retired"
        with capture_logs() as said:
            await warn(b.model)
        assert "is retired" in str(said)
