"""Builds the SDK's client; the only place that names its classes, and it imports them late."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from sre_advisor.advisors.claude.config import ClaudeConfig, ConfigProblem

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

KeySource = SecretStr | Callable[[], str] | None
Middleware = Callable[[Any, Callable[[Any], Awaitable[Any]]], Awaitable[Any]]


def build_client(config: ClaudeConfig, key: KeySource) -> AsyncAnthropic:
    """A client for the configured provider; takes most of a second the first time, so call it in a thread.

    Raises ConfigProblem when a key, a setting or the provider's extra package is missing.
    """
    import httpx2

    common: dict[str, Any] = {
        "max_retries": config.max_retries,
        "timeout": httpx2.Timeout(config.timeout_s, connect=config.connect_timeout_s),
        "middleware": [capped_retry_after(config.longest_retry_after_s)],
        # Without this a global tracer would send our trace ids and baggage to the model's host.
        "open_telemetry": {"propagation": False},
    }
    if config.base_url:
        common["base_url"] = config.base_url.rstrip("/").removesuffix("/v1")
    try:
        return _provider(config, _told(key), common)
    except ImportError as error:
        raise ConfigProblem(
            f"provider {config.provider!r} needs a package that is not installed ({error.name}): "
            f"pip install 'anthropic[{config.provider}]'"
        ) from None


def _provider(config: ClaudeConfig, key: str, common: dict[str, Any]) -> Any:
    import anthropic

    match config.provider:
        case "anthropic":
            return anthropic.AsyncAnthropic(**_key(config, key), **common)
        case "bedrock":
            import botocore  # noqa: F401  # pyright: ignore[reportMissingImports, reportUnusedImport] # needed to sign
            from anthropic.lib.bedrock import AsyncAnthropicBedrock

            return AsyncAnthropicBedrock(aws_region=_needed(config, "region"), **common)
        case "vertex":
            import google.auth  # noqa: F401  # pyright: ignore[reportMissingImports, reportUnusedImport] # needed to sign
            from anthropic.lib.vertex import AsyncAnthropicVertex

            region, project = _needed(config, "region"), _needed(config, "project")
            return AsyncAnthropicVertex(region=region, project_id=project, **common)
        case "foundry":
            if not config.base_url:
                common["resource"] = _needed(config, "resource")
            return anthropic.AsyncAnthropicFoundry(api_key=_present(key), **common)


def _key(config: ClaudeConfig, key: str) -> dict[str, Any]:
    import anthropic

    settings: dict[str, Any] = {"api_key": _present(key)}
    if config.old_key_header:
        settings["default_headers"] = {"X-Api-Key": key, "Authorization": anthropic.omit}
    return settings


def _told(key: KeySource) -> str:
    if isinstance(key, SecretStr):
        return key.get_secret_value().strip()
    return key().strip() if key else ""


def _present(key: str) -> str:
    if not key:
        raise ConfigProblem("no API key for the model: set ANTHROPIC_API_KEY or ANTHROPIC_API_KEY_FILE")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigProblem("the API key holds characters no key has: look for a stray line in ANTHROPIC_API_KEY")
    return key


def _needed(config: ClaudeConfig, setting: str) -> str:
    value: str | None = getattr(config, setting)
    if not value:
        raise ConfigProblem(f"provider {config.provider!r} needs the setting {setting!r}")
    return value


def capped_retry_after(longest_s: float) -> Middleware:
    """Middleware that stops the SDK from sleeping longer than `longest_s`, or from retrying a used-up spend limit."""

    async def middleware(request: Any, call_next: Callable[[Any], Awaitable[Any]]) -> Any:
        response = await call_next(request)
        asked = asked_wait_s(response.headers)
        # A 429 that names no time to wait is a spend limit: it never succeeds.
        hopeless = response.status_code == 429 and asked is None
        if response.status_code >= 400 and (hopeless or (asked is not None and asked > longest_s)):
            response.http_response.headers["x-should-retry"] = "false"
        return response

    return middleware


def asked_wait_s(headers: Mapping[str, str]) -> float | None:
    """Seconds a response asks to wait: the SDK heeds milliseconds in a header of their own first."""
    try:
        return float(headers["retry-after-ms"]) / 1000
    except (KeyError, ValueError):
        asked = headers.get("retry-after")
        return None if asked is None else wait_s(asked)


def wait_s(value: str) -> float:
    """Seconds asked for by a Retry-After header, which holds seconds or an HTTP date; 0 when it holds neither."""
    try:
        return float(value)
    except ValueError:
        parsed = email.utils.parsedate_tz(value)
        return email.utils.mktime_tz(parsed) - time.time() if parsed else 0.0
