"""Three calls about the bundled incident, all its tools offered, send no more to the model than was aimed for."""

from __future__ import annotations

from benchmarks.loop import AIM, run
from sre_advisor.demo.incident import WORLD


async def test_three_calls_about_the_bundled_incident_stay_within_the_aim_and_mostly_come_from_the_cache() -> None:
    done = await run(WORLD)
    assert done.calls == 3
    assert done.tokens <= AIM
    assert done.cached / done.tokens > 0.5
