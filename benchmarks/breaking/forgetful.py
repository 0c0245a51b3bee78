"""The advisor with something left out, to show that the chaos run would notice it.

`dedupe`: nothing remembers that a message was taken, answered or sent before. `intent`: a message is not put on record
before it is posted.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from sre_advisor.app.assembly import assembled
from sre_advisor.app.serve import slack_service
from sre_advisor.app.stopping import stoppable
from sre_advisor.credentials import Credentials
from sre_advisor.journal.events import Event
from sre_advisor.journal.store import Journal
from sre_advisor.model import Question
from sre_advisor.settings import load_settings

from dataclasses import replace  # isort: skip


class WithoutIntent(Journal):
    """A journal that has lost what was about to be posted."""

    forgotten = ("message_intended",)

    async def of_investigation(self, investigation: str, *kinds: str) -> tuple[Event, ...]:
        """Without what is forgotten."""
        past = await super().of_investigation(investigation, *kinds)
        return tuple(event for event in past if event.kind not in self.forgotten)


class WithoutDedupe(WithoutIntent):
    """A journal that remembers no message and no answer."""

    forgotten = ("message_intended", "message_sent")

    async def append_once(self, happened: Event, key: str) -> bool:
        """Always new."""
        del key
        await self.append(happened)
        return True

    async def is_closed(self, question: Question) -> bool:
        """Never."""
        del question
        return False


KINDS: dict[str, type[Journal]] = {"dedupe": WithoutDedupe, "intent": WithoutIntent}


async def serve(kind: str, config: Path) -> None:
    """What `sre-advisor run` does, with the other journal."""
    settings = load_settings(config)
    async with (
        stoppable() as stopping,
        assembled(settings, Credentials(), None) as parts,
        await KINDS[kind].open(settings.database, lambda value: value) as journal,
        slack_service(replace(parts, journal=journal, investigator=replace(parts.investigator, journal=journal))),
    ):
        await stopping.told()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2])))
