"""What can go wrong with a call to Slack, and whether waiting helps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

PASSING = (
    "ratelimited",
    "rate_limited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "unknown_error",
)
"""Errors of Slack's own that say nothing about the message."""


NOT_US = ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "org_login_required")
"""Errors that say that our token is not, or no longer, taken: every message would be refused, none is to blame."""

SEEN: Counter[str] = Counter()
"""What went wrong in this process so far, by kind, for the metrics."""


class RateLimitsWaitedOut(AsyncRateLimitErrorRetryHandler):
    """slack_sdk's own waiting, counted."""

    async def prepare_for_next_attempt_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        """Wait as long as Slack says."""
        SEEN["rate_limited"] += 1
        await super().prepare_for_next_attempt_async(state=state, request=request, response=response, error=error)


class Undeliverable(Exception):
    """Slack does not take the message; `reason` is its word for why."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Slack refused the message: {reason}")
        self.reason = reason


class SlackUnavailable(Exception):
    """Slack cannot be asked now; it names a wait in seconds, or 0, and tells whether it may have done what we asked."""

    def __init__(self, reason: str, *, wait_s: float = 0.0, perhaps_done: bool = True) -> None:
        super().__init__(reason)
        self.wait_s, self.perhaps_done = wait_s, perhaps_done


class TokenRefused(SlackUnavailable):
    """Slack does not take our token: nothing was done, and nothing will be until there is another."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, perhaps_done=False)
        self.reason = reason


@contextmanager
def told_apart() -> Generator[None]:
    """Turn what a call to Slack raises into Undeliverable or SlackUnavailable."""
    try:
        yield
    except SlackApiError as error:
        raise _meaning(error) from None
    except SlackRequestError:
        SEEN["no_answer"] += 1
        raise SlackUnavailable("the upload was not taken") from None
    except (OSError, TimeoutError, ClientError) as trouble:
        SEEN["no_answer"] += 1
        raise SlackUnavailable(type(trouble).__name__) from None


def reason_of(error: SlackApiError) -> str:
    """Slack's word for the error; `unknown_error` when something between us and Slack answered in its place."""
    data: object = getattr(error.response, "data", error.response)
    return str(data.get("error") or "unknown_error") if isinstance(data, dict) else "unknown_error"


def _meaning(error: SlackApiError) -> Undeliverable | SlackUnavailable:
    reason, status = reason_of(error), _status(error)
    if status == 429 or status >= 500 or reason in PASSING:
        SEEN["rate_limited" if status == 429 else "server_error"] += 1
    if status == 429:  # the one answer that says for sure that nothing was done
        return SlackUnavailable(reason, wait_s=_retry_after(error), perhaps_done=False)
    if status >= 500 or reason in PASSING:
        return SlackUnavailable(reason if status < 500 else f"HTTP {status}", wait_s=_retry_after(error))
    return TokenRefused(reason) if reason in NOT_US else Undeliverable(reason)


def _status(error: SlackApiError) -> int:
    """The HTTP status; slack_sdk hands on aiohttp's own response where the body could not be read as JSON."""
    found = getattr(error.response, "status_code", None) or getattr(error.response, "status", None)
    return found if isinstance(found, int) else 0


def _retry_after(error: SlackApiError) -> float:
    headers = getattr(error.response, "headers", None) or {}
    words = next((str(value).strip() for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(words) if words.isascii() and words.isdigit() else 0.0
