"""Alerts: what fires, is silenced or inhibited."""
