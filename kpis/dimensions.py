"""What a KPI may be split by, and how each dimension is read off a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import DateField, F, IntegerField
from django.db.models.functions import ExtractIsoWeekDay, TruncMonth, TruncQuarter, TruncWeek, TruncYear


def _truncated(function: Any) -> Callable[[Any], Any]:
    return lambda day: function(day, output_field=DateField())


def _itself(path: Any) -> Any:
    return path


# Each dimension: the column it is read from, and how, given the path to that column.
DERIVATIONS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "day": ("day", _itself),
    "week": ("day", _truncated(TruncWeek)),
    "month": ("day", _truncated(TruncMonth)),
    "quarter": ("day", _truncated(TruncQuarter)),
    "year": ("day", _truncated(TruncYear)),
    "weekday": ("day", lambda day: ExtractIsoWeekDay(day, output_field=IntegerField()) - 1),
    "slot": ("slot", _itself),
    "team": ("team", _itself),
    "agent": ("agent", _itself),
    "queue": ("queue", _itself),
    "channel": ("channel", _itself),
    "site": ("team", lambda team: F(f"{team.name}__site")),
    "line_of_business": ("queue", lambda queue: F(f"{queue.name}__line_of_business")),
}
DIMENSIONS = tuple(DERIVATIONS)
STEPS_OF_TIME = ("day", "week", "month", "quarter", "year")


def column(dimension: str) -> str:
    """The column that a dimension is read from."""
    return DERIVATIONS[dimension][0]


def expression(dimension: str, paths: Mapping[str, Any] | None = None) -> Any:
    """The dimension of a row; ``paths`` leads to its columns, by default those of a roll-up."""
    name, derive = DERIVATIONS[dimension]
    return derive(paths[name] if paths else F(name))
