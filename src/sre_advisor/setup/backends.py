"""Trying the systems that are read, and the git program."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sre_advisor.connectors.contract import Connector, ToolFailure, Unavailable
from sre_advisor.connectors.git.runner import GitRunner
from sre_advisor.credentials import Credentials
from sre_advisor.settings import Settings
from sre_advisor.setup.checkup import Check, State, Trial

Connect = Callable[[Settings, Credentials], Sequence[Connector]]
"""Gives a connector for each system that is configured."""

KEYS = {
    "prometheus": "prometheus.url",
    "alertmanager": "alertmanager.url",
    "docs": "docs.folders",
    "git": "git.repositories",
    "github": "github.repositories",
}
"""Each system and the setting that configures it."""


def trials(settings: Settings, credentials: Credentials, connect: Connect) -> list[tuple[str, Trial]]:
    """A trial for every system, also for those that are not configured."""
    connectors = {connector.name: connector for connector in connect(settings, credentials)}
    found = [(name, _pinged(name, connectors.get(name))) for name in KEYS]
    if "git" in connectors:
        found.append(("git program", _git_program))
    if "github" in connectors:
        found.append(("github token", _github_token(credentials)))
    return found


def _pinged(name: str, connector: Connector | None) -> Trial:
    async def trial() -> Sequence[Check]:
        if connector is None:
            return (Check(name, State.NOT_CONFIGURED, "nothing is read from it", f"set {KEYS[name]} to use it"),)
        health = await connector.ping()
        await connector.close()
        return (Check(name, State(health.state), health.detail, health.advice, health.seconds),)

    return trial


async def _git_program() -> Sequence[Check]:
    name, began = "git program", time.monotonic()
    try:
        said = await GitRunner(Path("/")).run("version")
    except Unavailable as failure:
        return (Check(name, State.MISCONFIGURED, failure.detail, "install git (apt-get install git)"),)
    except ToolFailure as failure:
        return (Check(name, State.MISCONFIGURED, str(failure), "check that git runs for this user"),)
    words = said.stdout.decode(errors="replace").split()
    version = words[2] if len(words) > 2 and said.code == 0 else ""
    if not version:
        return (Check(name, State.MISCONFIGURED, "git does not say its version", "check that git runs for this user"),)
    return (Check(name, State.OK, f"version {version}", "", time.monotonic() - began),)


def _github_token(credentials: Credentials) -> Trial:
    async def trial() -> Sequence[Check]:
        name = "github token"
        if credentials.get("GITHUB_TOKEN"):
            return (Check(name, State.OK, f"from {credentials.source('GITHUB_TOKEN')}"),)
        advice = "set GITHUB_TOKEN to a fine-grained token with read-only access, for private ones and more requests"
        return (Check(name, State.NOT_CONFIGURED, "without one GitHub answers 60 requests an hour", advice),)

    return trial
