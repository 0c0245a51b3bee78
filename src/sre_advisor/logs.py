"""How the program logs: one line an event on stderr, JSON or plain, without secrets."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, MutableMapping
from typing import Any, Literal

import structlog


def quieter(level: str) -> str:
    """The level for a command whose answer a person reads on the same terminal: trouble only, unless asked for more."""
    return "warning" if level == "info" and sys.stderr.isatty() else level


def set_up_logs(
    level: str, style: Literal["auto", "json", "plain"], redact: Callable[[str], str] = lambda text: text
) -> None:
    """Configure structlog and the standard library's loggers to write redacted lines to stderr."""
    plain = style == "plain" or (style == "auto" and sys.stderr.isatty())

    def clean(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {k: redact(v) if isinstance(v, str) else v for k, v in event.items()}

    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        clean,
    ]
    last = structlog.dev.ConsoleRenderer() if plain else structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for chatty in (
        "httpx",
        "httpx2",
        "httpcore",
        "httpcore2",
        "urllib3",
        "slack_sdk",
        "slack_bolt",
        "alembic",
        "aiohttp",
        "github",
    ):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
