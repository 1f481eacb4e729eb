"""A span of business days, and its steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass


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

    def __iter__(self) -> Iterator[dt.date]:
        return (self.start + dt.timedelta(days=n) for n in range(self.days))
