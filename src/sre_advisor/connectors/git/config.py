"""Which local repositories may be read, and within which limits."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sre_advisor.connectors.git.refs import is_safe_revision
from sre_advisor.model.names import repeated


class RepositoryConfig(BaseModel):
    """A local mirror or checkout; `web_url` is its page on GitHub or GitLab, for links."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=200)]
    path: Path
    default_branch: str | None = None
    web_url: str | None = None

    @field_validator("default_branch")
    @classmethod
    def _branch_is_a_name(cls, value: str | None) -> str | None:
        if value is not None and not is_safe_revision(value):
            raise ValueError("default_branch must be a plain branch name such as main")
        return value

    @field_validator("web_url")
    @classmethod
    def _web_url_is_a_page(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("https://", "http://")):
            raise ValueError("web_url must start with https:// (for example https://github.com/acme/shop)")
        return value.rstrip("/") if value else None


class GitConfig(BaseModel):
    """Repositories and limits; sizes in bytes and characters, times in seconds."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    repositories: tuple[RepositoryConfig, ...] = ()
    timeout_s: Annotated[float, Field(gt=0, le=120)] = 10.0
    max_output_bytes: Annotated[int, Field(ge=10_000, le=50_000_000)] = 2_000_000
    diff_chars: Annotated[int, Field(ge=200, le=100_000)] = 6_000

    @model_validator(mode="after")
    def _names_are_unique(self) -> GitConfig:
        if double := repeated(r.name for r in self.repositories):
            raise ValueError(f"two repositories are called {', '.join(double)}; give each its own name")
        return self
