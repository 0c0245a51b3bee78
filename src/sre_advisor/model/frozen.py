"""What all nouns that are kept or shown have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """Unchangeable, and strict about its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
