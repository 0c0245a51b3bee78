"""Readings over time in whatever shape a tool prints them, brought to one: a time, a service, a metric and a value."""
