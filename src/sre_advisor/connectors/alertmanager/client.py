"""Alertmanager as a backend of the alert tool."""

from __future__ import annotations

import asyncio
import time
from typing import Literal

import httpx

from sre_advisor.connectors.alertmanager.answers import Silence, read_alerts, read_silences
from sre_advisor.connectors.alertmanager.config import AlertmanagerConfig
from sre_advisor.connectors.alertmanager.wire import AlertmanagerReads
from sre_advisor.connectors.contract import Health, ToolFailure, Unavailable, UnavailableKind
from sre_advisor.model import Alert

State = Literal["ok", "unreachable", "unauthorised", "misconfigured"]
_WRONG_ADDRESS = "alertmanager.url must be Alertmanager's base address, with its path prefix if it has one"
_STATES: dict[UnavailableKind, tuple[State, str]] = {
    "unreachable": ("unreachable", "check alertmanager.url, that it runs, and the network in between"),
    "timeout": ("unreachable", "check that it is not overloaded; alertmanager.timeout_s can be raised"),
    "unauthorised": ("unauthorised", "check the token or password that the configuration names"),
    "server_error": ("unreachable", "look at Alertmanager's own log, or the proxy's in front of it"),
    "garbled": ("misconfigured", _WRONG_ADDRESS),
    "too_large": ("misconfigured", _WRONG_ADDRESS),
    "internal": ("misconfigured", "look at the log"),
}


class AlertmanagerClient:
    """One Alertmanager; `inner` replaces the network in tests."""

    def __init__(
        self,
        config: AlertmanagerConfig,
        name: str = "alertmanager",
        inner: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.config, self.name = config, name
        self._reads = AlertmanagerReads(config, inner)

    async def alerts(self) -> tuple[Alert, ...]:
        """Every alert that is active now, also silenced and inhibited ones, oldest first."""
        answer, silences = await asyncio.gather(self._reads.get("/api/v2/alerts"), self._silences_or_none())
        return read_alerts(answer, silences, self.config.service_labels)

    async def ping(self) -> Health:
        """Whether it can be read; never raises."""
        started = time.perf_counter()
        if self.config.url is None:
            return Health(self.name, "misconfigured", "not configured", 0.0, "set alertmanager.url")
        try:
            status = await self._reads.get("/api/v2/status")
        except Unavailable as failure:
            state, advice = _STATES[failure.kind]
            return Health(self.name, state, failure.detail, time.perf_counter() - started, advice)
        except ToolFailure as failure:
            return Health(self.name, "misconfigured", str(failure), time.perf_counter() - started, _WRONG_ADDRESS)
        seconds = time.perf_counter() - started
        if not isinstance(status, dict) or "versionInfo" not in status:
            return Health(self.name, "misconfigured", "what answers is no Alertmanager", seconds, _WRONG_ADDRESS)
        return Health(self.name, "ok", "reachable", seconds)

    async def close(self) -> None:
        """Let go of connections."""
        await self._reads.close()

    async def _silences_or_none(self) -> dict[str, Silence]:
        try:
            return read_silences(await self._reads.get("/api/v2/silences"))
        except ToolFailure:
            return {}  # an alert still says that it is silenced, only not by whom
