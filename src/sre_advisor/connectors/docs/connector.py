"""The docs connector: search, reading, and the runbook of an alert."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from pydantic import JsonValue

from sre_advisor.connectors.contract import (
    EVERYTHING,
    BadRequest,
    Denied,
    Health,
    NoData,
    Reading,
    Role,
    Scope,
    Tool,
    Unavailable,
)
from sre_advisor.connectors.docs import runbook, scan, shell, words
from sre_advisor.connectors.docs.args import ReadArgs, RunbookArgs, SearchArgs
from sre_advisor.connectors.docs.config import DocsConfig
from sre_advisor.connectors.docs.gaps import folder_of, gaps
from sre_advisor.connectors.docs.index import Index, Row
from sre_advisor.connectors.docs.sections import bounded, named, subtree
from sre_advisor.model import DocSection

READ_CHARS = 20_000
RUNBOOK_CHARS = 12_000


class DocsConnector:
    """Reads the configured folders through an index of their headings."""

    name = "docs"

    def __init__(self, config: DocsConfig) -> None:
        self._config = config
        self._index = Index(config)
        self._bases = {f.name: f.base_url for f in config.folders}

    def tools(self) -> tuple[Tool, ...]:
        """The three tools."""
        return (
            Tool("docs_search", "Sections of runbooks and docs that hold the words, best first.", SearchArgs,
                 self._search, scoped=self._search),
            Tool("docs_read", "A document, or one section of it.", ReadArgs,
                 self._read, scoped=self._read),
            Tool("docs_runbook", "The runbook of an alert, by runbook_url or name, with its commands.",
                 RunbookArgs, self._runbook, Role.RUNBOOK, self._runbook),
        )  # fmt: skip

    async def ping(self) -> Health:
        """Whether each folder can be read and holds Markdown; never raises."""
        began = time.monotonic()
        if not self._config.folders:
            return Health(self.name, "misconfigured", "no folder is configured", 0.0, "name one under docs.folders")
        found = await asyncio.to_thread(lambda: [(f.name, scan.problem(f)) for f in self._config.folders])
        bad = [(name, *p) for name, p in found if p]
        try:
            paths = [p for p, _ in await asyncio.to_thread(self._index.paths)]
        except Unavailable as failure:
            advice = "make its folder writable, or leave docs.index out to keep it in memory"
            return Health(self.name, "misconfigured", failure.detail, time.monotonic() - began, advice)
        broken = {name for name, _, _ in bad}
        bad += [
            (name, "holds no Markdown files", "correct its path; files end in .md")
            for name in self._bases
            if name not in broken and not any(p.startswith(f"{name}/") for p in paths)
        ]
        seconds = time.monotonic() - began
        if bad:
            detail = "; ".join(f"{name}: {what}" for name, what, _ in bad)
            return Health(self.name, "misconfigured", detail, seconds, "; ".join(f"{n}: {todo}" for n, _, todo in bad))
        return Health(self.name, "ok", f"{len(paths)} documents indexed", seconds)

    async def warm(self) -> None:
        """Index what is new."""
        await asyncio.to_thread(self._index.paths)

    async def close(self) -> None:
        """Close the index."""
        await asyncio.to_thread(self._index.close)

    async def _search(self, args: SearchArgs, _now: datetime, scope: Scope = EVERYTHING) -> Reading:
        wanted = words.query_words(args.query)
        if not wanted:
            raise BadRequest("the query holds no word; search for a few telling words")
        folders = self._folders(scope)
        rows = await asyncio.to_thread(self._index.search, args.query, args.limit, folders)
        shown = " ".join(wanted[:8])
        if not rows:
            raise NoData(f"No document holds any of: {shown}.{await self._gaps(folders)}")
        results: list[JsonValue] = [{**self._about(r), "snippet": words.snippet(r.text, wanted)} for r in rows]
        summary = f"{len(rows)} documents for {shown!r}, best: {named(rows[0])}"
        return Reading(summary, {"results": results}, tuple(self._noun(r) for r in rows), link=self._link(rows[0]))

    async def _read(self, args: ReadArgs, _now: datetime, scope: Scope = EVERYTHING) -> Reading:
        folders = self._folders(scope)
        if folders is not None and folder_of(args.path) not in folders:
            raise Denied(f"channel_docs: this channel may only see the docs folders {', '.join(sorted(folders))}")
        rows = await asyncio.to_thread(self._index.document, args.path)
        if not rows:
            known = {p for p, _ in await asyncio.to_thread(self._index.paths)}
            if args.path in known:
                raise NoData(f"{args.path} is empty.")
            raise BadRequest(f"no document is indexed at {args.path[:200]!r}; take a path from docs_search")
        chosen = rows if args.heading is None else subtree(rows, args.heading)
        if not chosen:
            headings = "; ".join(r.heading for r in rows if r.heading)[:1500]
            raise BadRequest(
                f"{args.path} has no heading {args.heading[:200] if args.heading else ''!r}; it has: {headings}"
            )
        return self._reading(chosen, READ_CHARS, {}, None)

    async def _runbook(self, args: RunbookArgs, _now: datetime, scope: Scope = EVERYTHING) -> Reading:
        folders = self._folders(scope)
        found = await asyncio.to_thread(self._own, args.alert, args.runbook_url, folders)
        if found:
            how, rows, others = found
            extra: dict[str, JsonValue] = {"alert": args.alert, "matched_by": how, "also": list(others)}
            return self._reading(rows, RUNBOOK_CHARS, extra, args.alert)
        rows = await asyncio.to_thread(self._index.search, args.alert, 3, folders)
        if not rows:
            raise NoData(f"No runbook for {args.alert}, and no document that mentions it.{await self._gaps(folders)}")
        results: list[JsonValue] = [
            {**self._about(r), "snippet": words.snippet(r.text, words.query_words(args.alert))} for r in rows
        ]
        summary = f"No runbook of {args.alert}'s own; nearest by search: {named(rows[0])}.{await self._gaps(folders)}"
        body: dict[str, JsonValue] = {"alert": args.alert, "matched_by": "search", "results": results, "commands": []}
        return Reading(summary, body, tuple(self._noun(r) for r in rows), link=self._link(rows[0]))

    def _own(
        self, alert: str, url: str | None, folders: frozenset[str] | None
    ) -> tuple[str, tuple[Row, ...], tuple[str, ...]] | None:
        """How the alert's own runbook was found, its sections, and further documents of that name."""
        documents = [(p, t) for p, t in self._index.paths() if folders is None or folder_of(p) in folders]
        headed = [h for h in self._index.headed() if folders is None or folder_of(h[0]) in folders]
        paths = [p for p, _ in documents]
        candidates: list[runbook.Found] = []
        if url and (by_url := self._exact(url, paths) or runbook.by_url(url, paths)):
            candidates.append(by_url)
        candidates += runbook.by_name(alert, documents, headed)
        for i, found in enumerate(candidates):
            rows = self._index.document(found.path)
            part = subtree(rows, found.anchor) if found.anchor else rows
            if part or (rows and found.by == "runbook_url"):
                others = [c.path for c in candidates[i + 1 :] if c.path != found.path]
                return found.by, part or rows, tuple(dict.fromkeys(others))[:5]
        return None

    def _exact(self, url: str, paths: Sequence[str]) -> runbook.Found | None:
        """The document a configured base_url puts at this very URL."""
        plain, _, fragment = url.partition("#")
        for name, base in self._bases.items():
            if base and plain.startswith(f"{base}/"):
                found = runbook.by_url(f"{name}/{plain.removeprefix(base + '/')}", paths)
                return runbook.Found(found.path, fragment.casefold(), found.by) if found else None
        return None

    def _reading(self, rows: tuple[Row, ...], bound: int, extra: dict[str, JsonValue], alert: str | None) -> Reading:
        kept, text = bounded(rows, bound)
        cut = len(kept) < len(rows) or len(kept[-1].text) < len(rows[len(kept) - 1].text)
        notes = [f"the first {bound} characters; docs_read takes a heading"] if cut else []
        notes += ["the file is longer than may be read"] if rows[0].cut else []
        body: dict[str, JsonValue] = {
            **extra,
            **self._about(rows[0]),
            "headings": [r.heading for r in rows[:100] if r.heading],
            "text": text,
            "commands": list(shell.commands("\n\n".join(r.text for r in rows))),
        }
        summary = f"Runbook of {alert}: {named(rows[0])}" if alert else f"Read {named(rows[0])}"
        nouns = tuple(self._noun(r, alert) for r in kept)
        return Reading(summary, body, nouns, link=self._link(rows[0]), truncated="; ".join(notes) or None)

    def _folders(self, scope: Scope) -> frozenset[str] | None:
        """The configured folders that may be seen; None for all."""
        if scope.folders is None:
            return None
        found = frozenset(name for name in self._bases if scope.sees_folder(name))
        if not found:
            raise Denied("channel_docs: this channel may see none of the configured docs folders")
        return found

    async def _gaps(self, folders: frozenset[str] | None) -> str:
        """What was not read of these folders, as a sentence; raises Unavailable when that is everything."""
        return (await asyncio.to_thread(gaps, self._config, self._index, folders)).told()

    def _about(self, row: Row) -> dict[str, JsonValue]:
        return {
            "path": row.path,
            "title": row.title,
            "heading": row.heading,
            "lines": f"{row.first_line}-{row.last_line}",
            "link": self._link(row),
        }

    def _noun(self, row: Row, alert: str | None = None) -> DocSection:
        return DocSection(row.path, row.heading or row.title, row.text[:RUNBOOK_CHARS], self._link(row), alert)

    def _link(self, row: Row) -> str | None:
        folder, _, inside = row.path.partition("/")
        base = self._bases.get(folder)
        if not base:
            return None
        return f"{base}/{quote(inside, safe='/')}" + (f"#{quote(row.anchor, safe='-')}" if row.anchor else "")
