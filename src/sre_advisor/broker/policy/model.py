"""What a policy file can say; every part left out allows nothing, except the local terminal."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag

_PATTERN_SIGNS = frozenset("*?[]{}|^$")


class PolicyConfig(BaseModel):
    """Where the policy is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: Annotated[
        Path | None,
        Field(description="the policy; default: the shipped one, which lets nobody in Slack ask. Read anew on change"),
    ] = None


def _exact(name: str) -> str:
    """Patterns would widen as names are added; a review must show what is allowed."""
    if not name or name != name.strip() or not name.isprintable():
        raise ValueError("a name must not be empty or begin or end with a blank")
    if _PATTERN_SIGNS.intersection(name):
        raise ValueError("names are exact, there are no patterns; list every name, or write {all: true}")
    return name


ExactName = Annotated[str, Field(max_length=300), AfterValidator(_exact)]
ChannelId = Annotated[str, Field(pattern=r"^[CG][A-Z0-9]{2,30}$")]
UserId = Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{2,30}$")]
GroupId = Annotated[str, Field(pattern=r"^S[A-Z0-9]{2,30}$")]
TeamId = Annotated[str, Field(pattern=r"^[TE][A-Z0-9]{2,30}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Everything(_Part):
    """The word that allows all of something."""

    all: Annotated[Literal[True], Field(description="the only value")]


def _form(value: object) -> str:
    return "everything" if isinstance(value, Mapping | Everything) else "names"


Names = Annotated[
    Annotated[Everything, Tag("everything")] | Annotated[tuple[ExactName, ...], Tag("names")], Discriminator(_form)
]
"""Exact names, or everything; an empty list is nothing."""


class People(_Part):
    """Some people: everybody, or users and the members of user groups by their Slack ids."""

    all: Annotated[bool, Field(description="every full member of the workspace")] = False
    users: Annotated[tuple[UserId, ...], Field(description="Slack user ids (U…)")] = ()
    groups: Annotated[
        tuple[GroupId, ...], Field(description="Slack user group ids (S…); needs the scope usergroups:read")
    ] = ()


class Visible(_Part):
    """What may be seen somewhere, by exact names."""

    services: Annotated[Names, Field(description="services by their names in the catalogue")] = ()
    repositories: Annotated[Names, Field(description="repositories as git.repositories and github name them")] = ()
    docs: Annotated[Names, Field(description="docs folders by their names under docs.folders")] = ()
    metrics: Annotated[Names, Field(description="metrics and golden signals by name")] = ()
    tools: Annotated[Names, Field(description="tools that are on")] = ()


class Channel(Visible):
    """One channel: who may ask there and what it may see."""

    name: Annotated[str, Field(max_length=100, description="for people who read this file; not compared")] = ""
    who: Annotated[People | None, Field(description="who may ask here; left out: those named by who at the top")] = None
    externally_shared: Annotated[
        bool, Field(description="answer although another organisation reads the channel (Slack Connect)")
    ] = False
    follow_ups: Annotated[
        Literal["thread", "mentions", "off"],
        Field(
            description="thread: in a thread that began with a question to it, every message not addressed to somebody "
            "else is one; mentions: only mentions are; off: one question a thread"
        ),
    ] = "thread"


class DirectMessages(Visible):
    """Questions in direct messages to the advisor."""

    who: Annotated[People | None, Field(description="who may ask there; left out: those named by who at the top")] = (
        None
    )


class Terminal(Visible):
    """Questions by `sre-advisor ask`, from somebody with an account on the machine and access to its settings."""

    services: Annotated[Names, Field(description="as in a channel")] = Everything(all=True)
    repositories: Annotated[Names, Field(description="as in a channel")] = Everything(all=True)
    docs: Annotated[Names, Field(description="as in a channel")] = Everything(all=True)
    metrics: Annotated[Names, Field(description="as in a channel")] = Everything(all=True)
    tools: Annotated[Names, Field(description="as in a channel")] = Everything(all=True)
    allowed: Annotated[bool, Field(description="whether the terminal may ask at all")] = True


Vote = Literal["helpful", "not_helpful", "was_the_cause"]
EMOJI: dict[str, Vote] = {"+1": "helpful", "-1": "not_helpful", "white_check_mark": "was_the_cause"}


class Votes(_Part):
    """What counts as a vote on an answer."""

    reactions: Annotated[bool, Field(description="whether emoji reactions count, beside the buttons")] = False
    emoji: Annotated[
        dict[Annotated[str, Field(pattern=r"^[a-z0-9_+'-]{1,100}$")], Vote],
        Field(description="which emoji, by name without colons, is which vote"),
    ] = EMOJI


class WriteException(_Part):
    """A credential that can write and is used all the same."""

    credential: Annotated[ExactName, Field(description="its name, like GITHUB_TOKEN; never its value")]
    reason: Annotated[str, Field(min_length=10, max_length=500, description="why; stands in every privilege review")]


class Policy(_Part):
    """The whole file."""

    version: Annotated[Literal[1], Field(description="of this file's form")] = 1
    who: Annotated[People, Field(description="who may ask, where a channel does not say otherwise")] = People()
    guests: Annotated[bool, Field(description="whether guest accounts among them may ask")] = False
    externals: Annotated[
        bool, Field(description="whether people of other organisations (Slack Connect) among them may ask")
    ] = False
    workspaces: Annotated[
        tuple[TeamId, ...], Field(description="other workspaces of the own organisation (Enterprise Grid)")
    ] = ()
    channels: Annotated[dict[ChannelId, Channel], Field(description="channels by id; no other is answered in")] = {}
    direct_messages: Annotated[
        DirectMessages | None, Field(description="left out: direct messages are not answered")
    ] = None
    terminal: Annotated[Terminal, Field(description="questions asked on the machine itself")] = Terminal()
    service_labels: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$")], ...],
        Field(description="labels whose value is a service's name; a query of a narrowed channel must carry one"),
    ] = ("service",)
    kill_switch: Annotated[People, Field(description="who may stop all investigations from Slack")] = People()
    votes: Annotated[Votes, Field(description="what counts as a vote")] = Votes()
    write_credentials: Annotated[
        tuple[WriteException, ...], Field(description="credentials that may be able to write, each with a reason")
    ] = ()
