"""Slack's tokens: the scopes granted against those the advisor needs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from sre_advisor.credentials import Credentials
from sre_advisor.settings import Settings
from sre_advisor.setup.privileges.files import exposed
from sre_advisor.setup.privileges.review import Access, Question, Reviewed
from sre_advisor.slack.scopes import SCOPES

if TYPE_CHECKING:
    from slack_sdk.web.async_slack_response import AsyncSlackResponse

BOT, APP = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"
TIMEOUT_S = 5
OWN_OUTPUT = frozenset({"chat:write", "assistant:write", "im:write", "reactions:write", "files:write", "commands"})
"""What concerns the app's own messages only, in conversations it was brought into."""
OTHERS = {
    "chat:write.public": "posts in public channels nobody invited it to",
    "chat:write.customize": "posts under other names and pictures",
    "channels:join": "joins public channels by itself",
    "incoming-webhook": "posts through a webhook that needs no token",
}
"""Scopes that reach beyond its own threads, and what they do."""
NEEDED_APP = frozenset({"connections:write"})
PERSONAL = "xoxp-"


def questions(settings: Settings, credentials: Credentials) -> list[Question]:
    """One for each token that is set."""
    found: list[Question] = []
    if credentials.source(BOT) != "not set":
        found.append(_bot(settings, credentials))
    if credentials.source(APP) != "not set":
        found.append(_app(settings, credentials))
    return found


def _bot(settings: Settings, credentials: Credentials) -> Question:
    known = Reviewed(
        credential=BOT,
        system="slack",
        source=credentials.source(BOT),
        may_change="posts and updates its own messages",
        worst="posts whatever it wants where it was invited, and reads what is said there",
    )

    async def ask(known: Reviewed) -> Reviewed:
        token = credentials.get(BOT) or ""
        known = known.noting(*await _exposure(credentials, BOT))
        scopes = await _scopes(settings, token)
        if scopes is None:
            return known.noting("Slack did not say which scopes the token has")
        if token.startswith(PERSONAL):
            words = ("it is a person's token: it acts under that person's name",)
            return replace(judged(known, scopes), access=Access.WRITES, writes=words, narrow=("use the bot token",))
        return judged(known, scopes)

    return Question(known, ask)


def judged(known: Reviewed, scopes: frozenset[str]) -> Reviewed:
    """The review by scopes: what is needed is allowed, what else it could write counts as writing."""
    spare = sorted(scopes - {scope.name for scope in SCOPES})
    writing = [scope for scope in spare if writes(scope)]
    strange = [scope for scope in spare if not writes(scope) and not _harmless(scope)]
    findings = [f"the scope {scope} is not used" for scope in spare if scope not in writing and scope not in strange]
    findings += [f"nobody here knows what the scope {scope} allows" for scope in strange]
    access = Access.WRITES if writing else Access.UNKNOWN if strange else Access.READS
    return replace(
        known,
        access=access,
        reads=tuple(f"scope {scope}" for scope in sorted(scopes) if _reads(scope)),
        writes=tuple(f"scope {scope}: {OTHERS.get(scope, 'changes what is not its own')}" for scope in writing),
        findings=known.findings + tuple(findings),
        worst=known.worst + ("; also changes what is not its own" if writing else ""),
        narrow=(f"take these scopes from the app and install it again: {', '.join(spare)}",) if spare else (),
    )


def writes(scope: str) -> bool:
    """Whether the scope lets it change more than its own messages."""
    if scope in OWN_OUTPUT:
        return False
    if scope in OTHERS:
        return True
    changes = any(part in scope for part in (":write", ":manage", ":join", ".invite", ".remove"))
    return changes or scope in {"admin", "client", "post", "bot"} or (scope.startswith("admin.") and not _reads(scope))


def _reads(scope: str) -> bool:
    return scope.endswith((":read", ":history", ":read.email", ":read.user")) or scope in {"identify", "read"}


def _harmless(scope: str) -> bool:
    return _reads(scope) or scope in OWN_OUTPUT or scope.startswith(("identity.", "search:"))


def _app(settings: Settings, credentials: Credentials) -> Question:
    known = Reviewed(
        credential=APP,
        system="slack",
        source=credentials.source(APP),
        reads=("events of the app's workspaces, over Socket Mode",),
        worst="listens in the advisor's place, so that questions go unanswered",
        narrow=("make it with connections:write alone",),
    )

    async def ask(known: Reviewed) -> Reviewed:
        known = known.noting(*await _exposure(credentials, APP))
        scopes = await _scopes(settings, credentials.get(APP) or "")
        if scopes is None:
            return known.noting("Slack does not say which scopes an app-level token has; the app's page shows them")
        return judged_app(known, scopes)

    return Question(known, ask)


def judged_app(known: Reviewed, scopes: frozenset[str]) -> Reviewed:
    """The review of an app-level token by its scopes."""
    spare = sorted(scopes - NEEDED_APP)
    if any(writes(scope) for scope in spare):
        return replace(known, access=Access.WRITES, writes=tuple(f"scope {scope}" for scope in spare if writes(scope)))
    return replace(known, access=Access.READS).noting(*(f"the scope {scope} is not used" for scope in spare))


async def _exposure(credentials: Credentials, name: str) -> tuple[str, ...]:
    file = credentials.file(name)
    return await asyncio.to_thread(exposed, file, "the token's file") if file else ()


async def _scopes(settings: Settings, token: str) -> frozenset[str] | None:
    """The scopes Slack names in a header of auth.test, which changes nothing; None when it names none or refuses."""
    from slack_sdk.errors import SlackApiError, SlackClientError
    from slack_sdk.web.async_client import AsyncWebClient

    from sre_advisor.connectors.contract import Unavailable

    client = AsyncWebClient(token=token, base_url=settings.slack.api_url, timeout=TIMEOUT_S, retry_handlers=[])
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        code = error.response.get("error")
        if code == "not_allowed_token_type":
            return None
        raise Unavailable("unauthorised", f"Slack refuses the token ({str(code)[:60]})") from None
    except (SlackClientError, OSError, TimeoutError):
        raise Unavailable("unreachable", "no answer; check slack.api_url and the network") from None
    return _named(answer)


def _named(answer: AsyncSlackResponse) -> frozenset[str] | None:
    headers = {str(key).lower(): str(value) for key, value in dict(answer.headers).items()}
    told = headers.get("x-oauth-scopes")
    return None if told is None else frozenset(scope.strip() for scope in told.split(",") if scope.strip())
