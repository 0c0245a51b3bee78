"""A GitHub, a Slack and settings that point at both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sre_advisor.credentials import Credentials
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.settings import load_settings
from sre_advisor.setup.privileges.asking import review
from sre_advisor.setup.privileges.review import Reviewed
from sre_advisor.slack.scopes import SCOPES
from tests.connectors.github.standin import REPO, Standin, ok, serve


@pytest.fixture
def hub() -> Iterator[Standin]:
    standin = Standin()
    server = serve(standin)
    yield standin
    server.shutdown()
    server.server_close()


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    local = LocalSlack()
    await local.start()
    grant(local)
    yield local
    await local.stop()


def grant(slack: LocalSlack, *more: str) -> None:
    """Give the app the scopes it needs, and these."""
    slack.state.config.scopes = {scope.name for scope in SCOPES} | set(more)


def answer(hub: Standin, *, scopes: str | None = None, **roles: bool) -> None:
    """Let GitHub tell these scopes and these roles in acme/shop."""
    headers = {} if scopes is None else {"X_OAuth_Scopes": scopes}
    hub.routes["/rate_limit"] = lambda: ok({"resources": {}}, **headers)
    hub.routes[REPO] = lambda: ok({"full_name": "acme/shop", "permissions": {"pull": True, **roles}}, **headers)


def backends(tmp_path: Path, **more: Any) -> dict[str, Any]:
    return {"database": {"url": f"sqlite:///{tmp_path}/journal.db"}, **more}


def github(hub: Standin) -> dict[str, Any]:
    return {"github": {"repositories": ["acme/shop"], "base_url": hub.url}}


async def reviewed(
    config: Mapping[str, Any],
    environment: Mapping[str, str] | None = None,
    exceptions: Mapping[str, str] | None = None,
    deadline_s: float = 10,
) -> dict[str, Reviewed]:
    found = await review(load_settings(None, config), Credentials(environment or {}), exceptions or {}, deadline_s)
    return {one.credential: one for one in found.credentials}
