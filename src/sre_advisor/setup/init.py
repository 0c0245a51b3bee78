"""Write a first configuration from what was found, for a person to correct."""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

from sre_advisor.broker.policy import policy_for
from sre_advisor.connectors.access import HttpAccess
from sre_advisor.connectors.contract import ToolFailure
from sre_advisor.connectors.docs.config import DocsFolder
from sre_advisor.connectors.git.config import RepositoryConfig
from sre_advisor.connectors.github.config import REPOSITORY
from sre_advisor.model.names import repeated
from sre_advisor.settings import DEFAULT_FILE, Settings, SettingsError, load_settings
from sre_advisor.setup.catalogue import catalogue, known_services
from sre_advisor.setup.names import Known
from sre_advisor.setup.repository import CodeReader
from sre_advisor.setup.survey import Sources, Survey, document_folders, survey
from sre_advisor.setup.written import scalar, written

Access = TypeVar("Access", bound=HttpAccess)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options say; a repository is PATH or PATH=NAME."""

    prometheus: str | None = None
    alertmanager: str | None = None
    repositories: tuple[str, ...] = ()
    docs: tuple[Path, ...] = ()
    github: tuple[str, ...] = ()
    output: Path | None = None
    force: bool = False
    channel: str | None = None
    """A channel that may ask, as ID or ID=NAME."""


def output_of(wanted: Wanted) -> Path:
    """The file to write; raises SettingsError when it is there already and may not be overwritten."""
    output = wanted.output or DEFAULT_FILE
    if output.exists() and not wanted.force:
        raise SettingsError(f"{output}: is there already; --force overwrites it, --output names another file")
    return output


async def initialise(wanted: Wanted) -> int:
    """Look and write; 0 when all that was named could be read, 1 when something was left out; raises SettingsError."""
    console = Console(highlight=False, stderr=True)
    output = output_of(wanted)
    policy = policy_file(wanted.channel, output, force=wanted.force) if wanted.channel else None
    sources = sources_of(wanted)
    if sources == Sources():
        raise SettingsError(
            "nothing to look at: name --prometheus URL, --alertmanager URL, --repository PATH, --docs PATH or --github"
        )
    found = await survey(sources)
    text = await described(sources, found)
    if policy is not None:
        text += f"\n# Who may ask, and what each channel may see.\npolicy:\n  file: {scalar(policy.file.name)}\n"
    settings = proved(text)
    if policy is not None:
        _write(policy.file, policy.text)
    _write(output, text)
    _report(console, output, settings, found)
    return 1 if found.troubles else 0


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A policy to be written beside the settings."""

    file: Path
    text: str


def policy_file(channel: str, output: Path, *, force: bool) -> PolicyFile:
    """The policy for a channel given as ID or ID=NAME; raises SettingsError."""
    file = output.with_name("policy.yaml")
    if file.exists() and not force:
        raise SettingsError(f"{file}: is there already; --force overwrites it, or add the channel to it by hand")
    number, _, name = channel.partition("=")
    try:
        return PolicyFile(file, policy_for(number.strip(), name.strip() or number.strip()))
    except ValueError as problem:
        raise SettingsError(f"--channel: {problem}") from None


def sources_of(wanted: Wanted) -> Sources:
    """What the options name, checked; raises SettingsError without any secret that an address holds."""
    repositories = tuple(_repository(word) for word in wanted.repositories)
    folders = [path.expanduser().resolve() for path in wanted.docs]
    docs = [DocsFolder(name=_docs_name(path.name), path=path) for path in folders]
    if not docs:
        docs = [
            DocsFolder(name=_docs_name(f"{one.name}-{folder.name}"), path=folder)
            for one in repositories
            for folder in document_folders(one)
        ]
    _refuse_doubles("--repository", [one.name for one in repositories])
    _refuse_doubles("--docs", [one.name for one in docs])
    for name in wanted.github:
        if not REPOSITORY.fullmatch(name):
            raise SettingsError(f"--github: {name!r} is no repository; write it as owner/name")
    told = load_settings(None, {})  # credentials may be named in the environment already
    return Sources(
        _access("--prometheus", told.prometheus, wanted.prometheus),
        _access("--alertmanager", told.alertmanager, wanted.alertmanager),
        repositories,
        tuple(docs),
        wanted.github,
    )


async def described(sources: Sources, found: Survey) -> str:
    """The text of the file."""
    known = known_services(found)
    readers = {one.name: CodeReader(one) for one in sources.repositories}
    told = await asyncio.gather(*(_mentions(readers[code.name], known) for code in found.code))
    mentions = {code.name: lines for code, lines in zip(found.code, told, strict=True)}
    return written(sources, found, catalogue(found, known, mentions), datetime.now(UTC).date())


def proved(text: str) -> Settings:
    """The settings that the text holds; raises SettingsError when the program could not be started with it."""
    return load_settings(None, yaml.safe_load(text) or {})


async def _mentions(reader: CodeReader, known: Known) -> tuple[tuple[str, str], ...]:
    try:
        return await reader.mentions(known)
    except ToolFailure:
        return ()  # the repository was read a moment ago; without the search only some dependencies are missing


def _access(option: str, told: Access, url: str | None) -> Access | None:
    if not url:
        return None
    try:
        return type(told).model_validate({**told.model_dump(), "url": url})
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise SettingsError(f"{option}: {problem['msg'].removeprefix('Value error, ')}") from None


def _repository(word: str) -> RepositoryConfig:
    place, equals, name = word.rpartition("=")
    path = Path(place if equals else word).expanduser().resolve()
    name = name if equals else path.name.removesuffix(".git")
    if not name:
        raise SettingsError(f"--repository: {word!r} has no name; write it as PATH=NAME")
    return RepositoryConfig(name=name, path=path)


def _docs_name(word: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", word).strip("-._")[:100] or "docs"


def _refuse_doubles(option: str, names: list[str]) -> None:
    if double := repeated(names):
        raise SettingsError(f"{option}: two are called {', '.join(double)}; rename a folder or write PATH=NAME")


def _write(output: Path, text: str) -> None:
    """Whole or not at all: a program that starts meanwhile never reads half a file."""
    draft = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(output)
    except OSError as error:
        raise SettingsError(f"{output}: cannot be written ({error.strerror}); name another file by --output") from None
    finally:
        draft.unlink(missing_ok=True)


def _report(console: Console, output: Path, settings: Settings, found: Survey) -> None:
    for what, why in found.troubles.items():
        console.print(f"[yellow]left out[/yellow] {escape(what)}: {escape(why)}", soft_wrap=True)
    calls = sum(len(service.depends_on) for service in settings.services)
    services = len(settings.services)
    console.print(
        f"[green]wrote[/green] {escape(str(output))}: {services} service{'s' * (services != 1)}, "
        f"{calls} calls between them, {len(settings.prometheus.signals)} signals. Correct it, then: sre-advisor doctor",
        soft_wrap=True,
    )
