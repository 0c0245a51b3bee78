"""The program's commands; each hands over to the room that does it."""

from sre_advisor.cli.program import app, main

__all__ = ["app", "main"]
