"""PyGithub in a thread: a client for each call, and its failures as those of the contract."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from sre_advisor.connectors.contract import BadRequest, ToolFailure, Unavailable
from sre_advisor.connectors.github.config import GithubConfig, TokenSource

if TYPE_CHECKING:
    from github import Github, GithubException

T = TypeVar("T")
_RATE_WORDS = ("rate limit", "abuse detection")


class GithubClient:
    """Runs reads with PyGithub, which is imported at the first one (0.3 s and 35 MB)."""

    def __init__(self, config: GithubConfig, token: TokenSource) -> None:
        self._config = config
        self._token = token

    async def read(self, job: Callable[[Github], T]) -> T:
        """Run the job with a client of its own in a thread; raises only the contract's failures."""
        try:
            async with asyncio.timeout(self._config.deadline_s):
                return await asyncio.to_thread(self._run, job)
        except TimeoutError:
            host = self._config.base_url
            raise Unavailable("timeout", f"{host} took longer than {self._config.deadline_s:g} s in all") from None

    def _run(self, job: Callable[[Github], T]) -> T:
        from github import BadAttributeException, GithubException

        from sre_advisor.connectors.github.transport import Refused

        try:
            return job(self._client())
        except ToolFailure:
            raise
        except GithubException as error:
            raise failure_of(error, self._config.base_url) from None
        except Refused as error:
            raise Unavailable("garbled", f"the answer led to a request that may not be sent ({error})") from None
        except (
            BadAttributeException,
            json.JSONDecodeError,
            AssertionError,
            AttributeError,
            KeyError,
            TypeError,
            ValueError,
            RuntimeError,
        ) as error:
            # PyGithub trusts the shape of answers; what it trips over is an answer that is not GitHub's.
            raise Unavailable(
                "garbled", f"{self._config.base_url} gave an answer that is not GitHub's ({type(error).__name__})"
            ) from None

    def _client(self) -> Github:
        import github

        open_api(self._config)
        token = self._token()
        return github.Github(
            auth=github.Auth.Token(token) if token else None,
            base_url=self._config.base_url,
            per_page=100,
            retry=None,
            seconds_between_requests=None,
            lazy=True,
            user_agent="sre-advisor",
        )


def open_api(config: GithubConfig) -> None:
    """Let this process send the declared requests to the configured API."""
    from sre_advisor.connectors.github.transport import Door, open_door

    installation = config.app.installation_id if config.app else None
    open_door(Door.of(config.base_url, config.timeout_s, config.max_answer_bytes, installation))


def failure_of(error: GithubException, base_url: str) -> ToolFailure:
    """What an error answer means; never holds the answer's own text."""
    status = error.status
    headers = {k.lower(): str(v) for k, v in (error.headers or {}).items()}
    message = str(error.data.get("message", "")).casefold() if isinstance(error.data, dict) else ""
    limited = headers.get("x-ratelimit-remaining") == "0" or "retry-after" in headers
    if status == 404:
        return BadRequest("GitHub has no such thing, or the token may not see it; check the number and repository")
    if status == 422:
        return BadRequest("GitHub cannot process these arguments")
    if status == 429 or (status == 403 and (limited or any(w in message for w in _RATE_WORDS))):
        return Unavailable("server_error", f"GitHub's rate limit is used up; {_again(headers)}")
    if status in (401, 403):
        why = {401: "the token is wrong, expired or revoked", 403: "the token may not read this repository"}[status]
        return Unavailable("unauthorised", f"GitHub refuses: {why}")
    return Unavailable("server_error" if status >= 500 else "garbled", f"{base_url} answered with status {status}")


def _again(headers: dict[str, str]) -> str:
    wait = headers.get("retry-after", "")
    reset = headers.get("x-ratelimit-reset", "")
    if wait.isdigit():
        return f"it may be asked again in {int(wait)} s"
    if reset.isdigit():
        return f"it may be asked again in {max(0, int(reset) - int(time.time()))} s"
    return "it may be asked again in a minute"
