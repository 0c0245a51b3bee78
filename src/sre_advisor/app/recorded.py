"""The commands that look at recordings."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from pydantic import JsonValue


async def lint_recordings(paths: Sequence[Path], *, as_json: bool) -> int:
    """Say what should not be shared; 1 when there is anything, 2 when one cannot be read."""
    from sre_advisor.broker.redaction import Redactor
    from sre_advisor.credentials import Credentials
    from sre_advisor.replay.lint import lint

    redactor = Redactor(Credentials().all_values()).numbering()
    found = {str(path): await asyncio.to_thread(lint, path, redactor) for path in paths}
    if as_json:
        told = {path: [asdict(one) for one in things] for path, things in found.items()}
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        for path, things in found.items():
            for one in things:
                sys.stdout.write(f"{path}: {one}\n")
            sys.stdout.write(f"{path}: {len(things) or 'nothing'} found that should not be shared\n")
    return 1 if any(found.values()) else 0


async def show_recording(path: Path, *, as_json: bool) -> int:
    """Say what a recording holds; 0."""
    from sre_advisor.replay.opening import open_recording

    async with open_recording(path, use_prometheus=False) as recording:
        world = recording.world
        told: dict[str, JsonValue] = {
            "id": recording.id,
            "question": recording.question,
            "now": recording.now.isoformat(),
            "services": [service.name for service in recording.catalogue.services],
            "tools": [tool.name for connector in recording.connectors for tool in connector.tools()],
            "alerts": len(world.alerts),
            "rules": len(recording.rules),
            "changes": len(world.changes),
            "signals": len(world.series),
            "held": list(recording.held),
            "made": recording.made.model_dump(mode="json") if recording.made else None,
            "outcome": recording.outcome.model_dump(mode="json") if recording.outcome else None,
            "left_out": list(recording.left_out),
        }
    if as_json:
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
        return 0
    for name, value in told.items():
        if isinstance(value, list):
            shown = ", ".join(map(str, value[:40])) + (f" and {len(value) - 40} more" if len(value) > 40 else "")
        elif isinstance(value, dict):
            shown = "; ".join(f"{k}: {v}" for k, v in value.items() if v not in (None, ""))
        else:
            shown = str(value) if value is not None else ""
        sys.stdout.write(f"{name.replace('_', ' '):<9} {shown or '-'}\n")
    return 0
