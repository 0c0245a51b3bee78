"""What the first look's headline may say of silence, and of a service that reports nothing any more."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.advisors.offline import conclude
from sre_advisor.broker.broker import Broker
from sre_advisor.broker.config import LimitsConfig
from sre_advisor.broker.redaction import Redactor
from sre_advisor.connectors.contract import Connector, Health, Role, Tool
from sre_advisor.investigate.chart import squeezed
from sre_advisor.investigate.config import FirstLookConfig
from sre_advisor.investigate.first_look import take_first_look
from sre_advisor.journal.events import ToolCalled
from sre_advisor.model import DraftDiagnosis, Finding, FirstLook, Question, Verdict
from sre_advisor.replay.connectors import recorded_connectors
from sre_advisor.replay.world import load_world
from tests.e2e.worlds import NOW, iso

Rows = list[tuple[int, str, str, float]]
"""Minutes before now, service, metric, value."""


class Only:
    """A connector of which only the tools with these roles are offered."""

    def __init__(self, whole: Connector, roles: Sequence[Role]) -> None:
        self._whole, self._roles = whole, roles

    @property
    def name(self) -> str:
        return self._whole.name

    def tools(self) -> tuple[Tool, ...]:
        return tuple(t for t in self._whole.tools() if t.role in self._roles)

    async def ping(self) -> Health:
        return await self._whole.ping()

    async def close(self) -> None:
        await self._whole.close()


async def forget(event: ToolCalled) -> None:
    del event


def rows(*, dark: str | None = None, failing: str | None = None) -> Rows:
    """Two hours of three quiet services, of which one goes dark, or fails, a quarter of an hour ago."""
    found: Rows = []
    for ago in range(120, -1, -1):
        for service in ("shop", "basket", "store"):
            late = ago <= 15
            if late and service == dark:
                continue
            wobble = (ago * 7919 % 13) / 1000
            found.append((ago, service, "latency_p99_s", 0.1 + wobble))
            found.append((ago, service, "error_ratio", 0.4 if late and service == failing else 0.001 + wobble / 10))
    return found


async def looked(
    folder: Path, content: Rows, roles: Sequence[Role] = tuple(Role), alerts: Sequence[dict[str, object]] = ()
) -> tuple[FirstLook, DraftDiagnosis]:
    folder.mkdir(parents=True)
    case = {
        "id": "c", "source": "test", "licence": "Apache-2.0", "format_version": 1, "question": "what is going on?",
        "now": iso(NOW), "step_s": 60, "alerts": list(alerts), "changes": [], "logs": None,
        "graph": [["shop", "basket"], ["basket", "store"]],
    }  # fmt: skip
    lines = [f"{(NOW - timedelta(minutes=m)).timestamp():.0f},{s},{name},{v:.5g}" for m, s, name, v in content]
    (folder / "case.json").write_text(json.dumps(case))
    (folder / "metrics.csv").write_text("\n".join(["timestamp,service,metric,value", *lines]) + "\n")
    world = load_world(folder)
    async with AsyncExitStack() as stack:
        connectors = [Only(c, roles) for c in await recorded_connectors(world, stack)]
        desk = Broker(tuple(connectors), Redactor(()), LimitsConfig()).desk(Question("q", "q", "?", NOW), NOW, forget)
        look = (await take_first_look(desk, NOW, world.catalogue, FirstLookConfig())).said
        return look, conclude(look, desk.evidence)


async def test_without_any_source_of_alerts_silence_is_no_news(tmp_path: Path) -> None:
    look, draft = await looked(tmp_path / "w", rows(), (Role.SIGNALS,))
    assert "no source of alerts is connected" in look.headline
    assert "Nothing stands out" not in look.headline
    assert look.finding is Finding.BLIND
    assert draft.verdict is Verdict.NOT_ENOUGH


async def test_trouble_without_any_source_of_alerts_does_not_say_that_none_fires(tmp_path: Path) -> None:
    look, _ = await looked(tmp_path / "w", rows(failing="store"), (Role.SIGNALS,))
    assert look.headline.startswith("No source of alerts is connected, but signals moved")
    assert "store" in look.headline


async def test_a_record_without_alerts_is_told_as_that(tmp_path: Path) -> None:
    look, _ = await looked(tmp_path / "w", rows(), (Role.SIGNALS, Role.ALERT_HISTORY))
    assert look.headline.startswith("Nothing stands out: no alert is on record")
    assert look.finding is Finding.CALM


async def test_where_active_alerts_were_read_silence_is_good_news(tmp_path: Path) -> None:
    look, draft = await looked(tmp_path / "w", rows(), (Role.SIGNALS, Role.ALERTS))
    assert look.headline.startswith("Nothing stands out: no alert fires")
    assert draft.verdict is Verdict.NOTHING_WRONG


async def test_nothing_connected_says_nothing_about_health(tmp_path: Path) -> None:
    look, draft = await looked(tmp_path / "w", rows(), (Role.CHANGES,))
    assert look.headline == "Neither alerts nor signals could be seen: this says nothing about health"
    assert draft.verdict is Verdict.NOT_ENOUGH


async def test_a_service_that_fell_silent_alone_is_no_likely_cause(tmp_path: Path) -> None:
    look, draft = await looked(tmp_path / "w", rows(dark="basket"))
    assert "basket reports nothing any more" in look.headline
    assert "on purpose" in look.headline
    assert draft.verdict is Verdict.NOT_ENOUGH
    assert "cannot be told" in draft.hypotheses[0].statement


async def test_a_service_that_fell_silent_while_its_caller_fails_is_where_it_began(tmp_path: Path) -> None:
    look, draft = await looked(tmp_path / "w", rows(dark="basket", failing="shop"))
    assert "on purpose" not in look.headline
    assert look.services[0].name == "basket"
    assert draft.verdict is Verdict.LIKELY_CAUSE


async def test_a_service_that_fell_silent_while_an_alert_of_its_caller_fires_is_where_it_began(tmp_path: Path) -> None:
    fires: dict[str, object] = {
        "name": "ShopDown", "service": "shop", "started_at": iso(NOW - timedelta(minutes=12)), "severity": "critical",
        "labels": {}, "annotations": {},
    }  # fmt: skip
    look, _ = await looked(tmp_path / "w", rows(dark="basket"), alerts=[fires])
    assert look.headline.startswith("1 alert fires: the trouble seems to be in basket")
    assert look.finding is Finding.PLAIN


async def test_what_speaks_for_a_suspect_tells_of_that_suspect(tmp_path: Path) -> None:
    content = [(m, "shop", "client_errors_ratio_to_basket", v) for m, s, n, v in rows(failing="basket")
               if (s, n) == ("basket", "error_ratio")]  # fmt: skip
    content += [(m, s, n, v * (1.6 if s == "store" and m <= 3 else 1)) for m, s, n, v in rows()]
    look, draft = await looked(tmp_path / "w", content)
    assert look.services[0].name == "basket"
    said = [claim.text for claim in draft.hypotheses[0].claims_for]
    assert said
    assert all("basket" in text for text in said), said


@given(title=st.text("ab ·_", min_size=1, max_size=90).map(str.strip), room=st.integers(24, 52))
def test_a_title_fits_and_keeps_what_tells_it_from_its_neighbours(title: str, room: int) -> None:
    found = squeezed(f"svc · {title} p99 ms", room)
    assert len(found) <= room
    assert "p99" in found
