"""How fast text is redacted: python benchmarks/redaction.py [--mb 100] [--json].

Log lines of many kinds, a secret in one of a thousand, go through the stream that `sre-advisor redact` uses. Beside it
stand one plain UTF-8 decoding of the same bytes and one search of one RE2 expression, to see what the machine gives.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator
from itertools import islice

from sre_advisor.broker.redaction import Redactor
from sre_advisor.broker.redaction.regex import Pattern

CHUNK = 1 << 20


def lines(seed: int) -> Iterator[str]:
    """Endless made-up log lines; the same for the same seed."""
    rng = random.Random(seed)
    while True:
        n, hexes = rng.randrange(10**6), f"{rng.getrandbits(128):032x}"
        yield rng.choice(
            (
                f"2026-06-23T09:50:{n % 60:02d}Z INFO checkout-7d9f8b GET /api/v1/orders/{n} 200 trace_id={hexes}",
                f'level=warn ts=1750672200.{n} caller=client.go:{n % 900} msg="slow query" table=orders key=user:{n}',
                f'10.0.{n % 255}.{n % 200} - - [23/Jun/2026:09:50:01 +0000] "POST /cart HTTP/1.1" 502 {n} "curl/8"',
                f"java.lang.IllegalStateException: task failed at com.example.Disk.read(Disk.java:{n % 700})",
                f"token bucket exhausted for tenant={n} access denied author=x",
                json.dumps({"level": "info", "msg": "order placed", "order": n, "user": f"u{n}", "span": hexes[:16]}),
                f"E0623 reflector.go:{n % 400} failed to list *v1.Pod: Unauthorized, see https://example.com/r/{n}",
            )
        )
        if n % 1000 == 0:
            yield f"connecting to postgres://app:Pw{hexes[:9]}@db:5432/orders"


def megabytes_per_second(work: Callable[[], object], size: int) -> tuple[float, float]:
    """By the clock, and by processor time, which a busy machine distorts less."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return size / 1e6 / (time.perf_counter() - wall), size / 1e6 / (time.process_time() - cpu)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    block = "\n".join(islice(lines(1), 100_000)).encode()
    data = (block * (options.mb * 1_000_000 // len(block) + 1))[: options.mb * 1_000_000]
    redactor = Redactor(["xoxb-" + "1" * 30]).numbering()
    redactor.text("password=warm" + "7up")

    def redact() -> None:
        stream = redactor.stream()
        for at in range(0, len(data), CHUNK):
            stream.feed(data[at : at + CHUNK].decode())
        stream.close()

    one = Pattern(r"(?i)authorization: never-there-[0-9]{4}")
    figures = {
        "redaction": megabytes_per_second(redact, len(data)),
        "one RE2 search": megabytes_per_second(lambda: one.first(data), len(data)),
        "decoding": megabytes_per_second(data.decode, len(data)),
    }
    shown = {name: {"mb_per_s": round(a, 1), "mb_per_cpu_s": round(b, 1)} for name, (a, b) in figures.items()}
    if options.json:
        print(json.dumps({"megabytes": options.mb, **shown}))
        return
    for name, values in shown.items():
        print(f"{name:15} {values['mb_per_s']:8} MB/s   {values['mb_per_cpu_s']:8} MB per processor second")


if __name__ == "__main__":
    main()
