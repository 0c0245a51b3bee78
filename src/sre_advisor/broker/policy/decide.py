"""The decisions: pure functions of the policy and of what is known about the asker and the place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from sre_advisor.broker.policy.model import (
    Channel,
    DirectMessages,
    Everything,
    Names,
    People,
    Policy,
    Terminal,
    Visible,
)
from sre_advisor.connectors.contract import EVERYTHING, Scope, Tool
from sre_advisor.model import Catalogue, Service


@dataclass(frozen=True, slots=True)
class Allowed:
    """Go ahead; `scope` is what may be seen."""

    scope: Scope = EVERYTHING


@dataclass(frozen=True, slots=True)
class Refused:
    """Not allowed: `rule` names the line of the policy, `words` tell the person what to do about it."""

    rule: str
    words: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.words}"


Decision = Allowed | Refused


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as far as Slack told; None is not known, which never counts in their favour."""

    user: str | None = None
    team: str | None = None
    guest: bool | None = None
    external: bool | None = None
    groups: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question was asked; no channel: on the machine's own terminal."""

    channel: str | None = None
    externally_shared: bool = False

    @property
    def direct(self) -> bool:
        """Whether it is a direct message."""
        return (self.channel or "").startswith("D")


def may_ask(policy: Policy, asker: Asker, place: Place) -> Decision:
    """Whether this person may ask here."""
    view = view_of(policy, place.channel)
    if view is None:
        return _no_such_place(place)
    if isinstance(view, Terminal):
        return Allowed() if view.allowed else Refused("terminal", "the policy does not allow questions on the terminal")
    if place.externally_shared and not (isinstance(view, Channel) and view.externally_shared):
        return Refused(
            "externally_shared", "this channel is shared with another organisation, which the policy forbids"
        )
    return _outsider(policy, asker) or _among(view.who or policy.who, asker, "who")


def follow_ups(policy: Policy, channel: str) -> Literal["thread", "mentions", "off"]:
    """Which further messages of a thread are questions there."""
    view = view_of(policy, channel)
    return view.follow_ups if isinstance(view, Channel) else "thread"


def may_follow_up(policy: Policy, channel: str) -> Decision:
    """Whether a thread that had a question may have another."""
    if follow_ups(policy, channel) == "off":
        return Refused("follow_ups", "here each question gets a thread of its own; ask in a new message")
    return Allowed()


def _no_such_place(place: Place) -> Refused:
    if place.direct:
        return Refused("direct_messages", "I do not answer direct messages; ask in a channel that the policy lists")
    return Refused("channels", "I may not answer in this channel; ask in one that the policy lists")


def _outsider(policy: Policy, asker: Asker) -> Refused | None:
    if not policy.externals and asker.team not in policy.workspaces:
        if asker.external is None:
            return Refused("externals", "I cannot tell whether you belong to this organisation, so I must not answer")
        if asker.external:
            return Refused("externals", "people of other organisations may not ask me")
    if not policy.guests:
        if asker.guest is None:
            return Refused("guests", "I cannot tell whether you are a guest here, so I must not answer")
        if asker.guest:
            return Refused("guests", "guests may not ask me; ask a member of the team to do it")
    return None


def _among(people: People, asker: Asker, rule: str) -> Decision:
    if people.all or (asker.user is not None and asker.user in people.users):
        return Allowed()
    if people.groups and asker.groups is None:
        return Refused(rule, "I cannot tell which user groups you are in, so I must not do this")
    if asker.groups is not None and asker.groups.intersection(people.groups):
        return Allowed()
    return Refused(rule, "you are not among those whom the policy names for this; its owner can add you")


def may_stop(policy: Policy, asker: Asker) -> Decision:
    """Whether this person may use the kill switch; outsiders never may."""
    return _outsider(policy.model_copy(update={"guests": False, "externals": False}), asker) or _among(
        policy.kill_switch, asker, "kill_switch"
    )


def exception_for(policy: Policy, credential: str) -> str | None:
    """Why a credential that can write may be used; None when it may not."""
    return next((e.reason for e in policy.write_credentials if e.credential == credential), None)


def view_of(policy: Policy, channel: str | None) -> Channel | DirectMessages | Terminal | None:
    """What the policy says about the place; None: nothing, so nothing is allowed there."""
    if channel is None:
        return policy.terminal
    return policy.direct_messages if Place(channel).direct else policy.channels.get(channel)


def may_read(
    policy: Policy, channel: str | None, tool: Tool, args: Mapping[str, JsonValue], catalogue: Catalogue
) -> Decision:
    """Whether this call may run for a question of this channel, and within which scope.

    What the arguments name must lie within the scope; what the tool finds is kept within it by the tool itself
    (`Tool.scoped`), and a tool that cannot do so is refused wherever anything is out of sight.
    """
    view = view_of(policy, channel)
    if view is None or (isinstance(view, Terminal) and not view.allowed):
        return Refused("channels", "the policy allows nothing to be read for this channel")
    if not tool_is_on(view, tool.name):
        return Refused("channel_tools", f"the tool {tool.name} is off in this channel")
    scope = scope_of(policy, view, catalogue)
    if scope.narrowed and tool.scoped is None:
        return Refused("channel_tools", f"{tool.name} cannot be kept within what this channel may see")
    return _names_only(scope, args, catalogue) or Allowed(scope)


def tool_is_on(view: Visible, tool: str) -> bool:
    """Whether the tool may be used there."""
    return isinstance(view.tools, Everything) or tool in view.tools


def scope_of(policy: Policy, view: Visible, catalogue: Catalogue) -> Scope:
    """The names a place may see; a service's own aliases count as it."""
    services = _names(view.services)
    known = () if services is None else tuple(s for s in catalogue.services if s.name in services)
    taken = {s.name.casefold() for s in catalogue.services}  # an alias that is another service's name is that one's
    aliases = {a for s in known for a in s.aliases if a.casefold() not in taken and catalogue.find(a) is s}
    return Scope(
        services=None if services is None else services | aliases,
        repositories=_names(view.repositories),
        folders=_names(view.docs),
        metrics=_names(view.metrics),
        service_labels=policy.service_labels,
        selectors=tuple(frozenset(s.selector.items()) for s in known if s.selector),
    )


def _names(names: Names) -> frozenset[str] | None:
    return None if isinstance(names, Everything) else frozenset(names)


def _names_only(scope: Scope, args: Mapping[str, JsonValue], catalogue: Catalogue) -> Refused | None:
    """A refusal when an argument names a service or repository that is out of sight.

    Tools call these arguments `service`, `services`, `repository` and `repositories`; a test holds them to it.
    """
    for key in ("service", "services"):
        for name in _listed(args.get(key)):
            known = catalogue.find(name)
            if not scope.sees_service(known.name if known else name):
                return Refused("channel_services", f"this channel may not see the service {name[:80]!r}")
    for key in ("repository", "repositories"):
        for name in _listed(args.get(key)):
            if not scope.sees_repository(name):
                return Refused("channel_repositories", f"this channel may not see the repository {name[:80]!r}")
    return None


def _listed(value: JsonValue) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(str(v) for v in value) if isinstance(value, list) else (str(value),)


def visible_catalogue(catalogue: Catalogue, scope: Scope) -> Catalogue:
    """The catalogue without what is out of sight."""
    if scope.services is None and scope.repositories is None and scope.folders is None:
        return catalogue
    return Catalogue(
        tuple(_visible(s, scope) for s in catalogue.services if scope.sees_service(s.name)),
        tuple(edge for edge in catalogue.edges if all(map(scope.sees_service, edge))),
    )


def _visible(service: Service, scope: Scope) -> Service:
    return service.model_copy(
        update={
            "repositories": tuple(r for r in service.repositories if scope.sees_repository(r.name)),
            "docs": tuple(d for d in service.docs if scope.sees_folder(d.partition("/")[0])),
            "depends_on": tuple(d for d in service.depends_on if scope.sees_service(d)),
        }
    )
