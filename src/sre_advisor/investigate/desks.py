"""What an advisor may read from: the broker's reading desk, or nothing any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pydantic import JsonValue

from sre_advisor.advisors.contract import ToolCard
from sre_advisor.advisors.conversation import JsonObject
from sre_advisor.broker.broker import ReadingDesk
from sre_advisor.connectors.contract import ToolArgs
from sre_advisor.investigate.patching import TOOL as TRY_PATCH
from sre_advisor.model import Evidence


@dataclass(frozen=True, slots=True)
class AdvisorDesk:
    """The reading desk as an advisor sees it: tools and evidence, nothing behind them."""

    desk: ReadingDesk

    @property
    def tools(self) -> tuple[ToolCard, ...]:
        """The tools, in a stable order; trying a patch is the check's business and would only cost the model tokens."""
        return tuple(
            ToolCard(o.tool.name, o.tool.description, _parameters(o.tool.args))
            for o in self.desk.offers
            if o.tool.name != TRY_PATCH
        )

    async def read(self, tool: str, args: Mapping[str, JsonValue]) -> Evidence:
        """Read once."""
        return (await self.desk.read(tool, args)).evidence


@dataclass(frozen=True, slots=True)
class NothingMore:
    """A desk at which nothing is read any more."""

    tools: tuple[ToolCard, ...] = ()

    async def read(self, tool: str, args: Mapping[str, JsonValue]) -> Evidence:
        """Nobody asks for a tool that there is not."""
        raise LookupError(f"{tool} cannot be read with {len(args)} arguments: the investigation is over")


@cache  # a question asks for it twice, and making it takes a millisecond a tool
def _parameters(args: type[ToolArgs]) -> JsonObject:
    return args.model_json_schema()
