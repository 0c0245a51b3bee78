"""Which folders of Markdown are read, and where the index is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sre_advisor.model.names import repeated


class DocsFolder(BaseModel):
    """A folder, for example inside a checkout; `base_url` is the page that shows it, for links."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    path: Path
    base_url: str | None = None

    @field_validator("base_url")
    @classmethod
    def _base_url_is_a_page(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("https://", "http://")):
            raise ValueError(
                "base_url must start with https:// (for example https://github.com/acme/runbooks/blob/main)"
            )
        return value.rstrip("/") if value else None


class DocsConfig(BaseModel):
    """Folders and bounds; `index` is a file of our own (in memory when None), sizes in bytes, times in seconds."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    folders: tuple[DocsFolder, ...] = ()
    index: Path | None = None
    max_file_bytes: Annotated[int, Field(ge=1_000, le=20_000_000)] = 1_000_000
    max_files: Annotated[int, Field(ge=1, le=200_000)] = 20_000
    rescan_after_s: Annotated[float, Field(ge=0, le=86_400)] = 10.0

    @model_validator(mode="after")
    def _names_are_unique(self) -> DocsConfig:
        if double := repeated(f.name for f in self.folders):
            raise ValueError(f"two docs folders are called {', '.join(double)}; give each its own name")
        return self
