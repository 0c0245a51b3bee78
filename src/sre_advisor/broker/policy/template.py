"""The policy that `init` writes: one named channel, so that the first mention is answered."""

from __future__ import annotations

import json

from sre_advisor.broker.policy.reading import PolicyBroken, parse_policy

_TEXT = """\
# Who may ask the advisor, where, and what each channel may see. What is not named here is refused.
# Names are exact; there are no patterns. {{all: true}} is the one word that allows everything of a kind.
# The file is read again when it changes; a broken edit keeps the last good policy and says so.
# Every key: docs/reference/policy.md

version: 1

# Who may ask, in every channel below that does not say otherwise. Guests and people of other organisations
# (Slack Connect) are refused even so, unless `guests: true` or `externals: true` stands here.
who:
  all: true
  # users: [U0123ABCD]
  # groups: [S0123ABCD]       # needs the Slack scope usergroups:read

channels:
  {channel}:
    name: {name}
    # Everything that is configured. To narrow it, list names instead, like  services: [checkout, payments]
    services: {{all: true}}
    repositories: {{all: true}}
    docs: {{all: true}}
    metrics: {{all: true}}
    tools: {{all: true}}

# Direct messages are not answered unless this part is here.
# direct_messages:
#   services: {{all: true}}

# Who may stop all investigations from Slack.
kill_switch:
  users: []

# Whether emoji reactions count as votes, beside the buttons under an answer.
votes:
  reactions: false
"""


def policy_for(channel_id: str, name: str) -> str:
    """YAML of a policy for one channel, everything configured visible; raises ValueError for what is no channel id."""
    text = _TEXT.format(channel=channel_id, name=json.dumps(" ".join(name.split()), ensure_ascii=True))
    try:
        named = set(parse_policy(text, "the policy").channels)
    except PolicyBroken:
        named = set()
    if named != {channel_id}:
        raise ValueError(
            f"{channel_id!r} is no channel's id; it looks like C0123ABCD and stands at the end of the channel's details"
        )
    return text
