"""A span of business days, and its steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


def start_of(step: str, day: dt.date) -> dt.date:
    """The first day of the day, week (Monday), month, quarter or year that ``day`` lies in."""
    if step == "day":
        return day
    if step == "week":
        return day - dt.timedelta(days=day.weekday())
    month = {"month": day.month, "quarter": day.month - (day.month - 1) % 3, "year": 1}[step]
    return day.replace(month=month, day=1)


@dataclass(frozen=True)
class Period:
    """Business days from ``start`` to ``end``, both included."""

    start: dt.date
    end: dt.date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"The period ends ({self.end}) before it starts ({self.start}).")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1

    @property
    def before(self) -> Period:
        """The period of the same length that ends the day before this one starts."""
        return self.shifted(-self.days)

    @property
    def same_weeks_last_year(self) -> Period:
        """The period 52 weeks earlier: the same weekdays."""
        return self.shifted(-364)

    def shifted(self, days: int) -> Period:
        """The same length, ``days`` later."""
        step = dt.timedelta(days=days)
        return Period(self.start + step, self.end + step)

    def within(self, other: Period) -> Period | None:
        """The days that it shares with another period, if any."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start <= end else None

    def steps(self, step: str) -> list[dt.date]:
        """The first days of all weeks, months, … that the period touches, in order."""
        return sorted({start_of(step, day) for day in self})

    def __iter__(self) -> Iterator[dt.date]:
        return (self.start + dt.timedelta(days=n) for n in range(self.days))


def stretches(days: Iterable[dt.date], *, gap: int = 1, longest: int) -> list[Period]:
    """Sorted days joined where they lie at most ``gap`` days apart, into periods of at most ``longest`` days."""
    joined: list[Period] = []
    for day in days:
        last = joined[-1] if joined else None
        if last and (day - last.end).days <= gap and (day - last.start).days < longest:
            joined[-1] = Period(last.start, day)
        else:
            joined.append(Period(day, day))
    return joined
