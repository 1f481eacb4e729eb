"""What a KPI may be split by, and how each dimension is read off a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import DateField, F, Func, IntegerField
from django.db.models.functions import Coalesce, TruncMonth, TruncQuarter, TruncWeek, TruncYear

Paths = Mapping[str, Any]


def _truncated(function: Any) -> Callable[[Paths], Any]:
    return lambda paths: function(paths["day"], output_field=DateField())


def _column(name: str) -> Callable[[Paths], Any]:
    return lambda paths: paths[name]


class _Weekday(Func):
    """0 for Monday: days since one, in whole numbers, by which the database groups faster than by EXTRACT's."""

    template = "MOD(%(expressions)s - DATE '0001-01-01', 7)"
    output_field = IntegerField()


def _site(paths: Paths) -> Any:
    """The team's, or the queue's where nobody answered and no team owns the queue."""
    of_team = F(f"{paths['team'].name}__site")
    return Coalesce(of_team, F(f"{paths['queue'].name}__site")) if "queue" in paths else of_team


# Each dimension: the column a KPI must have for it, and how it is read, given the paths to a row's columns.
DERIVATIONS: dict[str, tuple[str, Callable[[Paths], Any]]] = {
    "day": ("day", _column("day")),
    "week": ("day", _truncated(TruncWeek)),
    "month": ("day", _truncated(TruncMonth)),
    "quarter": ("day", _truncated(TruncQuarter)),
    "year": ("day", _truncated(TruncYear)),
    "weekday": ("day", lambda paths: _Weekday(paths["day"])),
    "slot": ("slot", _column("slot")),
    "team": ("team", _column("team")),
    "agent": ("agent", _column("agent")),
    "queue": ("queue", _column("queue")),
    "channel": ("channel", _column("channel")),
    "reason": ("reason", _column("reason")),
    "site": ("team", _site),
    "line_of_business": ("queue", lambda paths: F(f"{paths['queue'].name}__line_of_business")),
}
DIMENSIONS = tuple(DERIVATIONS)
STEPS_OF_TIME = ("day", "week", "month", "quarter", "year")


def column(dimension: str) -> str:
    """The column that a KPI must have to be split by a dimension."""
    return DERIVATIONS[dimension][0]


def paths_of(rollup: Any) -> Paths:
    """The ways from a roll-up's row to its columns."""
    return {name: F(name) for name in rollup.dimensions}


def expression(dimension: str, paths: Paths) -> Any:
    """The dimension of a row; ``paths`` leads to its columns."""
    return DERIVATIONS[dimension][1](paths)
