"""What the docs tools are asked."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sre_advisor.connectors.contract import ToolArgs


class SearchArgs(ToolArgs):
    """Words to look for."""

    query: Annotated[str, Field(min_length=1, max_length=100_000)]
    limit: Annotated[int, Field(ge=1, le=20)] = 5


class ReadArgs(ToolArgs):
    """A document, or one section of it by heading or anchor."""

    path: Annotated[str, Field(min_length=1, max_length=4096, description="as docs_search shows it")]
    heading: Annotated[str | None, Field(max_length=1000)] = None


class RunbookArgs(ToolArgs):
    """An alert by name, and its runbook_url annotation if it has one."""

    alert: Annotated[str, Field(min_length=1, max_length=500)]
    runbook_url: Annotated[str | None, Field(max_length=4000)] = None
