"""The services there are, and who calls whom."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import Field

from sre_advisor.model.frozen import Frozen


class CodeLocation(Frozen):
    """Where in which repository a service's code lives."""

    name: str
    paths: tuple[str, ...] = ()


class Service(Frozen):
    """A service as the catalogue knows it; `selector` holds the labels that pick its series."""

    name: str
    aliases: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    selector: dict[str, str] = Field(default_factory=dict)
    repositories: tuple[CodeLocation, ...] = ()
    docs: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All known services and who calls whom (caller, callee)."""

    services: tuple[Service, ...] = ()
    edges: tuple[tuple[str, str], ...] = ()

    def find(self, name: str) -> Service | None:
        """The service of this name or alias, compared without case; None when unknown."""
        wanted = name.casefold()
        for service in self.services:
            if wanted == service.name.casefold() or wanted in (a.casefold() for a in service.aliases):
                return service
        return None

    @property
    def graph(self) -> tuple[tuple[str, str], ...]:
        """Every known (caller, callee) pair, from the services' own words and from what was observed."""
        told = [(s.name, d) for s in self.services for d in s.depends_on]
        return tuple(dict.fromkeys([*told, *self.edges]))
