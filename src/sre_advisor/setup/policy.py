"""Looking at the policy: readable, naming a channel, and naming nothing that is not configured."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from sre_advisor.broker.policy import Policy, PolicyBroken, read_policy
from sre_advisor.broker.policy.model import Everything, Names, Visible
from sre_advisor.credentials import Credentials
from sre_advisor.packaged import config_dir
from sre_advisor.settings import Settings
from sre_advisor.setup.checkup import Check, State, Trial

NAME = "policy"


def trials(settings: Settings, credentials: Credentials) -> list[tuple[str, Trial]]:
    """The one trial."""

    async def trial() -> Sequence[Check]:
        file = settings.policy.file or config_dir() / "policy.yaml"
        try:
            policy, digest = await asyncio.to_thread(read_policy, file)
        except PolicyBroken as broken:
            advice = "mend it: a running advisor keeps the last good policy, but would not start with this one"
            return (Check(NAME, State.MISCONFIGURED, str(broken), advice),)
        if not policy.channels and policy.direct_messages is None:
            whose = f"{file} names" if settings.policy.file else "policy.file is not set and the shipped policy names"
            advice = "`sre-advisor init` writes a policy for a channel; docs/how-to/limit-what-it-sees.md"
            state = State.MISCONFIGURED if credentials.get("SLACK_BOT_TOKEN") else State.NOT_CONFIGURED
            return (Check(NAME, state, f"{whose} no channel: nobody in Slack may ask", advice),)
        unknown = tuple(_unknown(policy, settings))
        if unknown:
            advice = "names are exact: correct them, or take them out"
            return (Check(NAME, State.MISCONFIGURED, f"{file} names what is not configured: {_told(unknown)}", advice),)
        return (Check(NAME, State.OK, f"{file} ({digest[:12]}), channels: {len(policy.channels)}"),)

    return [(NAME, trial)]


def _unknown(policy: Policy, settings: Settings) -> Iterable[str]:
    """Names in the policy that would never match anything; metrics and tools are known to running backends only."""
    services = {service.name for service in settings.services}
    repositories = {one.name for one in settings.git.repositories} | set(settings.github.repositories)
    folders = {folder.name for folder in settings.docs.folders}
    views: list[tuple[str, Visible | None]] = [(f"channels.{id_}", view) for id_, view in policy.channels.items()]
    for place, view in (*views, ("direct_messages", policy.direct_messages), ("terminal", policy.terminal)):
        if view is not None:
            yield from _beyond(f"{place}.services", view.services, services)
            yield from _beyond(f"{place}.repositories", view.repositories, repositories)
            yield from _beyond(f"{place}.docs", view.docs, folders)


def _beyond(place: str, names: Names, known: set[str]) -> Iterable[str]:
    if not isinstance(names, Everything):
        yield from (f"{place}: {name}" for name in names if name not in known)


def _told(unknown: Sequence[str]) -> str:
    return "; ".join(unknown[:5]) + (f"; and {len(unknown) - 5} more" if len(unknown) > 5 else "")
