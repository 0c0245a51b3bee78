"""Typed, narrow, read-only readers of other systems, one folder a system."""
