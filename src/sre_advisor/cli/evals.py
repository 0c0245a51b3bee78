"""The command group `evals`; imports nothing heavy until a command runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sre_advisor.cli.finishing import finish
from sre_advisor.cli.options import Config

evals = typer.Typer(
    name="evals",
    help="Ask recorded worlds again: may we move to another model, prompt or version?",
    no_args_is_help=True,
)

SuiteName = Annotated[str, typer.Option("--suite", help="`bundled`, or a suite's folder.", metavar="SUITE")]
Only = Annotated[
    list[str] | None, typer.Option("--only", help="Only cases of this id or tag; may be repeated.", metavar="ID|TAG")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")]
RunArgument = Annotated[Path, typer.Argument(help="The folder that `evals run --out` made.", metavar="RUN")]


@evals.command()
def run(
    model: Annotated[
        list[str],
        typer.Option("--model", help="offline, claude-…, or scripted:0.9; may be repeated.", metavar="MODEL"),
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder of the run; an unfinished one goes on.", metavar="DIR")],
    suite: SuiteName = "bundled",
    trials: Annotated[
        int, typer.Option("--trials", help="Times each case is asked.", min=1, max=1000, metavar="K")
    ] = 1,
    prompt: Annotated[
        list[Path] | None,
        typer.Option("--prompt", help="A system prompt's template to try; may be repeated.", metavar="FILE"),
    ] = None,
    parallel: Annotated[int, typer.Option("--parallel", help="Trials at once.", min=1, max=64, metavar="N")] = 4,
    max_usd: Annotated[
        float | None, typer.Option("--max-usd", help="The most the whole run may cost.", min=0, metavar="X")
    ] = None,
    only: Only = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Ask every model about every case K times; exit code 3 when it ended before everything was asked."""
    from sre_advisor.app.evals.run import Asked, run_evals

    asked = Asked(
        suite, tuple(model), tuple(prompt or ()), trials, parallel, max_usd, out, tuple(only or ()), as_json=json
    )
    finish(run_evals(config, asked))


@evals.command()
def compare(
    run: Annotated[
        Path | None, typer.Argument(help="The folder that `evals run --out` made.", metavar="[RUN]", show_default=False)
    ] = None,
    a: Annotated[
        str | None, typer.Option("--a", help="The model that is in use (default: the first).", metavar="MODEL")
    ] = None,
    b: Annotated[str | None, typer.Option("--b", help="The candidate (default: the next).", metavar="MODEL")] = None,
    gates: Annotated[
        Path | None, typer.Option("--gates", help="What must hold; see docs/reference/suites.md.", metavar="FILE")
    ] = None,
    journal: Annotated[
        bool, typer.Option("--journal", help="Compare the shadow's answers on record with the live ones instead.")
    ] = False,
    config: Config = None,
    json: Json = False,
) -> None:
    """Hold a candidate against the model in use, case by case; exit code 1 when a gate is broken."""
    from sre_advisor.app.evals.compare import compare_arms

    finish(compare_arms(run, a, b, gates, journal=journal, config=config, as_json=json))


@evals.command()
def report(
    run: RunArgument,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write one page with charts here.", metavar="FILE")
    ] = None,
    a: Annotated[
        str | None, typer.Option("--a", help="The model in use, for the page's comparison.", metavar="MODEL")
    ] = None,
    b: Annotated[str | None, typer.Option("--b", help="The candidate.", metavar="MODEL")] = None,
    json: Json = False,
) -> None:
    """Print the figures of a run, or write them as one page."""
    from sre_advisor.app.evals.compare import report_run

    finish(report_run(run, html, a, b, as_json=json))


@evals.command()
def canary(
    baseline: Annotated[Path, typer.Option("--baseline", help="The run whose pass rate must hold.", metavar="RUN")],
    state: Annotated[
        Path, typer.Option("--state", help="File kept between rounds; made at the first.", metavar="FILE")
    ],
    suite: SuiteName = "bundled",
    only: Only = None,
    model: Annotated[
        str | None,
        typer.Option("--model", help="Which of the baseline's models (default: its only one).", metavar="MODEL"),
    ] = None,
    alpha: Annotated[
        float | None,
        typer.Option(
            "--alpha", help="Chance of ever alarming although nothing changed (0.01).", min=1e-6, max=0.5, metavar="P"
        ),
    ] = None,
    max_usd: Annotated[
        float | None, typer.Option("--max-usd", help="The most this round may cost.", min=0, metavar="X")
    ] = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Ask a small suite once more and say whether the model still does as well; exit code 1 when it does worse."""
    from sre_advisor.app.evals.watching import Canary, canary_round

    watch = Canary(suite, baseline, state, alpha, tuple(only or ()), model, max_usd)
    finish(canary_round(config, watch, as_json=json))


@evals.command("import")
def import_(
    sources: Annotated[
        list[Path],
        typer.Argument(
            help="Recordings or a folder of them; or cases: case.json, or HolmesGPT's test_case.yaml.",
            metavar="SOURCE…",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", help="The new suite's folder.", metavar="DIR")],
    truth: Annotated[
        Path | None, typer.Option("--truth", help="Truths of case.json cases (default: DIR-truth).", metavar="DIR")
    ] = None,
) -> None:
    """Turn recorded incidents, or a public set of cases, into a suite."""
    from sre_advisor.app.evals.importing import import_suite

    finish(import_suite(sources, truth, out))


@evals.command()
def grade(
    run: RunArgument,
    suite: SuiteName = "bundled",
    judge: Annotated[
        str | None, typer.Option("--judge", help="Let this model judge instead of a person.", metavar="MODEL")
    ] = None,
    labels: Annotated[
        Path | None, typer.Option("--labels", help="Where verdicts are kept (default: with the suite).", metavar="FILE")
    ] = None,
    max_usd: Annotated[
        float | None, typer.Option("--max-usd", help="The most the judge may cost.", min=0, metavar="X")
    ] = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Grade answers without seeing whose they are, by hand or by a model, and print how far both agree with code."""
    from sre_advisor.app.evals.judging import Grading, grade_run

    finish(grade_run(config, Grading(run, suite, labels, judge, max_usd, as_json=json)))
