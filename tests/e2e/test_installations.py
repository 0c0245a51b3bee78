"""The advisor installed with exactly what a manifest asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from sre_advisor.broker.policy import policy_for
from sre_advisor.broker.policy.reading import parse_policy
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.slack.manifest import Profile, Wanted, events, scopes
from tests.e2e.conftest import Stage, stage

MORE = """
direct_messages:
  services: {all: true}
  metrics: {all: true}
  tools: {all: true}
"""


async def used(on: Stage, follow_up: str) -> None:
    """A whole conversation."""
    state = on.slack.state
    ts = await on.ask("@advisor why is shop failing?")
    (answer,) = await on.answered(ts)
    await on.ask(follow_up, thread_ts=ts)
    await on.answered(ts, times=2)
    await state.person_reacts(answer.ts, "+1")
    await state.person_opens_home()
    for pressed in ("vote_helpful", "show_evidence"):
        assert await state.person_clicks(answer.ts, pressed)
    await on.slack.wait_until(lambda: bool(state.homes) and bool(state.views), 10)
    await on.slack.wait_until(lambda: on.slack.sockets.idle, 10)
    await on.service.worker.idle()


@pytest.mark.parametrize("profile", ["usual", "mention-only"])
async def test_what_the_manifest_asks_for_is_enough_for_all_that_is_done(
    tmp_path: Path, slack: LocalSlack, profile: Profile
) -> None:
    usual = profile == "usual"
    text = policy_for(slack.state.channel("incidents").id, "incidents").replace("reactions: false", "reactions: true")
    policy = text + (MORE if usual else "")
    (tmp_path / "policy.yaml").write_text(policy)
    wanted = Wanted.by(parse_policy(policy, "the policy"), profile, private_channels=False, url=None)
    slack.state.config.scopes, slack.state.config.events = set(scopes(wanted)), set(events(wanted))
    async with stage(tmp_path, slack, {}) as on:
        await used(on, "and what about the store?" if usual else "@advisor and what about the store?")
        assert len(await on.parts.journal.of_kinds("voted")) == 2
        if usual:
            assert await slack.state.person_commands("incidents", "/advisor", "why is shop failing?")
            im = slack.state.open_im(slack.state.person.id)
            await slack.wait_until(lambda: "config-7" in slack.state.transcript(im.id), 20)
            await on.service.worker.idle()
    refused = {method for (method, code) in slack.web_api.errors if code == "missing_scope"}
    read_back = {"conversations.history", "conversations.replies"}
    courtesies = {"assistant.threads.setStatus", "files.getUploadURLExternal"} | read_back
    assert refused <= (set() if usual else courtesies)
