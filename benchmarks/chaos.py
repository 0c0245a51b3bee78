"""Whether every question is answered exactly once whatever breaks: python -m benchmarks.chaos --questions 200 [--json].

People ask in twenty threads, with follow-ups, correct and edit what they asked, stop it, vote and ask again, while
Slack drops acknowledgements, repeats and reorders events, answers 429 and 5xx, loses answers after acting and closes
sockets, and while the advisor's processes are killed at random moments and started again. SQLite: one process;
PostgreSQL: three. What stands in Slack at the end is counted: a question's own answer, or that of the correction that
took it over.
`--break` runs an advisor with its dedupe or its record of intent left out, which must be seen to fail.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from benchmarks.breaking.run import Outcome, Plan, run


def as_json(outcome: Outcome) -> dict[str, object]:
    """The figures."""
    counted = outcome.counted
    return {
        "asked": counted.asked,
        "answered_once": counted.answered_once,
        "lost": len(counted.lost),
        "doubled": len(counted.doubled) + counted.strangers,
        "refused": len(counted.refused),
        "lost_when_slack_gave_up": len(outcome.never_taken),
        "joined": counted.joined,
        "beside_asking": outcome.did,
        "faults": outcome.faults,
        "events_slack_gave_up": outcome.given_up,
        "seconds": round(outcome.seconds, 1),
        "exit_codes": list(outcome.exits),
    }


def main() -> None:
    """Run and print; exit code 1 when a question was not answered exactly once."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--threads", type=int, default=20)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, help="over how long they are asked (default: 0.4 a question)")
    parser.add_argument("--break", dest="broken", choices=("dedupe", "intent"), help="leave this out of the advisor")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave journals and logs there")
    options = parser.parse_args()
    over_s = options.seconds or max(10.0, 0.4 * options.questions)
    threads = min(options.threads, options.questions)
    plan = Plan(options.questions, threads, options.database, options.seed, options.broken, over_s)
    outcome = asyncio.run(run(plan, options.keep))
    figures = as_json(outcome)
    if options.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, value in figures.items():
            if name not in ("faults", "beside_asking"):
                print(f"{name.replace('_', ' ')}: {value}")
        for kind, times in (outcome.did | outcome.faults).items():
            print(f"  {kind.replace('_', ' ')}: {times}")
        for name, which in (("lost", outcome.counted.lost), ("doubled", outcome.counted.doubled)):
            print(f"{name}: {', '.join(which) or 'none'}")
    sys.exit(0 if outcome.counted.answered_once == outcome.counted.asked else 1)


if __name__ == "__main__":
    main()
