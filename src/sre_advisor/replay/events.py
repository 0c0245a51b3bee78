"""Connectors over what a recording holds as events: changes and logs."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import Field, JsonValue

from sre_advisor.connectors.contract import EVERYTHING, Connector, Health, NoData, Reading, Role, Scope, Tool
from sre_advisor.model import Change, LogLine
from sre_advisor.replay.spans import SpanArgs, canonical, iso, window_of
from sre_advisor.replay.templates import Template, grouped, without_ids
from sre_advisor.replay.world import World

CHANGES_BEFORE, LOGS_BEFORE = timedelta(hours=24), timedelta(hours=2)
"""How far back a tool looks when not told."""
DIFF_SHOWN, DIFF_WHOLE, MESSAGE_SHOWN = 600, 20_000, 300
"""Characters of a diff in a list, of a diff asked for by id, and of a log message."""
TEMPLATES_SHOWN, NOUNS_LIMIT = 20, 5_000


class ChangesArgs(SpanArgs):
    """Which changes."""

    id: str | None = Field(default=None, max_length=500, description="one change by its id, with its whole diff")
    limit: int = Field(default=50, ge=1, le=500, description="newest so many")


class LogsArgs(SpanArgs):
    """Which log lines."""

    level: str | None = Field(default=None, max_length=50, description="exact, e.g. ERROR")
    text: str | None = Field(default=None, max_length=500, description="words it holds, case ignored")
    limit: int = Field(default=4, ge=1, le=200, description="newest matching lines shown beside the templates")


class RecordedChanges:
    """The changes of a recording as a connector."""

    name = "changes"

    def __init__(self, world: World) -> None:
        self._world = world

    def tools(self) -> tuple[Tool, ...]:
        """The one tool: list changes."""
        description = (
            "Deploys, commits, flag and configuration changes, newest first, with the start of each diff; with id: "
            "one change and its whole diff."
        )
        return (Tool("changes_list", description, ChangesArgs, self._list, Role.CHANGES, self._list),)

    async def _list(self, args: ChangesArgs, now: datetime, scope: Scope = EVERYTHING) -> Reading:
        window = window_of(args, now, self._world.now, CHANGES_BEFORE)
        if not self._world.changes:
            said = "no change of any kind was recorded, which does not mean that there was none"
            raise NoData(f"{said}; {self._world.skew}" if self._world.skew else said, window)
        if args.id is not None:
            found = [c for c in self._world.changes if args.id in (c.id, c.commit) and c.at <= window.end]
        else:
            found = [c for c in self._world.changes if window.start <= c.at <= window.end]
        found = [c for c in found if scope.sees_change(c)]
        if args.service:
            found = self._touching(found, args.service)
        if not found:
            said = f"no changes recorded{_of(args)} from {iso(window.start)} to {iso(window.end)}"
            raise NoData(f"{said}; {self._world.skew}" if self._world.skew else said, window)
        newest = found[::-1][: args.limit]
        left_out = len(found) - len(newest)
        older = f"{left_out} older changes left out; raise limit or end earlier" if left_out else None
        room = DIFF_SHOWN if args.id is None else DIFF_WHOLE
        return Reading(
            summary=f"{len(found)} changes{_of(args)}, newest {newest[0].kind} at {iso(newest[0].at)}",
            body=[_change(change, room) for change in newest],
            nouns=tuple(newest),
            window=window,
            truncated="; ".join(t for t in (older, self._world.skew) if t) or None,
        )

    def _touching(self, changes: list[Change], service: str) -> list[Change]:
        """The changes of a service: said so, touching its paths, or the commit one of its deploys shipped."""
        wanted = canonical(self._world.catalogue, service)
        known = self._world.catalogue.find(service)
        paths = tuple(path for place in known.repositories for path in place.paths) if known else ()
        own = [c for c in self._world.changes if c.service and canonical(self._world.catalogue, c.service) == wanted]
        ids = {c.id for c in own} | {c.commit for c in own if c.commit}
        return [c for c in changes if c.id in ids or (paths and any(file.startswith(paths) for file in c.files))]

    async def ping(self) -> Health:
        """Always well: the recording was read in full before."""
        return Health(self.name, "ok", f"recorded world {self._world.id}: {len(self._world.changes)} changes", 0.0)

    async def close(self) -> None:
        """Nothing to let go of."""


class RecordedLogs:
    """The log lines of a recording as a connector."""

    name = "logs"

    def __init__(self, world: World) -> None:
        self._world = world

    def tools(self) -> tuple[Tool, ...]:
        """The one tool: search log lines."""
        description = (
            "Log lines counted by template (numbers and ids taken out), worst level first, with first and last time "
            "and examples; and the newest lines."
        )
        return (Tool("logs_search", description, LogsArgs, self._search, Role.LOGS, self._search),)

    async def _search(self, args: LogsArgs, now: datetime, scope: Scope = EVERYTHING) -> Reading:
        window = window_of(args, now, self._world.now, LOGS_BEFORE)
        if self._world.logs is None:
            raise NoData("logs were not recorded, so nothing is known about them", window)
        found = [
            line
            for line in self._world.logs
            if window.start <= line.at <= window.end and scope.sees_service(line.service) and self._matches(line, args)
        ]
        if not found:
            raise NoData(f"no matching log lines{_of(args)} from {iso(window.start)} to {iso(window.end)}", window)
        templates = grouped(found)
        shown, newest = templates[:TEMPLATES_SHOWN], found[::-1][: args.limit]
        hidden = len(templates) - len(shown)
        body: dict[str, JsonValue] = {
            "lines": len(found),
            "templates": [_template(template) for template in shown],
            "newest": [_line(line) for line in newest],
        }
        first = _cut(shown[0].text, 120)
        return Reading(
            summary=f"{len(found)} log lines{_of(args)} in {len(templates)} templates; first: {first}",
            body=body,
            nouns=tuple(found[-NOUNS_LIMIT:]),
            window=window,
            truncated=f"{hidden} rarer templates left out; narrow by service, level or text" if hidden else None,
        )

    def _matches(self, line: LogLine, args: LogsArgs) -> bool:
        catalogue = self._world.catalogue
        if args.service and (
            line.service is None or canonical(catalogue, line.service) != canonical(catalogue, args.service)
        ):
            return False
        if args.level and (line.level or "").casefold() != args.level.casefold():
            return False
        return not args.text or args.text.casefold() in line.message.casefold()

    async def ping(self) -> Health:
        """Always well: the recording was read in full before."""
        held = "no logs" if self._world.logs is None else f"{len(self._world.logs)} log lines"
        return Health(self.name, "ok", f"recorded world {self._world.id}: {held}", 0.0)

    async def close(self) -> None:
        """Nothing to let go of."""


def recorded_events(world: World) -> tuple[Connector, ...]:
    """The connectors over a recording's events; the logs' is there only where logs were recorded."""
    changes: Connector = RecordedChanges(world)
    return (changes,) if world.logs is None else (changes, RecordedLogs(world))


def _of(args: SpanArgs) -> str:
    return f" of {args.service}" if args.service else ""


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text) - limit:,} more characters)"


def _change(change: Change, diff_room: int) -> dict[str, JsonValue]:
    told: dict[str, JsonValue] = {
        "id": change.id, "kind": change.kind, "at": iso(change.at), "service": change.service,
        "summary": _cut(change.summary, 500), "author": change.author, "commit": change.commit,
        "files": list(change.files[:20]), "diff": _cut(change.diff, diff_room) if change.diff else None,
    }  # fmt: skip
    return {key: value for key, value in told.items() if value}


def _template(template: Template) -> dict[str, JsonValue]:
    told: dict[str, JsonValue] = {
        "count": template.count, "service": template.service, "level": template.level, "first": iso(template.first),
        "last": iso(template.last), "template": _cut(template.text, MESSAGE_SHOWN),
        "newest": _cut(template.newest, MESSAGE_SHOWN),
    }  # fmt: skip
    if without_ids(template.oldest) != without_ids(template.newest):
        told["oldest"] = _cut(template.oldest, MESSAGE_SHOWN)
    return told


def _line(line: LogLine) -> dict[str, JsonValue]:
    return {
        "at": iso(line.at), "service": line.service, "level": line.level, "message": _cut(line.message, MESSAGE_SHOWN)
    }  # fmt: skip
