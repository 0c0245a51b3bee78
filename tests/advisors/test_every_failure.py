"""Each failure of the notes on the wire, with the real SDK: an answer comes of it, within calls, time and money."""

from __future__ import annotations

import time
from typing import Any

import pytest

from sre_advisor.model import Verdict
from tests.advisors.world import bench
from tests.standins.model_faults import FAULTS, Fault

COST_USD = 0.20
QUICK: dict[str, Any] = {"max_retries": 1, "stream_retries": 1, "longest_retry_after_s": 1.0}


@pytest.mark.alone
@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.name)
async def test_it_ends_in_an_answer_within_the_limits(fault: Fault) -> None:
    async with bench(fault.script(), **QUICK, adjusted=fault.settings) as b:
        began = time.monotonic()
        advice = await b.ask(seconds=fault.seconds, cost_usd=COST_USD)
        assert time.monotonic() - began < min(fault.seconds, 10) + 3
        assert advice.cost_usd <= COST_USD
        assert advice.model_calls <= 8
        assert len(b.server.turns) <= fault.most
        if fault.says is None:
            assert advice.stopped_because is None
            assert advice.draft.summary == "The model has spoken."
        else:
            assert advice.draft.verdict is Verdict.NOT_ENOUGH
            assert advice.draft.summary.startswith("No diagnosis: ")
            assert fault.says in (advice.stopped_because or "").casefold()
