"""What the alert tool needs of a source of alerts; Alertmanager is one, a recorded world another."""

from __future__ import annotations

from typing import Protocol

from sre_advisor.connectors.contract import Health
from sre_advisor.model import Alert


class AlertsBackend(Protocol):
    """A source of current alerts; every method raises only the failures of the contract."""

    async def alerts(self) -> tuple[Alert, ...]:
        """Every alert that is active now, also silenced and inhibited ones."""
        ...

    async def ping(self) -> Health:
        """Whether it can be read; never raises."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
