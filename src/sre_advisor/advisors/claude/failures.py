"""What the SDK raises, sorted into the closed set of failures, in words that hold no secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sre_advisor.advisors.turns import FailureKind, ModelFailure

if TYPE_CHECKING:
    import anthropic

MIDSTREAM_RETRIABLE = frozenset({"overloaded_error", "api_error", "rate_limit_error", "timeout_error"})
_BY_STATUS = {
    401: (FailureKind.UNAUTHORISED, "the model's API refused the key: check ANTHROPIC_API_KEY"),
    402: (FailureKind.SPEND_LIMIT, "the model's account has no credit left: an administrator must add some"),
    403: (FailureKind.UNAUTHORISED, "the key may not use this model: check the workspace's permissions"),
    404: (FailureKind.UNKNOWN_MODEL, "the model's API does not know the configured model: check the model's name"),
    408: (FailureKind.TIMEOUT, "the model's API gave up waiting"),
    413: (FailureKind.TOO_LARGE, "the request was too large for the model's API"),
    504: (FailureKind.TIMEOUT, "the model's API gave up waiting"),
    529: (FailureKind.OVERLOADED, "the model is overloaded"),
}
_OUR_FAULT = (
    FailureKind.BAD_REQUEST,
    "the model's API refused the request: this is a fault of the advisor, see its log",
)
_SPENDING = ("spend", "billing", "credit")
_TOO_LONG = ("prompt is too long", "context limit", "context window")


def from_status(error: anthropic.APIStatusError) -> ModelFailure:
    """The failure behind an HTTP error or an error event, with the request id for support."""
    kind, words = _sorted(error)
    detail = f"HTTP {error.status_code}, {error.type or 'no type'}, request {error.request_id or 'unknown'}"
    if kind is FailureKind.BAD_REQUEST and error.api_message:
        detail += f": {error.api_message[:200]}"
    return ModelFailure(kind, words, detail)


def _sorted(error: anthropic.APIStatusError) -> tuple[FailureKind, str]:
    status = error.status_code
    match status:
        case 429:
            return _limited(error)
        case 400:
            return _refused(f"{error.type or ''} {error.error_code or ''} {error.api_message or ''}".lower())
        case 200 if error.type != "invalid_request_error":
            return FailureKind.OVERLOADED, "the model broke off with an error"
        case _ if status in _BY_STATUS:
            return _BY_STATUS[status]
        case _ if status >= 500:
            return FailureKind.OVERLOADED, f"the model's API failed (HTTP {status})"
        case _:
            return _OUR_FAULT


def _refused(named: str) -> tuple[FailureKind, str]:
    """What a 400 means: some say that a limit is reached."""
    if any(word in named for word in _SPENDING):
        return FailureKind.SPEND_LIMIT, "the model's spend limit is used up: an administrator must raise it"
    if any(words in named for words in _TOO_LONG):
        return FailureKind.TOO_LARGE, "the conversation has outgrown the model's context"
    return _OUR_FAULT


def _limited(error: anthropic.APIStatusError) -> tuple[FailureKind, str]:
    headers = error.response.headers
    asked = headers.get("retry-after", headers.get("retry-after-ms"))
    if asked is None:
        return FailureKind.SPEND_LIMIT, "the model's spend limit is used up: an administrator must raise it"
    wait = asked if len(asked) <= 40 else "long"
    return FailureKind.RATE_LIMITED, f"the model's rate limit was hit (asked to wait: {wait})"


def refusal(category: str | None) -> ModelFailure:
    """The model declined; attack or malware text in the evidence can cause that."""
    reason = f" (category: {category})" if category else ""
    return ModelFailure(FailureKind.REFUSED, f"the model declined to answer{reason}")
