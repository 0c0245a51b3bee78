"""Search the docs for every pair and question of a runbook set, for scoring: `retrieval.py DATA --out FOLDER`.

DATA holds corpus/ (Markdown), pairs.jsonl and questions.jsonl; FOLDER gets names.jsonl (query: alert name),
texts.jsonl (query: summary and description) and questions.jsonl, each line {"id", "paths"}.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sre_advisor.connectors.contract import NoData
from sre_advisor.connectors.docs import DocsConfig, DocsConnector, DocsFolder

Case = dict[str, Any]
QUERIES: dict[str, tuple[str, Callable[[Case], str]]] = {
    "names": ("pairs.jsonl", lambda c: c["alertname"]),
    "texts": ("pairs.jsonl", lambda c: f"{c['summary']} {c['description']}"),
    "questions": ("questions.jsonl", lambda c: c["question"]),
}


def cases(file: Path) -> list[Case]:
    """The cases of a file; the accepted answers in them are not looked at."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


async def main(data: Path, out: Path) -> None:
    """Answer every case and write the answers."""
    docs = DocsConnector(DocsConfig(folders=(DocsFolder(name="corpus", path=data / "corpus"),), rescan_after_s=3600))
    search = next(t for t in docs.tools() if t.name == "docs_search")
    began = time.perf_counter()
    print((await docs.ping()).detail, f"in {time.perf_counter() - began:.2f} s")
    out.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - a script of its own; nothing else runs
    for name, (source, query) in QUERIES.items():
        began = time.perf_counter()
        lines: list[str] = []
        for case in cases(data / source):
            try:
                reading = await search.run(
                    search.args.model_validate({"query": query(case), "limit": 10}), datetime.now(UTC)
                )
                paths = [n.path for n in reading.nouns if hasattr(n, "path")]  # pyright: ignore[reportAttributeAccessIssue] - docs give sections only
            except NoData:
                paths = []
            lines.append(json.dumps({"id": case["id"], "paths": paths}))
        (out / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{name}: {len(lines)} queries, {(time.perf_counter() - began) / max(len(lines), 1) * 1000:.1f} ms each")
    await docs.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    asyncio.run(main(given.data, given.out))
