"""Calls to Slack whose failing is no harm: they are given up soon, and told in the log alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from sre_advisor.slack.trouble import reason_of

log = structlog.get_logger(__name__)

COURTESY_S = 3.0
"""Seconds an answer waits for what it does not depend on: slack_sdk would wait as long as a Retry-After says."""


@asynccontextmanager
async def courtesy(action: str, within_s: float = COURTESY_S) -> AsyncGenerator[None]:
    """Give up what is done herein after so many seconds, or where Slack does not take it."""
    try:
        async with asyncio.timeout(within_s):
            yield
    except SlackApiError as error:
        log.info("courtesy_refused", action=action, error=reason_of(error))
    except (OSError, TimeoutError, ClientError) as trouble:
        log.info("courtesy_not_sent", action=action, error=type(trouble).__name__)
