"""All settings, each room's part beside the others'."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
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
from sre_advisor.evals.config import EvalsConfig
from sre_advisor.investigate.config import FirstLookConfig
from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.logs import quieter
from sre_advisor.model import Service
from sre_advisor.model.names import repeated
from sre_advisor.slack.config import SlackConfig

PREFIX = "SRE_ADVISOR_"
"""Of the environment variables that overlay the file."""


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
        if double := repeated(s.name.casefold() for s in services):
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
