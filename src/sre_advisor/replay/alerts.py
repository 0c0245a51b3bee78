"""The recorded alerts behind the alert tools."""

from __future__ import annotations

from sre_advisor.connectors.contract import Health
from sre_advisor.model import Alert, Window
from sre_advisor.replay.world import World


def active_in(world: World, window: Window) -> tuple[Alert, ...]:
    """The recorded alerts that were active at any time in the window, oldest first."""
    found = [
        alert
        for alert in world.alerts
        if alert.started_at <= window.end and (alert.ended_at is None or alert.ended_at >= window.start)
    ]
    return tuple(sorted(found, key=lambda alert: alert.started_at))


class RecordedAlerts:
    """An AlertsBackend that knows what was active at the recording's now."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def alerts(self) -> tuple[Alert, ...]:
        """Every alert that was active at the recording's now."""
        return active_in(self._world, Window(self._world.now, self._world.now))

    async def ping(self) -> Health:
        """Always well: the recording was read in full before."""
        count = len(self._world.alerts)
        return Health("alertmanager", "ok", f"recorded world {self._world.id}: {count} alerts", 0.0)

    async def close(self) -> None:
        """Nothing to let go of."""
