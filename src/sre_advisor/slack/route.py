"""Deciding what an event from Slack is to us: one pure function."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

HUMAN_SUBTYPES = (None, "file_share", "thread_broadcast", "me_message")
"""Kinds of message a person writes; all others (deletions, joins, tombstones, …) are Slack's own."""
SLACKBOT = "USLACKBOT"

_TOKEN = re.compile(r"<(?:([@#!])([^>|]+)(?:\|([^>]*))?|([^>|]+)(?:\|([^>]*))?)>")


@dataclass(frozen=True, slots=True)
class Me:
    """Who the advisor is in this workspace."""

    user: str
    team: str
    name: str = "sre-advisor"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that may be a question; `addressed` when it names the advisor or is a direct message."""

    team: str
    channel: str
    ts: str
    thread_ts: str
    user: str
    text: str
    addressed: bool
    starts_thread: bool
    home_team: str | None = None
    """The workspace the writer belongs to, when the event names it; another than ours with Slack Connect."""
    externally_shared: bool = False
    edited: str | None = None
    """When its writer changed what it says, as Slack's ts; None for a message as it was first written."""

    @property
    def key(self) -> str:
        """One message (or one edit of it), however many events tell of it."""
        return f"{self.team}/{self.channel}/{self.ts}" + (f"/{self.edited}" if self.edited else "")

    @property
    def question(self) -> str:
        """The id of the question that the message may be."""
        return f"{self.channel}-{self.ts}" + (f"-{self.edited}" if self.edited else "")

    @property
    def direct(self) -> bool:
        """Whether it stands in the direct messages."""
        return self.channel.startswith("D")

    @property
    def investigation(self) -> str:
        """One thread."""
        return f"{self.channel}-{self.thread_ts}"


def route(body: Mapping[str, Any], me: Me) -> Incoming | None:
    """The message in an Events API body if a person wrote it where the advisor could be meant; None otherwise.

    A message in a thread that does not name the advisor is returned unaddressed: whether it is a follow-up depends on
    whose thread it is, which the caller knows. So is whether an edit still matters.
    """
    outer = body.get("event")
    if body.get("type") != "event_callback" or not isinstance(outer, Mapping):
        return None
    if outer.get("type") not in ("app_mention", "message"):
        return None
    event, edited = _written(outer)
    if event is None or not _by_a_person(event, me):
        return None
    user, channel, ts = event.get("user"), outer.get("channel"), event.get("ts")
    if not (isinstance(user, str) and isinstance(channel, str) and isinstance(ts, str)):
        return None
    text = event.get("text")
    raw = text if isinstance(text, str) else ""
    direct = outer.get("channel_type") == "im"
    mentioned = f"<@{me.user}>" in raw or f"<@{me.user}|" in raw
    thread_ts = event.get("thread_ts")
    starts_thread = not isinstance(thread_ts, str) or thread_ts == ts
    if not mentioned and (_names_somebody(raw) or (starts_thread and not direct)):
        return None
    return Incoming(
        team=str(event.get("team") or body.get("team_id") or me.team),
        channel=channel,
        ts=ts,
        thread_ts=ts if starts_thread else str(thread_ts),
        user=user,
        text=plain(raw, me),
        addressed=mentioned or direct,
        starts_thread=starts_thread,
        home_team=_team(event.get("user_team")) or _team(event.get("source_team")),
        externally_shared=body.get("is_ext_shared_channel") is True,
        edited=edited,
    )


def _written(event: Mapping[str, Any]) -> tuple[Mapping[str, Any] | None, str | None]:
    """The message that an event tells of and, for an edit, when it was; no message when nobody wrote anything.

    Slack tells of a change also when it added a preview: then the text is as before.
    """
    if event.get("subtype") != "message_changed":
        plainly = event.get("subtype") in HUMAN_SUBTYPES and not event.get("hidden") and not event.get("edited")
        return (event if plainly else None), None
    now, before = event.get("message"), event.get("previous_message")
    if not isinstance(now, Mapping) or not isinstance(before, Mapping) or now.get("text") == before.get("text"):
        return None, None
    edit = now.get("edited")
    at = edit.get("ts") if isinstance(edit, Mapping) else None
    if not isinstance(at, str) or now.get("subtype") not in HUMAN_SUBTYPES:
        return None, None
    return now, at


def _by_a_person(event: Mapping[str, Any], me: Me) -> bool:
    """Whether a person wrote it themselves: no bot, no app in their name, not Slack and not the advisor."""
    return not event.get("bot_id") and event.get("user") not in (me.user, SLACKBOT, None)


def _team(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def plain(text: str, me: Me) -> str:
    """The text as its writer saw it, without the mention of the advisor itself."""

    def written(match: re.Match[str]) -> str:
        sigil, target, label, link, link_label = match.groups()
        if sigil == "@":
            return "" if target == me.user else f"@{label or target}"
        if sigil == "#":
            return f"#{label or target}"
        if sigil == "!":
            return label or f"@{target.partition('^')[0]}"
        return link if not link_label or link_label == link else f"{link_label} ({link})"

    whole = text.encode("utf-8", "replace").decode()  # half a character can be put on no record and sent nowhere
    return " ".join(html.unescape(_TOKEN.sub(written, whole)).split())


def _names_somebody(text: str) -> bool:
    """Whether the message is addressed to somebody else: it begins with a mention."""
    return text.lstrip().startswith("<@")
