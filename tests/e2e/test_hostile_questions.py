"""Whatever people type ends with one word of the advisor's, which rings nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sre_advisor.demo.local_slack import LocalSlack
from tests.e2e.conftest import Stage, stage
from tests.e2e.test_orders import named_in_policy
from tests.e2e.test_side_talk import DIRECT, allow

LIVE = ("<!", "<@", "<#", "<http", "<mailto")
HOSTILE = {
    "a lone surrogate": "why is shop \ud83d failing?",
    "a null": "why is shop\x00 failing?",
    "right to left": "\u202ewhy is shop failing?\u202c",
    "zero width": "why\u200b is\u2060 shop\ufeff failing?",
    "everybody": "why is shop failing? <!channel> <!here> <!subteam^S1|@all> &lt;!everyone&gt;",
    "a link": "why is shop failing? <https://evil.example/?q=1|here> <mailto:a@b.example>",
    "40,000 characters": "why is shop failing? " + "x" * 39_979,
    "only emoji": ":fire: 🔥🔥",
    "nothing": "",
    "backquotes": "why is `shop` ```failing?",
}


def rings(slack: LocalSlack) -> list[str]:
    """What of the advisor's would call people together."""
    shown: list[Any] = [part for m in slack.state.posted_by_bot() for part in (m.text, m.blocks)]
    shown += [view.content for view in (*slack.state.views.values(), *slack.state.homes.values())]
    return [text for part in shown for text in parsed(part) if any(word in text for word in LIVE)]


def parsed(part: Any) -> Iterator[str]:
    """The texts that Slack reads as markup, and every element that calls somebody; plain text it shows as it is."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        yield from (text for inner in part if not isinstance(inner, str) for text in parsed(inner))
    elif isinstance(part, dict):
        if part.get("type") in ("broadcast", "usergroup", "user"):
            yield f"<!{part['type']}"
        if part.get("type") in ("mrkdwn", "markdown"):
            yield str(part.get("text"))
        yield from (text for inner in part.values() if not isinstance(inner, str) for text in parsed(inner))


@pytest.mark.parametrize("what", HOSTILE)
async def test_whatever_is_asked_ends_with_one_word_that_rings_nobody(on_stage: Stage, what: str) -> None:
    slack = on_stage.slack
    ts = (await slack.state.person_posts("incidents", None, f"<@{slack.state.bot.id}> {HOSTILE[what]}")).ts
    await slack.wait_until(lambda: bool(on_stage.said(ts, "answer") or on_stage.said(ts, "refusal")), 20)
    await on_stage.service.worker.idle()
    assert len(on_stage.said(ts, "answer")) + len(on_stage.said(ts, "refusal")) == 1
    assert rings(slack) == []
    assert await on_stage.parts.journal.unfinished() == ()


async def test_what_is_quoted_elsewhere_rings_nobody_either(tmp_path: Path, slack: LocalSlack) -> None:
    everybody = "<!channel> &lt;!everyone&gt; why is shop failing?"
    allow(tmp_path, slack, DIRECT)
    async with stage(tmp_path, slack, {}) as on:
        slack.faults.server_error("chat.postMessage", times=10_000)
        await slack.state.person_posts("incidents", None, f"<@{slack.state.bot.id}> {everybody}")
        await slack.wait_until(lambda: slack.faults.injected["server_error"] > 0, 10)
        await slack.state.person_opens_home()
        await slack.wait_until(lambda: bool(slack.state.homes), 10)
        assert "shop failing" in json.dumps([home.content for home in slack.state.homes.values()])
        assert await slack.state.person_commands("incidents", "/advisor", "status")
        await slack.wait_until(lambda: "Being looked into: 1 here" in slack.state.transcript("incidents"), 10)
        slack.faults.clear()
        assert await slack.state.person_commands("incidents", "/advisor", everybody)
        im = slack.state.open_im(slack.state.person.id)
        await slack.wait_until(lambda: "You asked in private" in slack.state.transcript(im.id), 10)
        await on.service.worker.idle()
        assert rings(slack) == []


async def test_the_reason_of_a_stop_for_everything_rings_nobody(tmp_path: Path, slack: LocalSlack) -> None:
    named_in_policy(tmp_path, slack)
    async with stage(tmp_path, slack, {}) as on:
        bot = f"<@{slack.state.bot.id}>"
        await slack.state.person_posts("incidents", None, f"{bot} stop all: <!channel> &lt;!here&gt; wrong")
        await slack.wait_until(lambda: "Everything is stopped" in slack.state.transcript("incidents"), 10)
        await slack.state.person_posts("incidents", None, f"{bot} why is shop failing?")
        await slack.wait_until(lambda: "wrong" in " ".join(m.text for m in slack.state.posted_by_bot()), 10)
        await on.service.worker.idle()
        assert rings(slack) == []
