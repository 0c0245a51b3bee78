"""The docs tools over real folders."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sre_advisor.connectors.contract import BadRequest, NoData, Reading, Unavailable
from sre_advisor.connectors.docs import DocsConfig, DocsConnector, DocsFolder
from sre_advisor.model import DocSection

NOW = datetime(2026, 6, 3, tzinfo=UTC)
BASE = "https://git.example.com/acme/runbooks/blob/main"
CHECKOUT = """# Checkout errors

What it means.

## Diagnosis

```sh
kubectl logs deploy/checkout
```
"""
POOL = """---
title: Pool Exhausted
---
# Connections

The pool ran dry.

## DatabasePoolWaitHigh

Look at the waits.
"""
FILES = {
    "checkout/CheckoutHighErrorRate.md": CHECKOUT,
    "db/pool.md": POOL,
    "other.md": "# Disk\n\nA disk fills up. Rotate the logs. See CheckoutHighErrorRate.\n",
}


def stamps(folder: Path) -> dict[Path, int]:
    return {p: p.stat().st_mtime_ns for p in folder.rglob("*")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "runbooks"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def connector(folder: Path, index: Path | None = None, **config: Any) -> DocsConnector:
    folders = (DocsFolder(name="rb", path=folder, base_url=BASE),)
    return DocsConnector(DocsConfig(folders=folders, index=index, rescan_after_s=0, **config))


async def call(docs: DocsConnector, tool: str, **args: Any) -> Reading:
    found = next(t for t in docs.tools() if t.name == tool)
    return await found.run(found.args.model_validate(args), NOW)


def sections(reading: Reading) -> list[DocSection]:
    return [n for n in reading.nouns if isinstance(n, DocSection)]


def body(reading: Reading) -> dict[str, Any]:
    assert isinstance(reading.body, dict)
    return reading.body


async def test_search_finds_the_section_with_snippet_lines_and_link(folder: Path) -> None:
    reading = await call(connector(folder), "docs_search", query="the pool is waiting")
    best = body(reading)["results"][0]
    assert (best["path"], best["heading"], best["lines"]) == (
        "rb/db/pool.md",
        "Connections > DatabasePoolWaitHigh",
        "8-10",
    )
    assert best["link"] == f"{BASE}/db/pool.md#databasepoolwaithigh"
    assert "waits" in best["snippet"]


async def test_a_camel_case_name_is_found_by_its_words_and_words_by_the_name(folder: Path) -> None:
    by_words = await call(connector(folder), "docs_search", query="checkout high error rate")
    assert sections(by_words)[0].path == "rb/checkout/CheckoutHighErrorRate.md"
    by_name = await call(connector(folder), "docs_search", query="DiskFills")
    assert sections(by_name)[0].path == "rb/other.md"


async def test_documents_with_every_word_come_before_those_with_some(folder: Path) -> None:
    (folder / "many.md").write_text("# Rotate\n\nrotate rotate rotate rotate\n")
    reading = await call(connector(folder), "docs_search", query="rotate logs disk")
    assert [s.path for s in sections(reading)][:2] == ["rb/other.md", "rb/many.md"]


async def test_a_phrase_counts_for_more_than_its_words_apart(folder: Path) -> None:
    (folder / "apart.md").write_text("# A\n\nthe circuit near the breaker, a breaker of a circuit\n")
    (folder / "phrase.md").write_text("# B\n\nthe circuit breaker, a thing of some other sort\n")
    reading = await call(connector(folder), "docs_search", query="tripped circuit breaker")
    assert sections(reading)[0].path == "rb/phrase.md"


async def test_one_runbook_in_two_collections_takes_one_place(folder: Path) -> None:
    for name in ("a/DiskFull.md", "b/DiskFull.md", "a/README.md", "b/README.md"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(f"# {name if 'README' in name else 'Disk full'}\n\nzebra zebra\n")
    reading = await call(connector(folder), "docs_search", query="zebra")
    assert sorted(s.path for s in sections(reading)) in (
        ["rb/a/DiskFull.md", "rb/a/README.md", "rb/b/README.md"],
        ["rb/a/README.md", "rb/b/DiskFull.md", "rb/b/README.md"],
    )


async def test_changed_new_and_deleted_files_are_seen_at_the_next_question(folder: Path, tmp_path: Path) -> None:
    docs = connector(folder, tmp_path / "index.db")
    await call(docs, "docs_search", query="disk")
    (folder / "other.md").write_text("# Tape\n\nSpools.\n")
    (folder / "new.md").write_text("# Zebra\n")
    (folder / "db/pool.md").unlink()
    assert sections(await call(docs, "docs_search", query="spools"))[0].path == "rb/other.md"
    assert sections(await call(docs, "docs_search", query="zebra"))[0].path == "rb/new.md"
    for gone in ("disk", "pool"):
        with pytest.raises(NoData):
            await call(docs, "docs_search", query=gone)
    await docs.close()
    again = connector(folder, tmp_path / "index.db")
    assert sections(await call(again, "docs_search", query="zebra"))


async def test_a_folder_that_is_away_for_a_moment_keeps_its_documents(folder: Path, tmp_path: Path) -> None:
    docs = connector(folder, tmp_path / "index.db")
    await call(docs, "docs_search", query="disk")
    shutil.move(folder, tmp_path / "away")
    assert sections(await call(docs, "docs_search", query="disk"))
    assert (await docs.ping()).state == "misconfigured"
    with pytest.raises(Unavailable, match="does not exist"):
        await call(connector(folder), "docs_search", query="disk")


async def test_links_out_of_the_folder_hidden_files_and_other_kinds_are_not_read(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("# Zebra secret\n")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/x.md").write_text("# Zebra\n")
    (folder / "link.md").symlink_to(tmp_path / "secret.md")
    (folder / "linked").symlink_to(tmp_path / "outside")
    (folder / ".hidden.md").write_text("# Zebra\n")
    (folder / "x.env").write_text("zebra\n")
    (folder / "inside.md").symlink_to(folder / "other.md")
    docs = connector(folder)
    with pytest.raises(NoData):
        await call(docs, "docs_search", query="zebra")
    assert body(await call(docs, "docs_read", path="rb/inside.md"))["title"] == "Disk"


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../secret.md", "rb/../../secret.md", "rb", "", "rb/link.md", "a\0b", "🔥" * 99]
)
async def test_only_an_indexed_path_is_read(folder: Path, tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.md").write_text("# Zebra secret\n")
    docs = connector(folder)
    tool = next(t for t in docs.tools() if t.name == "docs_read")
    with pytest.raises((BadRequest, ValueError)):
        await tool.run(tool.args.model_validate({"path": path}), NOW)


async def test_odd_files_are_read_as_far_as_they_go(folder: Path) -> None:
    (folder / "latin.md").write_bytes("# Ünit kaputt zebra\n".encode("latin-1"))
    (folder / "wide.md").write_text("# Giraffe\n\nlong neck\n", encoding="utf-16")
    (folder / "nul.md").write_bytes(b"# Okapi\n\0\0\n")
    (folder / "empty.md").write_text("")
    (folder / "huge.md").write_text("# Huge\n\n" + "filler words here\n" * 200_000 + "\n# Walrus\n")
    (folder / "name with # and ünï.md").write_text("# Ibex\n")
    docs = connector(folder)
    for word, path in {
        "zebra": "latin.md",
        "giraffe": "wide.md",
        "okapi": "nul.md",
        "ibex": "name with # and ünï.md",
    }.items():
        assert sections(await call(docs, "docs_search", query=word))[0].path == f"rb/{path}"
    reading = await call(docs, "docs_read", path="rb/huge.md")
    assert len(body(reading)["text"]) <= 20_010
    assert reading.truncated is not None
    assert "longer than may be read" in reading.truncated
    with pytest.raises(NoData):
        await call(docs, "docs_search", query="walrus")
    with pytest.raises(NoData, match="empty"):
        await call(docs, "docs_read", path="rb/empty.md")
    ibex = sections(await call(docs, "docs_search", query="ibex"))[0]
    assert ibex.link == f"{BASE}/name%20with%20%23%20and%20%C3%BCn%C3%AF.md#ibex"


async def test_a_section_is_read_with_what_stands_below_it(folder: Path) -> None:
    docs = connector(folder)
    whole = body(await call(docs, "docs_read", path="rb/db/pool.md", heading="connections"))
    assert "waits" in whole["text"]
    part = body(await call(docs, "docs_read", path="rb/db/pool.md", heading="DatabasePoolWaitHigh"))
    assert "ran dry" not in part["text"]
    with pytest.raises(BadRequest, match="it has: Connections"):
        await call(docs, "docs_read", path="rb/db/pool.md", heading="nope")


ODD_QUERIES = [
    'a" OR "b', "NEAR(a b)", "title:disk", "* ^ - +", "disk AND NOT", "(((", "'; DROP TABLE documents; --", "🔥🔥",
    "مرحبا القرص",
    "\u202edisk", "x" * 50_000, "disk " * 10_000, "\0", "a_b__c", "\ud800".encode(errors="replace").decode(),
]  # fmt: skip


@pytest.mark.parametrize("query", ODD_QUERIES)
async def test_no_query_breaks_the_search(folder: Path, query: str) -> None:
    docs = connector(folder)
    for tool, args in (
        ("docs_search", {"query": query}),
        ("docs_runbook", {"alert": query[:400], "runbook_url": query[:400]}),
    ):
        try:
            reading = await call(docs, tool, **args)
        except (NoData, BadRequest):
            continue
        assert reading.nouns
    assert sections(await call(docs, "docs_search", query="disk"))


async def test_any_text_searches_without_a_failure(folder: Path) -> None:
    docs = connector(folder)
    tool = docs.tools()[0]
    import asyncio

    def search(query: str) -> None:
        loop = asyncio.new_event_loop()
        try:
            loop.run_until_complete(tool.run(tool.args.model_validate({"query": query}), NOW))
        except (NoData, BadRequest):
            return
        finally:
            loop.close()

    @settings(max_examples=100, deadline=None)
    @given(st.text(min_size=1, max_size=200))
    def any_text(query: str) -> None:
        search(query)

    await asyncio.to_thread(any_text)


URLS = [
    f"{BASE}/checkout/CheckoutHighErrorRate.md",
    "https://runbooks.example.com/runbooks/checkout/checkouthigherrorrate/",
    "https://wiki.example.com/x/CheckoutHighErrorRate.html?v=2",
    "https://git.example.com/other/-/blob/main/checkout/CheckoutHighErrorRate.md#diagnosis",
]


@pytest.mark.parametrize("url", URLS)
async def test_the_runbook_url_leads_to_the_document_whatever_the_alerts_name(folder: Path, url: str) -> None:
    reading = await call(connector(folder), "docs_runbook", alert="SomethingElse", runbook_url=url)
    assert body(reading)["matched_by"] == "runbook_url"
    assert body(reading)["commands"] == ["kubectl logs deploy/checkout"]
    assert {(s.path, s.runbook_for) for s in sections(reading)} == {
        ("rb/checkout/CheckoutHighErrorRate.md", "SomethingElse")
    }


@pytest.mark.parametrize(
    ("alert", "how", "path"),
    [
        ("CheckoutHighErrorRate", "file name", "rb/checkout/CheckoutHighErrorRate.md"),
        ("checkout_high_error_rate", "file name", "rb/checkout/CheckoutHighErrorRate.md"),
        ("PoolExhausted", "title", "rb/db/pool.md"),
        ("DatabasePoolWaitHigh", "heading", "rb/db/pool.md"),
    ],
)
async def test_the_alerts_name_leads_to_its_document(folder: Path, alert: str, how: str, path: str) -> None:
    for url in (None, "https://unknown.example.com/nothing/here", "not a url [", "https://x.example/"):
        reading = await call(connector(folder), "docs_runbook", alert=alert, runbook_url=url)
        assert body(reading)["matched_by"] == how
        assert {(s.path, s.runbook_for) for s in sections(reading)} == {(path, alert)}


async def test_a_heading_of_the_alerts_name_is_its_runbook_and_the_rest_of_the_document_is_not(folder: Path) -> None:
    reading = await call(connector(folder), "docs_runbook", alert="DatabasePoolWaitHigh")
    assert "ran dry" not in body(reading)["text"]


async def test_what_only_mentions_the_alert_is_no_runbook_of_its_own(folder: Path) -> None:
    (folder / "checkout/CheckoutHighErrorRate.md").unlink()
    reading = await call(connector(folder), "docs_runbook", alert="CheckoutHighErrorRate")
    assert body(reading)["matched_by"] == "search"
    assert sections(reading)
    assert all(s.runbook_for is None for s in sections(reading))
    with pytest.raises(NoData, match="No runbook"):
        await call(connector(folder), "docs_runbook", alert="Walrus")


async def test_a_folders_index_page_stands_for_the_folder(folder: Path) -> None:
    (folder / "queue").mkdir()
    (folder / "queue/README.md").write_text("# About queues\n\nZebra\n")
    reading = await call(
        connector(folder), "docs_runbook", alert="X", runbook_url="https://wiki.example.com/runbooks/queue/"
    )
    assert sections(reading)[0].path == "rb/queue/README.md"


async def test_ping_says_what_is_wrong_and_what_to_do(folder: Path, tmp_path: Path) -> None:
    assert (await connector(folder).ping()).state == "ok"
    (tmp_path / "file").write_text("x")
    (tmp_path / "bare").mkdir()
    for name, said in {"missing": "does not exist", "file": "not a folder", "bare": "no Markdown"}.items():
        health = await connector(tmp_path / name).ping()
        assert health.state == "misconfigured"
        assert said in health.detail
        assert health.advice
    assert (await DocsConnector(DocsConfig()).ping()).state == "misconfigured"


async def test_an_index_file_that_is_something_else_is_told_and_left_alone(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index.db"
    index.write_text("not a database, but dear to somebody" * 100)
    health = await connector(folder, index).ping()
    assert health.state == "misconfigured"
    assert "index.db" in health.detail
    assert index.read_text().startswith("not a database")


async def test_a_database_of_somebody_else_is_not_emptied(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index.db"
    with sqlite3.connect(index) as db:
        db.execute("CREATE TABLE documents (dear TEXT)")
        db.execute("INSERT INTO documents VALUES ('kept')")
    with pytest.raises(Unavailable, match="not an index of ours"):
        await call(connector(folder, index), "docs_search", query="disk")
    with sqlite3.connect(index) as db:
        assert db.execute("SELECT dear FROM documents").fetchall() == [("kept",)]


async def test_nothing_in_the_folder_changes_by_reading(folder: Path) -> None:
    before = stamps(folder)
    await call(connector(folder), "docs_search", query="disk")
    assert stamps(folder) == before
