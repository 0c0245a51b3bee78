"""A run as one page that needs nothing else: charts inline, no script, light and dark."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sre_advisor.evals.compare import AMOUNTS, Comparison
from sre_advisor.evals.report.charts import (
    calibration_chart,
    differences_chart,
    pass_k_chart,
    rates_chart,
    tags_chart,
)
from sre_advisor.evals.report.comparing import NAMES
from sre_advisor.evals.report.summary import Summary
from sre_advisor.evals.report.tables import rows
from sre_advisor.evals.report.transcript import transcript


def page(figures: Summary, found: Comparison | None) -> str:
    """The page; everything that was read or written by a model is escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), undefined=StrictUndefined, autoescape=True
    )
    charts = {
        "found": rates_chart(figures.arms, "cause_found"),
        "pass_k": pass_k_chart(figures.arms),
        "calibration": calibration_chart(figures.arms),
    }
    if found is not None:
        shares = {name: p for name, p in found.paired.items() if name not in AMOUNTS}
        charts |= {
            "differences": differences_chart(shares, NAMES),
            "tags": tags_chart(found.tags, found.a.arm, found.b.arm),
        }
    return environment.get_template("page.html.j2").render(
        figures=figures,
        found=found,
        # The charts escape every name they hold themselves.
        charts={name: Markup(svg) for name, svg in charts.items()},  # noqa: S704
        rows=[row for row in rows(figures) if any(cell != "-" for cell in row[1])],
        names=NAMES,
        transcript=transcript,
    )
