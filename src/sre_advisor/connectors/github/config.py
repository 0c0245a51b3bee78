"""Which repositories on which GitHub may be read, and within which bounds."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sre_advisor.connectors.contract import Unavailable

REPOSITORY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")

TokenSource = Callable[[], str | None]
"""Gives the token anew for every call, so that a rotated one is used at once; None when there is none."""


class AppConfig(BaseModel):
    """A GitHub App that gives out tokens which live an hour; its key is read anew for each."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    app_id: Annotated[int, Field(ge=1, description="the App's id")]
    installation_id: Annotated[int, Field(ge=1, description="the id of its installation in the organisation")]
    private_key_file: Annotated[Path, Field(description="file with the App's private key, PEM; read anew each time")]


class GithubConfig(BaseModel):
    """Repositories as owner/name; `base_url` is the API's, other than github.com's for GitHub Enterprise."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    repositories: tuple[str, ...] = ()
    base_url: str = "https://api.github.com"
    app: Annotated[
        AppConfig | None, Field(description="a GitHub App whose short-lived tokens are used instead of GITHUB_TOKEN")
    ] = None
    timeout_s: Annotated[float, Field(gt=0, le=60)] = 10.0
    deadline_s: Annotated[float, Field(gt=0, le=300)] = 25.0
    max_answer_bytes: Annotated[int, Field(ge=10_000, le=50_000_000)] = 4_000_000
    diff_chars: Annotated[int, Field(ge=200, le=100_000)] = 6_000

    @field_validator("repositories")
    @classmethod
    def _repositories_are_full_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if not REPOSITORY.fullmatch(name):
                raise ValueError(f"{name!r} is not a repository; write it as owner/name")
        return value

    @field_validator("base_url")
    @classmethod
    def _base_url_is_an_api(cls, value: str) -> str:
        split = urlsplit(value)
        if split.scheme not in ("https", "http") or not split.hostname or split.username or split.query:
            raise ValueError("base_url must be like https://api.github.com or https://ghe.example.com/api/v3")
        return value.rstrip("/")


def token_from(environment: Mapping[str, str] = os.environ) -> TokenSource:
    """A source that reads GITHUB_TOKEN, or the file GITHUB_TOKEN_FILE names, each time it is asked."""

    def read() -> str | None:
        file = environment.get("GITHUB_TOKEN_FILE")
        if not file:
            return environment.get("GITHUB_TOKEN") or None
        try:
            return Path(file).read_text(encoding="utf-8").strip() or None
        except (OSError, ValueError):
            raise Unavailable("unauthorised", f"GITHUB_TOKEN_FILE names {file}, which cannot be read") from None

    return read
