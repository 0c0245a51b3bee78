"""What can be set for Alertmanager."""

from __future__ import annotations

from sre_advisor.connectors.access import HttpAccess
from sre_advisor.connectors.service_labels import SERVICE_LABELS


class AlertmanagerConfig(HttpAccess):
    """The `alertmanager` part of the configuration."""

    service_labels: tuple[str, ...] = SERVICE_LABELS
    """Which label of an alert names its service, most telling first."""
