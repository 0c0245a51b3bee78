"""The schema that ships is the one of the models, and what is written fits it."""

from __future__ import annotations

import os

from sre_advisor.replay.schema import FILE, schema_text


def test_the_shipped_schema_is_that_of_the_models() -> None:
    if os.environ.get("GOLDEN") == "write":
        FILE.write_text(schema_text(), encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == schema_text(), "write it anew with GOLDEN=write"
