"""The nouns every room speaks: what was asked, what was read, what is claimed, what is suggested."""

from sre_advisor.model.diagnosis import (
    HYPOTHESIS_LIMIT,
    SUMMARY_LIMIT,
    Claim,
    Confidence,
    Diagnosis,
    DraftClaim,
    DraftDiagnosis,
    DraftHypothesis,
    Hypothesis,
    Standing,
    Verdict,
)
from sre_advisor.model.evidence import Evidence, Outcome
from sre_advisor.model.first_look import Finding, FirstLook, Line, RankedChange, RankedService
from sre_advisor.model.observations import (
    Alert,
    AlertState,
    Change,
    ChangeKind,
    DocSection,
    LogLine,
    Series,
    SignalKind,
    Window,
)
from sre_advisor.model.question import Question
from sre_advisor.model.services import Catalogue, CodeLocation, Service
from sre_advisor.model.suggestions import CommandLabel, DraftCommand, DraftPatch, Patch, SuggestedCommand

__all__ = [
    "HYPOTHESIS_LIMIT",
    "SUMMARY_LIMIT",
    "Alert",
    "AlertState",
    "Catalogue",
    "Change",
    "ChangeKind",
    "Claim",
    "CodeLocation",
    "CommandLabel",
    "Confidence",
    "Diagnosis",
    "DocSection",
    "DraftClaim",
    "DraftCommand",
    "DraftDiagnosis",
    "DraftHypothesis",
    "DraftPatch",
    "Evidence",
    "Finding",
    "FirstLook",
    "Hypothesis",
    "Line",
    "LogLine",
    "Outcome",
    "Patch",
    "Question",
    "RankedChange",
    "RankedService",
    "Series",
    "Service",
    "SignalKind",
    "Standing",
    "SuggestedCommand",
    "Verdict",
    "Window",
]
