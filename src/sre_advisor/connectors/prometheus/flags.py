"""What Prometheus was started with, for those who want to know whether it lets itself be changed."""

from __future__ import annotations

import asyncio

from sre_advisor.connectors.contract import Unavailable
from sre_advisor.connectors.prometheus.config import PrometheusConfig


async def read_flags(config: PrometheusConfig) -> dict[str, str]:
    """Its command-line flags by name; raises only the failures of the contract."""
    return await asyncio.to_thread(_read, config)


def _read(config: PrometheusConfig) -> dict[str, str]:
    from sre_advisor.connectors.prometheus.wire import open_session

    session = open_session(config)
    try:
        answer: object = session.get(f"{config.url}/api/v1/status/flags").json()
    except (ValueError, RecursionError):
        raise Unavailable("garbled", "the answer is not what the Prometheus API gives; is the address right?") from None
    finally:
        session.close()
    flags = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(flags, dict):
        raise Unavailable("garbled", "the answer holds no flags; is it a Prometheus?")
    return {str(name): str(value) for name, value in flags.items()}
