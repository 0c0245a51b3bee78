"""The credential for GitHub: a token's scopes and roles, or what an App's installation was permitted."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from sre_advisor.connectors.contract import Unavailable
from sre_advisor.connectors.github.app import NEEDED, AppTokens
from sre_advisor.connectors.github.client import GithubClient
from sre_advisor.connectors.github.config import AppConfig, GithubConfig
from sre_advisor.connectors.github.rights import LOOKED_AT, Rights, read_rights
from sre_advisor.credentials import Credentials
from sre_advisor.settings import Settings
from sre_advisor.setup.privileges.access import TIMEOUT_S
from sre_advisor.setup.privileges.files import exposed
from sre_advisor.setup.privileges.review import Access, Question, Reviewed

TOKEN = "GITHUB_TOKEN"
READING_SCOPES = frozenset({"user:email", "audit_log"})
WRITING_SCOPES = frozenset(
    {"repo", "public_repo", "repo:status", "repo_deployment", "repo:invite", "security_events", "workflow", "gist",
     "notifications", "user", "user:follow", "project", "codespace", "copilot", "delete_repo", "site_admin"}
)  # fmt: skip
WRITING_PREFIXES = ("write:", "admin:", "delete:", "manage_", "manage:")
WRITING_ROLES = ("admin", "maintain", "push", "triage")
BY_ITS_OWNER = ("github_pat_", "ghu_")
"""Kinds of token for which the role GitHub tells is their owner's, which the token itself may fall short of."""
NARROW = "use a GitHub App (github.app), or a fine-grained token, with read access to contents, metadata, pull \
requests, deployments and actions of these repositories, and nothing else"
WORST = "pushes code, merges, starts workflows with their secrets, as far as its rights reach"


def questions(settings: Settings, credentials: Credentials) -> list[Question]:
    """The App or the token, whichever is used; a token that is not used is said to be too much."""
    config = settings.github
    token_set = credentials.source(TOKEN) != "not set"
    if not config.repositories:
        return [_unused(credentials, "no repository is configured under github")] if token_set else []
    brief = config.model_copy(
        update={"timeout_s": min(config.timeout_s, TIMEOUT_S), "deadline_s": min(config.deadline_s, 2 * TIMEOUT_S)}
    )
    if config.app:
        unused = [_unused(credentials, "the tokens of github.app are used instead")] if token_set else []
        return [_app(brief, config.app), *unused]
    return [_token(brief, credentials) if token_set else _nobody(config)]


def _nobody(config: GithubConfig) -> Question:
    known = Reviewed(
        credential="github (no credential)",
        system="github",
        source="none is configured",
        access=Access.READS,
        reads=_names(config),
        worst="reads what everybody may read",
    )

    async def ask(known: Reviewed) -> Reviewed:
        return known

    return Question(known, ask)


def _unused(credentials: Credentials, why: str) -> Question:
    known = Reviewed(TOKEN, "github", credentials.source(TOKEN), worst=f"{WORST}; but it is never sent anywhere")

    async def ask(known: Reviewed) -> Reviewed:
        return replace(known, narrow=("unset it",)).noting(f"it is set but not used: {why}")

    return Question(known, ask)


def _token(config: GithubConfig, credentials: Credentials) -> Question:
    file = credentials.file(TOKEN)
    known = Reviewed(
        credential=TOKEN,
        system="github",
        source=credentials.source(TOKEN),
        reads=_names(config),
        worst=WORST,
        narrow=(NARROW,),
    )

    async def ask(known: Reviewed) -> Reviewed:
        value = credentials.get(TOKEN) or ""
        exposure = await asyncio.to_thread(exposed, file, "the token's file") if file else ()
        rights = await read_rights(GithubClient(config, lambda: value), config.repositories)
        return judged(known.noting(*exposure), rights, owners_role=value.startswith(BY_ITS_OWNER), all_of=config)

    return Question(known, ask)


def judged(known: Reviewed, rights: Rights, *, owners_role: bool, all_of: GithubConfig) -> Reviewed:
    """The review by what GitHub told: scopes where there are any, else roles in the repositories."""
    known = known.noting(*_unasked(rights, all_of))
    if rights.scopes is not None:
        return _by_scopes(known, rights.scopes)
    roles = tuple(f"{name}: {', '.join(found)}" for name, granted in rights.roles if (found := _writing(granted)))
    if owners_role:
        words = "what this fine-grained token may do beside reading cannot be asked; its page on GitHub shows it"
        return known.noting(
            words, *(f"its owner's role in {role}; the token may have been given less" for role in roles)
        )
    if roles:
        return replace(known, access=Access.WRITES, writes=roles)
    return known.noting("GitHub names neither scopes nor a role that writes; it may still change issues or checks")


def _by_scopes(known: Reviewed, scopes: tuple[str, ...]) -> Reviewed:
    writing = tuple(scope for scope in scopes if scope in WRITING_SCOPES or scope.startswith(WRITING_PREFIXES))
    reading = tuple(scope for scope in scopes if scope.startswith("read:") or scope in READING_SCOPES)
    strange = tuple(scope for scope in scopes if scope not in writing and scope not in reading)
    reads = tuple(f"scope {scope}" for scope in reading)
    if writing:
        return replace(
            known, access=Access.WRITES, reads=known.reads + reads, writes=tuple(f"scope {s}" for s in writing)
        )
    if strange:
        return replace(known, reads=known.reads + reads).noting(f"scopes nobody here knows: {', '.join(strange)}")
    return replace(
        known, access=Access.READS, reads=known.reads + reads, worst="reads what its owner may read", narrow=()
    )


def _writing(granted: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(role for role in WRITING_ROLES if role in granted)


def _unasked(rights: Rights, config: GithubConfig) -> tuple[str, ...]:
    found = tuple(f"{name} could not be asked about: {why}" for name, why in rights.unanswered)
    more = len(config.repositories) - LOOKED_AT
    return found + ((f"{more} further repositories were not asked about",) if more > 0 else ())


def _app(config: GithubConfig, app: AppConfig) -> Question:
    known = Reviewed(
        credential="github.app",
        system="github",
        source=f"file {app.private_key_file}",
        reads=_names(config),
        worst=WORST,
    )

    async def ask(known: Reviewed) -> Reviewed:
        exposure = await asyncio.to_thread(exposed, app.private_key_file, "the App's private key")
        permitted = await asyncio.to_thread(AppTokens(config, app).permissions)
        if not permitted:
            raise Unavailable("garbled", "GitHub did not say what the App was permitted")
        return judged_app(known.noting(*exposure), permitted)

    return Question(known, ask)


def judged_app(known: Reviewed, permitted: Mapping[str, str]) -> Reviewed:
    """The review by the installation's permissions; the key could ask for all of them, so all of them count."""
    writes = tuple(f"{name}: {level}" for name, level in sorted(permitted.items()) if level != "read")
    spare = tuple(name for name in sorted(permitted) if name not in NEEDED and permitted[name] == "read")
    known = replace(known, reads=(*known.reads, *(f"permission {name}" for name in sorted(permitted))))
    if spare:
        known = known.noting(f"it may read more than is used: {', '.join(spare)}")
    if not writes:
        return replace(known, access=Access.READS, worst="reads what the installation was permitted")
    words = "the tokens asked for can only read, but the key could ask for others"
    return replace(
        known, access=Access.WRITES, writes=writes, narrow=(f"take from the App: {', '.join(writes)}",)
    ).noting(words)


def _names(config: GithubConfig) -> tuple[str, ...]:
    shown = config.repositories[:LOOKED_AT]
    more = len(config.repositories) - len(shown)
    return shown + ((f"and {more} more",) if more else ())
