"""What a token may do, as far as GitHub tells by answering reads."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sre_advisor.connectors.contract import ToolFailure, Unavailable
from sre_advisor.connectors.github.client import GithubClient

if TYPE_CHECKING:
    from github import Github

AT_ONCE = 4
LOOKED_AT = 40
"""Repositories asked about; each costs one request."""
Answer = tuple[tuple[str, ...] | None, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Rights:
    """A classic token's scopes (None: GitHub named none, so it is another kind), and roles in repositories.

    `roles` holds, for each repository that answered, those of pull, triage, push, maintain, admin that are granted.
    """

    scopes: tuple[str, ...] | None
    roles: tuple[tuple[str, tuple[str, ...]], ...]
    unanswered: tuple[tuple[str, str], ...] = ()
    """Repositories that could not be asked about, and why."""


async def read_rights(client: GithubClient, repositories: Sequence[str]) -> Rights:
    """What the token may do; raises Unavailable when GitHub answered nothing at all."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def ask(name: str | None) -> Answer | ToolFailure:
        async with slots:
            try:
                return await client.read(lambda github: _scopes(github) if name is None else _roles(github, name))
            except ToolFailure as failure:
                return failure

    asked = repositories[:LOOKED_AT]
    first, *others = await asyncio.gather(ask(None), *(ask(name) for name in asked))
    answered = [one for one in (first, *others) if not isinstance(one, ToolFailure)]
    if not answered:
        raise first if isinstance(first, Unavailable) else Unavailable("garbled", "no answer GitHub would give")
    scopes = next((scopes for scopes, _ in answered if scopes is not None), None)
    pairs = list(zip(asked, others, strict=True))
    return Rights(
        scopes,
        tuple((name, one[1]) for name, one in pairs if not isinstance(one, ToolFailure)),
        tuple((name, str(one)) for name, one in pairs if isinstance(one, ToolFailure)),
    )


def _scopes(github: Github) -> Answer:
    github.requester.requestJsonAndCheck("GET", "/rate_limit")
    return _told(github), ()


def _roles(github: Github, name: str) -> Answer:
    _, data = github.requester.requestJsonAndCheck("GET", f"/repos/{name}")
    granted = data.get("permissions") if isinstance(data, dict) else None
    roles = tuple(str(role) for role, given in granted.items() if given is True) if isinstance(granted, dict) else ()
    return _told(github), roles


def _told(github: Github) -> tuple[str, ...] | None:
    """The scopes named by the last answer's X-OAuth-Scopes; it is empty for a token without any."""
    scopes = github.oauth_scopes
    return None if scopes is None else tuple(scope.strip() for scope in scopes if scope.strip())
