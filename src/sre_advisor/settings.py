"""All settings: advisor.yaml, overlaid by the environment; what is wrong is said in one line each."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from sre_advisor.advisors.claude.config import ClaudeConfig
from sre_advisor.advisors.ledger import Limits
from sre_advisor.broker.config import LimitsConfig
from sre_advisor.broker.policy.model import PolicyConfig
from sre_advisor.broker.redaction import RedactionConfig
from sre_advisor.connectors.alertmanager.config import AlertmanagerConfig
from sre_advisor.connectors.docs.config import DocsConfig
from sre_advisor.connectors.git.config import GitConfig
from sre_advisor.connectors.github.config import GithubConfig
from sre_advisor.connectors.prometheus.config import PrometheusConfig
from sre_advisor.credentials import NAMES as SECRETS
from sre_advisor.evals.config import EvalsConfig
from sre_advisor.investigate.config import FirstLookConfig
from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.logs import quieter
from sre_advisor.model import Service
from sre_advisor.slack.config import SlackConfig
from sre_advisor.strict_yaml import YamlProblem, parse_strict, read_strict

DEFAULT_FILE = Path("advisor.yaml")
PREFIX = "SRE_ADVISOR_"
SIZE_LIMIT = 4_000_000
M = TypeVar("M", bound=BaseModel)


class SettingsError(Exception):
    """The configuration cannot be used; the message has one line for each thing that is wrong, and no values."""


class LogConfig(BaseModel):
    """What the program says about itself on stderr."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    level: Annotated[Literal["debug", "info", "warning", "error"], Field(description="the least that is logged")] = (
        "info"
    )
    format: Annotated[
        Literal["auto", "json", "plain"], Field(description="auto: plain on a terminal, JSON elsewhere")
    ] = "auto"


class RecordingsConfig(BaseModel):
    """Where closed incidents are recorded."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    folder: Annotated[
        Path | None, Field(description="folder into which each incident closed in Slack is recorded; null: none is")
    ] = None


class HttpConfig(BaseModel):
    """What is served over HTTP: /healthz, /readyz, /metrics, and Slack's events with slack.mode http."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    listen: Annotated[
        str | None,
        Field(
            description="HOST:PORT, such as 127.0.0.1:9464; without it nothing is served",
            pattern=r"^(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})$",
        ),
    ] = None

    @field_validator("listen")
    @classmethod
    def _a_port(cls, listen: str | None) -> str | None:
        if listen and int(listen.rpartition(":")[2]) > 65_535:
            raise ValueError("a port is at most 65535")
        return listen


class Settings(BaseSettings):
    """Everything that can be set; each room brings its own part."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        hide_input_in_errors=True,
    )

    prometheus: Annotated[PrometheusConfig, Field(description="metrics")] = PrometheusConfig()
    alertmanager: Annotated[AlertmanagerConfig, Field(description="alerts")] = AlertmanagerConfig()
    docs: Annotated[DocsConfig, Field(description="runbooks and other Markdown")] = DocsConfig()
    git: Annotated[GitConfig, Field(description="local mirrors of repositories")] = GitConfig()
    github: Annotated[GithubConfig, Field(description="pull requests, deployments, releases")] = GithubConfig()
    services: Annotated[tuple[Service, ...], Field(description="the service catalogue")] = ()
    model: Annotated[ClaudeConfig, Field(description="the model")] = ClaudeConfig()
    budget: Annotated[Limits, Field(description="what one question may take of the model")] = Limits()
    limits: Annotated[LimitsConfig, Field(description="limits of reading")] = LimitsConfig()
    redaction: Annotated[RedactionConfig, Field(description="what else is masked")] = RedactionConfig()
    policy: Annotated[PolicyConfig, Field(description="who may ask, and what each channel may see")] = PolicyConfig()
    first_look: Annotated[FirstLookConfig, Field(description="windows of the first look")] = FirstLookConfig()
    slack: Annotated[SlackConfig, Field(description="Slack")] = SlackConfig()
    http: Annotated[HttpConfig, Field(description="health, metrics and Slack's events")] = HttpConfig()
    database: Annotated[DatabaseConfig, Field(description="the journal")] = DatabaseConfig()
    recordings: Annotated[RecordingsConfig, Field(description="recordings of closed incidents")] = RecordingsConfig()
    evals: Annotated[EvalsConfig, Field(description="what watches the model while it works")] = EvalsConfig()
    log: Annotated[LogConfig, Field(description="logging")] = LogConfig()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file (which comes as arguments); nothing else is read."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings

    @field_validator("services")
    @classmethod
    def _names_are_unique(cls, services: tuple[Service, ...]) -> tuple[Service, ...]:
        names = [s.name.casefold() for s in services]
        double = sorted({n for n in names if names.count(n) > 1})
        if double:
            raise ValueError(f"two services are called {', '.join(double)}; give each its own name")
        return services

    def quieter(self) -> Settings:
        """The same for a command whose answer a person reads on the terminal its log goes to."""
        return self.model_copy(update={"log": self.log.model_copy(update={"level": quieter(self.log.level)})})

    def require_backends(self, ways: str = "run `sre-advisor init` or name a file by --config") -> None:
        """Raise SettingsError, which names the ways out, when there is nothing to read."""
        if not self.has_backends:
            raise SettingsError(f"nothing to read is configured: {ways}")

    @property
    def has_backends(self) -> bool:
        """Whether there is anything to read."""
        return bool(
            self.prometheus.url
            or self.alertmanager.url
            or self.git.repositories
            or self.github.repositories
            or self.docs.folders
        )


def load_settings(file: Path | None, content: Mapping[str, Any] | None = None) -> Settings:
    """Settings from `file` (None: ./advisor.yaml if it is there) and the environment; raises SettingsError.

    Relative paths are relative to the file's folder. `content`, when given, stands in for the file's.
    """
    path = file or DEFAULT_FILE
    if content is None:
        content = _read(path, named=file is not None)
    _refuse_unknown_variables()
    _refuse_secrets(content, path)
    try:
        settings = Settings(**dict(content))
    except ValidationError as error:
        raise SettingsError(_lines(error, path)) from None
    except RecursionError:
        raise SettingsError("environment: a variable holds JSON that is nested too deeply") from None
    except ValueError as error:  # pydantic-settings: a variable that should hold JSON does not
        raise SettingsError(f"environment: {str(error).splitlines()[0]}") from None
    return anchored(settings, path.parent) if file is not None else settings


def anchored(settings: M, folder: Path, place: str = PREFIX) -> M:
    """The model with every relative path that the file gave, at any depth, put beneath `folder`."""
    changed: dict[str, object] = {}
    for name in type(settings).model_fields:
        variable = f"{place}{name}".upper()
        if variable in os.environ:
            continue  # what the environment says is meant where the program was started
        value: object = getattr(settings, name)
        placed = _anchored_value(value, folder, f"{variable}__")
        if isinstance(settings, DatabaseConfig) and name == "url":
            placed = _anchored_url(settings.url, folder)
        if placed is not value:
            changed[name] = placed
    return settings.model_copy(update=changed) if changed else settings


def _anchored_value(value: object, folder: Path, place: str) -> object:
    if isinstance(value, Path):
        return value if value.is_absolute() else folder / value
    if isinstance(value, BaseModel):
        return anchored(value, folder, place)
    if isinstance(value, tuple):
        items = cast("tuple[object, ...]", value)
        placed = tuple(_anchored_value(item, folder, place) for item in items)
        return value if all(a is b for a, b in zip(placed, items, strict=True)) else placed
    return value


def _anchored_url(url: str, folder: Path) -> str:
    kind, slashes, place = url.partition(":///")
    relative = kind == "sqlite" and slashes and place and not place.startswith(("/", ":", "?"))
    return f"sqlite:///{folder / place}" if relative else url


def _read(path: Path, *, named: bool) -> dict[str, Any]:
    try:
        if not named and not path.exists():
            return {}
        content: object = parse_strict(read_strict(path, SIZE_LIMIT))
    except YamlProblem as problem:
        hint = "; `sre-advisor init` writes one" if problem.words == "there is no such file" else ""
        raise SettingsError(f"{_short(path)}: {problem}{hint}") from None
    if content is None:
        return {}
    if not isinstance(content, dict) or not all(isinstance(k, str) for k in content):
        raise SettingsError(f"{path}: must hold keys such as prometheus: or services:")
    return content


def _short(path: Path) -> str:
    text = str(path)
    return text if len(text) <= 200 else f"…{text[-200:]}"


def _refuse_unknown_variables() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    for variable in sorted(os.environ):
        upper = variable.upper()
        if upper.startswith(PREFIX) and upper.partition("__")[0] not in known and upper not in _OTHER_VARIABLES:
            raise SettingsError(f"{variable}: no such setting; the parts are {', '.join(Settings.model_fields)}")


_OTHER_VARIABLES = frozenset({"SRE_ADVISOR_REQUIRE_SERVERS", "SRE_ADVISOR_CONFIG"})


def _refuse_secrets(content: Mapping[str, Any], path: Path) -> None:
    """A secret in the file is refused by its name, before anything could print it."""
    database = content.get("database")
    url = database.get("url") if isinstance(database, dict) else None
    if isinstance(url, str) and re.search(r"://[^/@\s]*:[^/@\s]+@", url):
        raise SettingsError(
            f"{path}: database.url: holds a password; set {PREFIX}DATABASE__URL in the environment or use a passfile"
        )
    for place, key in _keys(content, ""):
        if key.casefold() in _SECRET_KEYS or place in ("database.key", "database.previous_keys"):
            raise SettingsError(
                f"{path}: {place}: secrets are never read from this file; set one of {', '.join(SECRETS)} "
                "(or the same with _FILE) in the environment, or use a …_env or …_file key"
            )


_SECRET_KEYS = frozenset(
    {"token", "password", "api_key", "bot_token", "app_token", "secret", "slack_bot_token", "slack_app_token",
     "anthropic_api_key", "github_token", "signing_secret"}
)  # fmt: skip


def _keys(value: object, place: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if isinstance(value, dict):
        for key, inner in value.items():
            here = f"{place}.{key}" if place else str(key)
            found += [(here, str(key)), *_keys(inner, here)]
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            found += _keys(inner, f"{place}[{number}]")
    return found


def _lines(error: ValidationError, path: Path) -> str:
    lines: list[str] = []
    for problem in error.errors(include_url=False, include_input=False, include_context=False):
        place = ".".join(str(part) for part in problem["loc"])
        where = _variable(problem["loc"]) or f"{path}: {place}"
        if problem["type"] == "extra_forbidden":
            lines.append(f"{where}: no such setting; docs/reference/settings.md lists them")
        else:
            lines.append(f"{where}: {problem['msg'].removeprefix('Value error, ')}")
    return "\n".join(lines)


def _variable(place: tuple[int | str, ...]) -> str:
    """The variable that set what stands at this place, with the place within it; "" when none did."""
    for depth in range(len(place), 0, -1):
        name = PREFIX + "__".join(str(part) for part in place[:depth]).upper()
        if name in os.environ:
            return f"{name} (environment)" + "".join(f".{part}" for part in place[depth:])
    return ""
