"""Events for the journal's tests."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pydantic import JsonValue

from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.journal.events import QuestionAnswered, QuestionAsked
from sre_advisor.model import Question


def as_is(value: JsonValue) -> JsonValue:
    return value


def asked(number: int, text: str = "why?") -> QuestionAsked:
    question = Question(f"q{number}", f"i{number}", text, datetime(2026, 1, 1, tzinfo=UTC))
    return QuestionAsked(investigation=question.investigation, question=question.id, asked=question)


def in_slack(number: int, text: str = "why?") -> QuestionAsked:
    told = asked(number, text)
    return told.model_copy(update={"asked": replace(told.asked, channel="C1")})


def answered(number: int) -> QuestionAnswered:
    return QuestionAnswered(
        investigation=f"i{number}", question=f"q{number}", model_calls=0, tool_calls=0, cost_usd=0, duration_s=1
    )


def sqlite(folder: Path) -> DatabaseConfig:
    return DatabaseConfig(url=f"sqlite:///{folder}/journal.db")
