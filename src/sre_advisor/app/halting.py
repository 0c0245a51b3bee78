"""The kill switch on the command line."""

from __future__ import annotations

import sys
from pathlib import Path

from sre_advisor.app.audit import existing_journal, me
from sre_advisor.settings import load_settings
from sre_advisor.work.halt import halt, resume


async def stop_all(config: Path | None, reason: str) -> int:
    """Stop every investigation of every replica; 0 when that is on record."""
    async with await existing_journal(load_settings(config)) as journal:
        await halt(journal, me(), reason)
        running = len(await journal.unfinished())
    sys.stdout.write(
        f"Stopped. {running} open questions end within a few seconds and say so in their threads; new ones are refused "
        "until `sre-advisor resume`.\n"
    )
    return 0


async def resume_all(config: Path | None) -> int:
    """Let questions be answered again."""
    async with await existing_journal(load_settings(config)) as journal:
        lifted = await resume(journal, me())
    sys.stdout.write("Resumed: questions are answered again.\n" if lifted else "Nothing was stopped.\n")
    return 0
