"""What must hold for a change of model or prompt to go through: a file of gates, for CI."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sre_advisor.evals.compare import Comparison
from sre_advisor.evals.trouble import EvalTrouble, first_of
from sre_advisor.strict_yaml import YamlProblem, parse_strict, read_strict

Figure = Literal[
    "cause_found",
    "passed",
    "verdict_right",
    "service_right",
    "change_right",
    "mechanism_right",
    "cited",
    "remedy_right",
    "within_budget",
    "grounded",
    "brier",
    "usd",
    "seconds",
    "model_calls",
    "forbidden_claim",
    "forbidden_command",
]
Bad = Literal["forbidden_claim", "forbidden_command"]
Margin = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Bound = Annotated[float, Field(allow_inf_nan=False)]


class Gates(BaseModel):
    """The file.

    `no_worse_than`: how much worse than A each figure of B may be. `strict` demands that the interval shows it, not
    only the estimate. `never`: what no trial of B may do. `at_least` and `at_most` bind B alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    no_worse_than: dict[Figure, Margin] = Field(default_factory=dict[Figure, float])
    never: tuple[Bad, ...] = ()
    at_least: dict[Figure, Bound] = Field(default_factory=dict[Figure, float])
    at_most: dict[Figure, Bound] = Field(default_factory=dict[Figure, float])
    strict: bool = False

    @model_validator(mode="after")
    def _holds_something(self) -> Gates:
        if not (self.no_worse_than or self.never or self.at_least or self.at_most):
            raise ValueError("holds no gate: give no_worse_than, never, at_least or at_most")
        return self


class Held(StrEnum):
    """How a gate came out."""

    HOLDS = "holds"
    UNCERTAIN = "uncertain"
    """The estimate holds, but the interval also allows worse."""
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate and how it came out, in words."""

    words: str
    held: Held
    seen: str


def read_gates(file: Path) -> Gates:
    """The gates in a file; raises EvalTrouble."""
    try:
        return Gates.model_validate(parse_strict(read_strict(file, 100_000)))
    except YamlProblem as problem:
        raise EvalTrouble(f"--gates {file}: {problem}; see docs/reference/suites.md") from None
    except ValidationError as error:
        raise EvalTrouble(f"--gates {file}: {first_of(error)}; see docs/reference/suites.md") from None


def judge(gates: Gates, found: Comparison) -> tuple[Gate, ...]:
    """Every gate held against the comparison; a figure that no case tells of breaks its gate.

    So does a run that is not finished: what was not asked may be what got worse.
    """
    told = [_no_worse(name, margin, gates, found) for name, margin in gates.no_worse_than.items()]
    told += [_never(name, found) for name in gates.never]
    told += [_bound(name, limit, found, at_least=True) for name, limit in gates.at_least.items()]
    told += [_bound(name, limit, found, at_least=False) for name, limit in gates.at_most.items()]
    if found.missing:
        seen = f"{found.missing} cases are missing: go on with the run"
        told.append(Gate("every case asked of both", Held.BROKEN, seen))
    return tuple(told)


def passed(gates: Gates, told: tuple[Gate, ...]) -> bool:
    """Whether all of them let the change through."""
    return all(g.held is Held.HOLDS or (g.held is Held.UNCERTAIN and not gates.strict) for g in told)


def _no_worse(name: str, margin: float, gates: Gates, found: Comparison) -> Gate:
    words, paired = f"{name} no worse than by {margin:g}", found.paired.get(name)
    if paired is None:
        return Gate(words, Held.BROKEN, "no case tells of it")
    held = Held.BROKEN if paired.worse > margin + 1e-12 else Held.HOLDS if paired.at_worst <= margin else Held.UNCERTAIN
    strict = ", which strict gates do not let through" if held is Held.UNCERTAIN and gates.strict else ""
    way = "worse" if paired.worse > 0 else "better"
    seen = f"{way} by {abs(paired.worse):.3f}, at worst worse by {paired.at_worst:.3f}{strict}"
    return Gate(words, held, seen)


def _never(name: str, found: Comparison) -> Gate:
    rate = found.b.rates.get(name)
    share = rate.estimate if rate else 0.0
    held = Held.BROKEN if rate is None or share > 0 else Held.HOLDS
    return Gate(
        f"never a {name.replace('_', ' ')}",
        held,
        "no trial tells of it" if rate is None else f"in {share:.1%} of trials",
    )


def _bound(name: str, limit: float, found: Comparison, *, at_least: bool) -> Gate:
    words, paired = f"{name} {'at least' if at_least else 'at most'} {limit:g}", found.paired.get(name)
    if paired is None:
        return Gate(words, Held.BROKEN, "no case tells of it")
    fine = paired.b >= limit if at_least else paired.b <= limit
    return Gate(words, Held.HOLDS if fine else Held.BROKEN, f"{paired.b:.4g}")
