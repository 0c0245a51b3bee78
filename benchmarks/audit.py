"""How fast the record is written and verified: python benchmarks/audit.py [--records 100000] [--json].

The records are tool calls with a body of `--bytes`; the database is a new SQLite file unless `--database` names another
one, which must be empty. Appending is measured in batches and, for fewer records, one at a time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import structlog
from pydantic import SecretStr

from sre_advisor.journal.archive import open_archive
from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.journal.events import ToolCalled
from sre_advisor.journal.heads import read_heads
from sre_advisor.journal.store import Journal
from sre_advisor.journal.verification import Verification, verify
from sre_advisor.model import Evidence, Outcome

BATCH = 500
SINGLE = 1000


def tool_call(number: int, size: int) -> ToolCalled:
    """A record as an investigation writes most of them."""
    evidence = Evidence(
        id=f"E{number % 40 + 1}",
        source="prometheus",
        tool="query_metrics",
        request={"query": f'rate(http_requests_total{{service="shop-{number % 97}"}}[5m])', "minutes": 30},
        outcome=Outcome.OK,
        read_at=datetime(2026, 1, 1, tzinfo=UTC),
        summary="3 series, the highest 12.5 requests per second",
        body={"series": "x" * size},
    )
    return ToolCalled(investigation=f"C1-{number // 40}", question=f"C1-{number // 40}", evidence=evidence, seconds=0.1)


async def append(config: DatabaseConfig, records: int, size: int) -> dict[str, float]:
    """Seconds for `SINGLE` appends one by one, and for the rest in batches."""
    single = min(SINGLE, records)
    async with await Journal.open(config, lambda value: value) as journal:
        events = [tool_call(n, size) for n in range(records)]
        began = time.perf_counter()
        for event in events[:single]:
            await journal.append(event)
        one_by_one = time.perf_counter() - began
        began = time.perf_counter()
        for start in range(single, records, BATCH):
            await journal.append(*events[start : start + BATCH])
        batched = time.perf_counter() - began
    rest = records - single
    return {
        "append_single_per_s": round(single / one_by_one),
        "append_batched_per_s": round(rest / batched) if rest else 0,
    }


def walk(config: DatabaseConfig) -> tuple[Verification, float]:
    """The verification as `sre-advisor audit verify --head` does it, and its seconds."""
    began = time.perf_counter()
    heads = read_heads(config.head_file) if config.head_file else ()
    with open_archive(config) as archive:
        found = verify(archive.keys, archive.records(), heads)
    return found, time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--bytes", type=int, default=1000)
    parser.add_argument("--database", help="URL of an empty database")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("warning"))
    with tempfile.TemporaryDirectory() as folder:
        config = DatabaseConfig(
            url=options.database or f"sqlite:///{folder}/journal.db",
            key=SecretStr("k" * 64),
            head_file=Path(folder) / "heads",
        )
        figures: dict[str, object] = {"records": options.records, "body_bytes": options.bytes}
        figures |= asyncio.run(append(config, options.records, options.bytes))
        found, seconds = walk(config)
    figures |= {
        "verified": found.records,
        "whole": found.whole,
        "verify_s": round(seconds, 2),
        "verify_per_s": round(found.records / seconds),
    }
    print(json.dumps(figures) if options.json else "\n".join(f"{k:>22}  {v}" for k, v in figures.items()))


if __name__ == "__main__":
    main()
