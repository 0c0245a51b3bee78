"""The JSON schema of a recording's files, made of the models that read them; `recording.schema.json` ships with it."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic.json_schema import JsonSchemaMode, models_json_schema

from sre_advisor.replay.parts import ANSWERS, MANIFEST, METRICS, AnswerPart, Manifest, MetricsPart, Part

FILE = Path(__file__).with_name("recording.schema.json")


def schema_text() -> str:
    """The schema as it is shipped: what each file (for the answers, each line) must be."""
    files: dict[str, type[Part]] = {MANIFEST: Manifest, ANSWERS: AnswerPart, METRICS: MetricsPart}
    models: list[tuple[type[Part], JsonSchemaMode]] = [(model, "validation") for model in files.values()]
    refs, whole = models_json_schema(models, title="A recording of sre-advisor, version 2")
    told = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **whole,
        "type": "object",
        "properties": {name: refs[model, "validation"] for name, model in files.items()},
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"
