"""The command `record`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sre_advisor.app.assembly import assembled
from sre_advisor.app.recording.asked import Asked, asked_on_record
from sre_advisor.app.recording.making import recorded
from sre_advisor.app.recording.names import own_name
from sre_advisor.app.spans import moment
from sre_advisor.credentials import Credentials
from sre_advisor.investigate.intake import admit
from sre_advisor.model import Question
from sre_advisor.settings import Settings, SettingsError, load_settings


async def record_span(config: Path | None, start: str, end: str, service: str, question: str | None, out: Path) -> int:
    """Record what was there from `start` to `end`, as if the question had been asked at the end; 0."""
    began, ended = (datetime.fromisoformat(moment(text)).replace(microsecond=0) for text in (start, end))
    if began >= ended:
        raise SettingsError("--from must lie before --to")
    settings = _opened(config)
    async with assembled(settings, Credentials(), None) as parts:
        now = min(ended, datetime.now(UTC).replace(microsecond=0))
        known = parts.investigator.catalogue.find(service)
        text = admit(question or f"what is wrong with {service}?")
        name = known.name if known else service
        asked = Question(id=own_name(), investigation=own_name(), text=text, asked_at=now)
        looked = now - timedelta(hours=settings.first_look.hours)
        made = await recorded(parts, Asked(asked, now, min(began, looked), (name,)), out)
    return _told(made)


async def record_investigation(config: Path | None, investigation: str, out: Path) -> int:
    """Record an investigation that is in the journal, its world read anew from the live systems; 0."""
    settings = _opened(config)
    async with assembled(settings, Credentials(), None) as parts:
        made = await recorded(parts, await asked_on_record(parts, investigation), out)
    return _told(made)


def _opened(config: Path | None) -> Settings:
    settings = load_settings(config).quieter()
    settings.require_backends()
    return settings


def _told(made: Path) -> int:
    sys.stdout.write(f"recorded to {made}; look at it with `sre-advisor recordings show` and `recordings lint`\n")
    return 0
