"""Facts and how they came in."""

from interactions.models.facts import (
    AgentState,
    Complaint,
    Contact,
    DirtyDay,
    Outcome,
    Shift,
    SurveyAnswer,
    rules_of_the_day,
)
from interactions.models.imports import Import, RejectedRow, Source

__all__ = [
    "AgentState",
    "Complaint",
    "Contact",
    "DirtyDay",
    "Import",
    "Outcome",
    "RejectedRow",
    "Shift",
    "Source",
    "SurveyAnswer",
    "rules_of_the_day",
]
