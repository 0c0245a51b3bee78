"""What can be found out before the first question, so that nobody waits for it; never in anybody's way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

import structlog

from sre_advisor.app.beside import beside
from sre_advisor.connectors.contract import Connector, ToolFailure, Warms

log = structlog.get_logger(__name__)

EVERY_S = 25 * 60.0
"""A little less than what was found is kept for, so that no later question pays for it either."""
AGAIN_S = 60.0
"""How soon a source that could not be read is tried again."""


def kept_warm(connectors: Sequence[Connector]) -> AbstractAsyncContextManager[None]:
    """Warm up in the background as long as the block runs; a source that is down is tried again later."""
    return beside(_keep_warm(connectors))


async def warm_up(connectors: Sequence[Connector]) -> bool:
    """Let every source look up what its first question would, and load what that question needs; whether all could."""
    able = [connector for connector in connectors if isinstance(connector, Warms)]
    done = await asyncio.gather(asyncio.to_thread(_load), *(_warmed(connector) for connector in able))
    return all(done)


async def _keep_warm(connectors: Sequence[Connector]) -> None:
    while True:  # noqa: ASYNC110  # it keeps a rhythm, there is no condition to wait for
        await asyncio.sleep(EVERY_S if await warm_up(connectors) else AGAIN_S)


async def _warmed(connector: Connector) -> bool:
    try:
        await connector.warm() if isinstance(connector, Warms) else None
    except ToolFailure as failure:
        log.info("not_warmed", action="warm", connector=connector.name, why=str(failure))
        return False
    except Exception:  # a mistake in looking ahead must not take the service down: the question itself will tell
        log.exception("not_warmed", action="warm", connector=connector.name)
        return False
    return True


def _load() -> bool:
    """Import what a first look uses; matplotlib alone takes most of a second."""
    from sre_advisor.commands import explain
    from sre_advisor.investigate.drawing import load

    load()
    explain("true")
    return True
