"""Days that move along: a saved view of “last 28 days” shows other days every morning."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone

from kpis.period import Period
from kpis.selection import presets

# The usual periods in the order of `presets`.
KEYS = (
    "last_day",
    "day_before",
    "last_7_days",
    "last_28_days",
    "this_week",
    "last_week",
    "this_month",
    "last_month",
    "this_quarter",
    "last_quarter",
    "this_year",
    "last_year",
)
SPANS_BY_USE = ("last_7_days", "last_28_days")  # first where several usual periods are the same days


def usual_periods(reach: dt.date | None) -> dict[str, Period]:
    """The usual periods by key, as far as the data reaches."""
    found = {key: preset.period for key, preset in zip(KEYS, presets(reach or timezone.localdate()), strict=True)}
    return {key: found[key] for key in (*SPANS_BY_USE, *(key for key in KEYS if key not in SPANS_BY_USE))}


def name_of(key: str, reach: dt.date | None) -> str:
    """What a usual period is called."""
    return presets(reach or timezone.localdate())[KEYS.index(key)].name


def key_of(period: Period, reach: dt.date | None) -> str:
    """The key of the usual period that these days are now; "" for days of one's own."""
    return next((key for key, days in usual_periods(reach).items() if days == period), "")


def moving(query: str, key: str) -> str:
    """A question whose days follow the data: the usual period of this key instead of its days."""
    asked = QueryDict(query, mutable=True)
    for name in ("from", "to"):
        asked.pop(name, None)
    return urlencode([*_pairs(asked), ("period", key)])


def with_days(query: str, reach: dt.date | None) -> str:
    """A question with the days that its usual period means now."""
    asked = QueryDict(query, mutable=True)
    key = (asked.pop("period", None) or [""])[-1]
    days = usual_periods(reach).get(key)
    return urlencode([*_pairs(asked), *([("from", days.start), ("to", days.end)] if days else [])])


def _pairs(asked: QueryDict) -> list[tuple[str, str]]:
    return [(name, value) for name, values in asked.lists() for value in values]
