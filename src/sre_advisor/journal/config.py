"""Where the journal lives and which key authenticates it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator


class DatabaseConfig(BaseModel):
    """The journal's database; SQLite needs nothing else, PostgreSQL serves more than one replica."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: Annotated[str, Field(description="sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE")] = (
        "sqlite:///journal.db"
    )
    key: Annotated[SecretStr | None, Field(description="key that authenticates the records; from the environment")] = (
        None
    )
    key_file: Annotated[
        Path | None,
        Field(description="file holding that key; default: FILE.key beside an SQLite database, made on first use"),
    ] = None
    previous_keys: Annotated[
        tuple[SecretStr, ...],
        Field(description="keys that earlier records were written with, a JSON list; from the environment"),
    ] = ()
    previous_key_files: Annotated[
        tuple[Path, ...], Field(description="files holding keys that earlier records were written with")
    ] = ()
    head_file: Annotated[
        Path | None, Field(description="file to which the chain's head is appended, best kept on another machine")
    ] = None
    head_every: Annotated[int, Field(ge=1, description="records after which the head is written out")] = 1000
    head_minutes: Annotated[float, Field(gt=0, description="minutes after which it is written out if it moved")] = 5.0

    @field_validator("url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if not url.startswith(("sqlite://", "postgresql+psycopg://")):
            raise ValueError("use sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE")
        return url
