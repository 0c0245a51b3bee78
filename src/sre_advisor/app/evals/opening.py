"""Recordings and advisors as an eval needs them: the same tools and the same models as in Slack."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from sre_advisor.advisors.claude import ClaudeConfig, ClaudeModel, ModelTable, load_models
from sre_advisor.advisors.claude.config import checked_facts
from sre_advisor.advisors.contract import Advisor
from sre_advisor.advisors.offline import OfflineAdvisor
from sre_advisor.advisors.prompts import load_prompts
from sre_advisor.app.assembly import windows_for
from sre_advisor.broker.redaction import Redactor
from sre_advisor.credentials import Credentials
from sre_advisor.evals.suites.bundled import NAME as BUNDLED
from sre_advisor.evals.suites.bundled import bundled_suite
from sre_advisor.evals.suites.suite import Case, Suite, load_suite
from sre_advisor.evals.trials.arms import OFFLINE, Arm
from sre_advisor.evals.trials.runner import WORLDS_OPEN
from sre_advisor.evals.trials.stage import Opening
from sre_advisor.evals.trials.standin import StandIn
from sre_advisor.evals.trouble import EvalTrouble
from sre_advisor.investigate.diagnose import ModelAdvisor
from sre_advisor.replay import opening
from sre_advisor.replay.opening import is_plain
from sre_advisor.settings import Settings

SERVERS_OPEN = 8
"""Recordings open at once that may each have a Prometheus of some 60 MB."""


def the_suite(name: str) -> Suite:
    """The suite of this name or folder; raises EvalTrouble."""
    return bundled_suite() if name == BUNDLED else load_suite(Path(name))


def worlds_open(suite: Suite) -> int:
    """How many of its recordings are open at once: of real ones few, as each has a Prometheus of its own."""
    simulated = suite.name == BUNDLED or all(is_plain(case.recording()) for case in suite.cases)
    return WORLDS_OPEN if simulated else SERVERS_OPEN


async def open_recording(settings: Settings, recording: Path, stack: AsyncExitStack) -> Opening:
    """A recording with the tools over it; raises BrokenRecording."""
    opened = await stack.enter_async_context(opening.open_recording(recording))
    return Opening(
        opened.question, opened.now, opened.catalogue, opened.connectors,
        windows_for(settings.first_look, opened.world, opened), opened.holds,
    )  # fmt: skip


class Advisors:
    """The advisor of each arm; one per model and prompt, as they hold no state of a trial."""

    def __init__(self, settings: Settings, models: dict[str, ModelAdvisor]) -> None:
        self._settings, self._models = settings, models
        self.offline = OfflineAdvisor()

    def __call__(self, arm: Arm, case: Case, trial: int) -> Advisor:
        """The advisor; only a stand-in is told the case."""
        if (script := arm.script) is not None:
            return StandIn(arm.name, script, case.expected, case.id, trial)
        return self.offline if arm.model == OFFLINE else self.model(arm)

    def model(self, arm: Arm) -> Advisor:
        """The model of an arm that has one."""
        return self._models[arm.name]

    def worst_usd(self, arm: Arm) -> float:
        """The most one trial can take."""
        if (script := arm.script) is not None:
            return script.usd
        return 0.0 if arm.model == OFFLINE else self._settings.budget.cost_usd

    def prompt_hash(self, arm: Arm) -> str:
        """The hash of the prompts an arm speaks with; "" where it has none."""
        model = self._models.get(arm.name)
        return model.prompts.hash if model else ""


@asynccontextmanager
async def advisors_for(
    arms: tuple[Arm, ...], settings: Settings, credentials: Credentials, redactor: Redactor
) -> AsyncGenerator[Advisors]:
    """The arms' advisors, closed at the end; raises EvalTrouble, ConfigProblem or PromptError."""
    table = load_models()
    async with AsyncExitStack() as stack:
        models: dict[str, ModelAdvisor] = {}
        for arm in arms:
            if arm.is_model:
                models[arm.name] = _claude(arm, settings.model, table, credentials, redactor, stack)
        yield Advisors(settings, models)


def _claude(
    arm: Arm,
    settings: ClaudeConfig,
    table: ModelTable,
    credentials: Credentials,
    redactor: Redactor,
    stack: AsyncExitStack,
) -> ModelAdvisor:
    if settings.provider == "anthropic" and arm.model not in table.models and arm.model != settings.model:
        known = ", ".join(["offline", "scripted:P", *sorted(table.models)])
        raise EvalTrouble(
            f"--model {arm.model[:80]!r}: is not known; known are {known}; add another to config/models.yaml"
        )
    if settings.provider == "anthropic" and not credentials.model_key():
        raise EvalTrouble(
            f"--model {arm.model}: ANTHROPIC_API_KEY is not set; put the key there, or a file's path in _FILE"
        )
    config = settings if arm.model == settings.model else settings.model_copy(
        update={"model": arm.model, "priced_as": None, "fallback": None, "thinking": None}
    )  # fmt: skip
    checked_facts(config, table)
    prompts = load_prompts(system=arm.prompt)
    model = ClaudeModel(config, credentials.model_key, table, prompts.system, prompts.hash)
    stack.push_async_callback(model.close)
    return ModelAdvisor(model, prompts, lambda text: redactor.text(text)[0])
