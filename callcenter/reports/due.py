"""When a report is due, and which days it tells of. Both follow a clock on a wall."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from kpis.period import Period, start_of

DAY = dt.timedelta(days=1)
LONGEST_WAIT = 63  # days: more than lie between two reports


class Frequency(models.TextChoices):
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every week")
    MONTHLY = "monthly", _("Every month")


@dataclass(frozen=True)
class Rhythm:
    """How often, on which weekday (0 is Monday) or day of the month (1–28), at which full hour of which clock."""

    frequency: str
    weekday: int
    month_day: int
    hour: int
    zone: ZoneInfo

    def next_after(self, moment: dt.datetime) -> dt.datetime:
        """The first due moment after another, in UTC.

        Where clocks go forward over the hour, it is due as much later; where they go back over it, the first time.
        """
        return next(due for due in self._due_from(moment.astimezone(self.zone).date() - DAY) if due > moment)

    def _due_from(self, day: dt.date) -> Iterator[dt.datetime]:
        for number in range(LONGEST_WAIT):
            candidate = day + number * DAY
            if self._is_due_on(candidate):
                # Through UTC: comparing two times of one zone, Python would go by the wall and not by the instant.
                yield dt.datetime.combine(candidate, dt.time(self.hour), self.zone).astimezone(dt.UTC)

    def _is_due_on(self, day: dt.date) -> bool:
        if self.frequency == Frequency.WEEKLY:
            return day.weekday() == self.weekday
        return self.frequency == Frequency.DAILY or day.day == self.month_day

    def period_at(self, due: dt.datetime) -> Period:
        """The last whole day, week (Monday to Sunday) or month before the due moment's day."""
        step = {Frequency.WEEKLY: "week", Frequency.MONTHLY: "month"}.get(Frequency(self.frequency), "day")
        end = start_of(step, due.astimezone(self.zone).date()) - DAY
        return Period(start_of(step, end), end)
