"""The shadow: put beside the live advisor, and its answers on record as a run."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from sre_advisor.app.audit import existing_journal
from sre_advisor.app.evals.opening import advisors_for
from sre_advisor.broker.redaction import Redactor
from sre_advisor.credentials import Credentials
from sre_advisor.evals.incidents import KINDS, incidents
from sre_advisor.evals.shadow import Shadow
from sre_advisor.evals.trials.arms import OFFLINE, parse_arms
from sre_advisor.evals.trials.store import RunFile
from sre_advisor.evals.trials.trial import Trial
from sre_advisor.evals.trouble import EvalTrouble
from sre_advisor.investigate.investigation import Investigator
from sre_advisor.journal.store import Journal
from sre_advisor.settings import Settings, load_settings


async def journal_run(config: Path | None) -> tuple[RunFile, tuple[Trial, ...]]:
    """The shadow's answers on record beside the live ones; raises EvalTrouble when there is nothing to compare."""
    async with await existing_journal(load_settings(config)) as journal:
        return incidents(await journal.of_kinds(*KINDS))


@asynccontextmanager
async def shadowing(
    settings: Settings, credentials: Credentials, redactor: Redactor, journal: Journal, investigator: Investigator
) -> AsyncGenerator[Investigator]:
    """The investigator, with the candidate of the settings behind it; raises EvalTrouble when it cannot be asked."""
    config = settings.evals.shadow
    arm = parse_arms([config.model or settings.model.model], [config.prompt] if config.prompt else [])[0]
    if arm.script is not None:
        raise EvalTrouble("evals.shadow.model: a scripted stand-in knows no real incident; name a model")
    async with advisors_for((arm,), settings, credentials, redactor) as advisors:
        candidate = advisors.offline if arm.model == OFFLINE else advisors.model(arm)
        shadow = Shadow(candidate, advisors.prompt_hash(arm), config, journal)
        try:
            yield replace(investigator, afterwards=shadow.begin)
        finally:
            await shadow.close()
