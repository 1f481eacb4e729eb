"""What a KPI may be split by, and how each dimension is read off a roll-up row."""

from __future__ import annotations

from typing import Any

from django.db.models import DateField, F, IntegerField
from django.db.models.functions import ExtractIsoWeekDay, TruncMonth, TruncQuarter, TruncWeek, TruncYear

# Each dimension: the column of a roll-up it needs, and the expression that gives it.
EXPRESSIONS: dict[str, tuple[str, Any]] = {
    "day": ("day", F("day")),
    "week": ("day", TruncWeek("day", output_field=DateField())),
    "month": ("day", TruncMonth("day", output_field=DateField())),
    "quarter": ("day", TruncQuarter("day", output_field=DateField())),
    "year": ("day", TruncYear("day", output_field=DateField())),
    "weekday": ("day", ExtractIsoWeekDay("day", output_field=IntegerField()) - 1),
    "slot": ("slot", F("slot")),
    "team": ("team", F("team")),
    "agent": ("agent", F("agent")),
    "queue": ("queue", F("queue")),
    "channel": ("channel", F("channel")),
    "site": ("team", F("team__site")),
    "line_of_business": ("queue", F("queue__line_of_business")),
}
DIMENSIONS = tuple(EXPRESSIONS)
STEPS_OF_TIME = ("day", "week", "month", "quarter", "year")


def column(dimension: str) -> str:
    """The roll-up column that a dimension is read from."""
    return EXPRESSIONS[dimension][0]
