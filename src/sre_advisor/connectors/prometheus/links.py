"""Addresses under which a person sees a query in Prometheus' own page."""

from __future__ import annotations

from urllib.parse import urlencode

from sre_advisor.model import Window


def graph_link(base: str, promql: str, window: Window) -> str:
    """The graph page for this query over this window."""
    minutes = max(1, round(window.length.total_seconds() / 60))
    parameters = {
        "g0.expr": promql,
        "g0.tab": "0",
        "g0.range_input": f"{minutes}m",
        "g0.end_input": f"{window.end:%Y-%m-%d %H:%M:%S}",
    }
    return f"{base}/graph?{urlencode(parameters)}"
