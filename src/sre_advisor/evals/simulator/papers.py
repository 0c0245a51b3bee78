"""The shop's documents: a runbook for each alert and a page on who does what. None of them knows today's cause."""

from __future__ import annotations

from sre_advisor.evals.simulator.shop import Shop

_BEGAN = (
    "Look at what the service calls: a service that only passes on errors of another is not where it began.\n"
    "Compare the time of the first failures with recent deploys and changes of configuration."
)
_RUNBOOKS = {
    "HighErrorRate": (
        "A service answers too many of its requests with an error.",
        _BEGAN,
    ),
    "HighLatency": (
        "The slowest hundredth of a service's requests takes too long.",
        "Look for waiting: for connections, for locks, for the processor, for another service.",
    ),
    "DiskSpaceLow": (
        "A volume fills up.",
        "Old segments are merged at night; tell the team that owns the service during office hours.",
    ),
}


def papers(shop: Shop) -> dict[str, str]:
    """Markdown by its path under docs/."""
    found = {
        f"runbooks/{name.lower()}.md": f"# {name}\n\n{meaning}\n\n## Triage\n\n{triage}\n\n"
        "## Escalate\n\nThe on-call of the service named in the alert.\n"
        for name, (meaning, triage) in _RUNBOOKS.items()
    }
    lines = [f"- {caller} calls {callee}" for caller, callee, _ in shop.calls]
    found["architecture.md"] = "# Who calls whom\n\n" + "\n".join(lines) + "\n"
    return found
