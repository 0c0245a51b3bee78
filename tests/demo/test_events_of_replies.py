"""A reply's event names the thread it stands in, not itself."""

from sre_advisor.demo.local_slack.payloads import message_json
from sre_advisor.demo.local_slack.state import SlackState


async def test_the_event_of_a_reply_names_the_root_of_its_thread() -> None:
    state = SlackState()
    root = await state.person_posts("incidents", None, "first")
    reply = await state.person_posts("incidents", None, "second", thread_ts=root.ts)
    assert message_json(state, reply)["thread_ts"] == root.ts
    assert message_json(state, root)["reply_count"] == 1
