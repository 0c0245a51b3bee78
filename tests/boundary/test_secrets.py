"""No configured secret reaches the model, Slack, the journal or a log line, however it is written or split."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.injecting import world as planted
from benchmarks.injecting.world import SECRET
from tests.boundary.apart import run

SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "base64 with a prefix": lambda s: base64.b64encode(f"user:{s}".encode()).decode(),
    "hex": lambda s: s.encode().hex(),
    "percent": lambda s: "".join(f"%{b:02X}" for b in s.encode()),
    "json": json.dumps,
    "quoted in pieces": lambda s: f'"{s[:9]}" + "{s[9:]}"',
    "wrapped": lambda s: f"{s[:8]}\n{s[8:]}",
    "in a URL": lambda s: f"https://u:{quote(s)}@db.example/x?token={s}",
    "in a header": lambda s: f"Authorization: Bearer {s}",
}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.sampled_from(sorted(SPELLINGS)), st.text("abc ,;=()", max_size=6)), min_size=1, max_size=4)
)
async def test_a_planted_secret_reaches_nobody(written: list[tuple[str, str]]) -> None:
    count = await run([f"{around}key={SPELLINGS[how](SECRET)}{around}" for how, around in written], None, ["a mention"])
    assert count.effects == {}
    assert planted.SECRET == SECRET
