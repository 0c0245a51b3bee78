"""What Slack refuses, the local one refuses too: otherwise no test of ours would notice."""

from typing import Any

import pytest

from sre_advisor.demo.local_slack.nouns import SlackError
from sre_advisor.demo.local_slack.validate import check_message_blocks


def rich(*elements: dict[str, Any], kind: str = "rich_text_section") -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}


def task(**more: Any) -> dict[str, Any]:
    return {"type": "task_card", "task_id": "1", "title": "Metrics", "status": "complete"} | more


def plan(*tasks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "plan", "title": "Looking", "tasks": list(tasks)}


def fold(child: dict[str, Any]) -> dict[str, Any]:
    title = {"type": "plain_text", "text": "Evidence"}
    return {"type": "container", "title": title, "is_collapsible": True, "child_blocks": [child]}


WORD = {"type": "text", "text": "word"}
MOMENT = {"type": "date", "timestamp": 1_700_000_000, "format": "{time}", "fallback": "13:50 UTC"}
SECTION = {"type": "section", "text": {"type": "plain_text", "text": "word"}}
REFUSED = {
    "an empty run of text": rich({"type": "text", "text": ""}),
    "a style that is none": rich(WORD | {"style": {"blink": True}}),
    "a date in preformatted text": rich(MOMENT, kind="rich_text_preformatted"),
    "a date before there were any": rich(MOMENT | {"timestamp": -1}),
    "a link to a script": rich({"type": "link", "url": "javascript:alert(1)"}),
    "a list of words": rich(WORD, kind="rich_text_list"),
    "half of a surrogate pair": rich({"type": "text", "text": "\ud800"}),
    "rich text in a container": fold(rich(WORD)),
    "a property it does not know": SECTION | {"colour": "red"},
    "a task whose output is a string": plan(task(output="3 firing")),
    "a task with no such state": plan(task(status="failed")),
    "two tasks of one id": plan(task(), task()),
    "a task that is none": plan(SECTION),
}
TAKEN = {
    "rich text": rich(WORD, MOMENT),
    "code": rich(WORD, kind="rich_text_preformatted"),
    "a folded section": fold(SECTION),
    "a plan": plan(task(output=rich(WORD)), task(task_id="2", status="error")),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_refuses(what: str) -> None:
    with pytest.raises(SlackError, match="invalid_blocks"):
        check_message_blocks([REFUSED[what]])


@pytest.mark.parametrize("what", TAKEN)
def test_it_takes(what: str) -> None:
    check_message_blocks([TAKEN[what]])
