"""The auditor's commands: verify, show, list, export and expire the record."""

from __future__ import annotations

import asyncio
import getpass
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

from sre_advisor.app.spans import UnclearTime, moment, span
from sre_advisor.broker.redaction import Redactor
from sre_advisor.credentials import Credentials
from sre_advisor.journal.archive import Archive, open_archive, require_journal
from sre_advisor.journal.export import export_lines, verify_export, write_export
from sre_advisor.journal.heads import read_heads
from sre_advisor.journal.keys import load_keys
from sre_advisor.journal.store import Journal
from sre_advisor.journal.verification import Verification, verify
from sre_advisor.logs import set_up_logs
from sre_advisor.settings import Settings, load_settings
from sre_advisor.terminal.record import entries_table, page, plain

YOUNGEST = timedelta(hours=1)
"""What was touched since may still be running."""


async def verify_record(config: Path | None, head: Path | None, export: Path | None, *, as_json: bool) -> int:
    """Check the chain, or an export of it; 0 when it is whole, 1 when it is not."""
    settings = load_settings(config)
    found = await asyncio.to_thread(_verified, settings, head, export)
    if as_json:
        _say(json.dumps(asdict(found) | {"whole": found.whole}, indent=2))
    else:
        _say(_verdict(found))
    return 0 if found.whole else 1


def _verified(settings: Settings, head: Path | None, export: Path | None) -> Verification:
    database = settings.database
    if head is None and export is None and database.head_file is not None and database.head_file.exists():
        head = database.head_file
    heads = read_heads(head) if head is not None else ()  # before the records: newer heads would look cut off
    if export is not None:
        return verify_export(load_keys(database, make=False), export, heads)
    with open_archive(database) as archive:
        return verify(archive.keys, archive.records(), heads)


def _verdict(found: Verification) -> str:
    expired = f", the content of {found.expired} deleted by retention" if found.expired else ""
    if found.whole:
        head = f"; the newest is {found.seq} of {plain(found.at)}" if found.records else ""
        return f"Whole: {found.records} records{expired}{head}"
    lines = [f"NOT WHOLE: {found.problem_count} problems in {found.records} records{expired}"]
    lines += [f"  {plain(problem.words)}" for problem in found.problems]
    if found.problem_count > len(found.problems):
        lines.append(f"  … and {found.problem_count - len(found.problems)} more")
    return "\n".join(lines)


async def show_record(config: Path | None, investigation: str) -> int:
    """Print one investigation's page; 1 when it is not known or not the only one that begins so."""
    return await asyncio.to_thread(_show, load_settings(config), investigation)


def _show(settings: Settings, wanted: str) -> int:
    with open_archive(settings.database) as archive:
        name = _named(archive, wanted)
        if name is not None:
            _say(page(list(archive.records(name))))
            return 0
        entries = archive.entries(wanted, limit=20)
        newest = entries or archive.entries(limit=10)
    why = "begins more than one investigation" if entries else "is no investigation on record"
    sys.stderr.write(f"sre-advisor: {wanted!r} {why}{'; the newest are' if not entries and newest else ''}\n")
    sys.stderr.write(entries_table(newest) + "\n" if newest else "")
    return 1


def _named(archive: Archive, wanted: str) -> str | None:
    found = [entry.investigation for entry in archive.entries(wanted, limit=20)]
    return wanted if wanted in found else found[0] if len(found) == 1 and wanted else None


async def list_record(config: Path | None, since: str | None, limit: int) -> int:
    """Print a line for each investigation, the one touched last first."""
    settings, after = load_settings(config), moment(since) if since else None

    def read() -> str:
        with open_archive(settings.database) as archive:
            return entries_table(archive.entries(since=after, limit=limit))

    _say(await asyncio.to_thread(read) or "No investigation is on record.")
    return 0


async def export_record(config: Path | None, investigation: str | None, since: str | None, output: Path | None) -> int:
    """Write the record as JSON Lines to a file, or to standard output."""
    settings, after = load_settings(config), moment(since) if since else None

    def write() -> int:
        now = datetime.now(UTC).isoformat(timespec="seconds")  # before the records are read, so that none is later
        with open_archive(settings.database) as archive:
            name = _named(archive, investigation) if investigation else None
            if investigation and name is None:
                sys.stderr.write(f"sre-advisor: {investigation!r} is no investigation; `audit list` names them\n")
                return 1
            lines = export_lines(archive, now, name, after)
            if output is None:
                sys.stdout.writelines(lines)
            else:
                sys.stderr.write(f"{write_export(lines, output)} records written to {output}\n")
            return 0

    return await asyncio.to_thread(write)


async def expire_record(config: Path | None, older_than: str, *, dry_run: bool) -> int:
    """Delete the content of investigations untouched for so long; each leaves a signed gap."""
    age = span(older_than)
    if age < YOUNGEST:
        raise UnclearTime(f"--older-than {older_than}: at least {YOUNGEST}, so that nothing that runs is deleted")
    settings, cutoff = load_settings(config), datetime.now(UTC) - age
    async with await existing_journal(settings) as journal:
        gone = await (journal.expirable(cutoff, me()) if dry_run else journal.expire(cutoff, me()))
    verb = "would be deleted" if dry_run else "deleted"
    for one in gone:
        _say(f"{one.investigation}  {one.records} records {verb}")
    _say(
        f"{len(gone)} investigations untouched since {cutoff:%Y-%m-%d %H:%M} UTC {verb}; their places in the chain stay"
    )
    return 0


async def existing_journal(settings: Settings) -> Journal:
    """The journal to write to, which must be there: a wrong path must not make an empty one."""
    require_journal(settings.database)
    redactor = Redactor(Credentials().all_values())
    set_up_logs("error", settings.log.format, lambda text: redactor.text(text)[0])
    return await Journal.open(settings.database, lambda value: redactor.value(value).value)


def me() -> str:
    """Who runs the command, as the operating system knows them."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (OSError, KeyError):  # a container's user may have no name
        return "command line"


def _say(text: str) -> None:
    sys.stdout.writelines(chain([text], [] if text.endswith("\n") else ["\n"]))
