"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def the_config(context: typer.Context, given: Path | None) -> Path | None:
    """The settings file given after the command, or else before it."""
    before: Path | None = context.find_root().params.get("config")
    return given or before


Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="Settings file (default: ./advisor.yaml).",
        show_default=False,
        metavar="FILE",
        callback=the_config,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
