"""The span of the demo, and the days on which its sites work."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from dateutil.relativedelta import relativedelta

from callcenter.demo.centre import SITES
from callcenter.demo.clock import DAY, Clock, day_number
from people.calendar import public_holidays

TICKETS_LOOK_AHEAD = dt.timedelta(days=60)


@dataclass(frozen=True)
class Span:
    """Everything that depends on the last day, the number of months and the seed alone."""

    until: dt.date
    months: int
    seed: int

    @property
    def start(self) -> dt.date:
        """The first day: as many months back, the day after."""
        return self.until - relativedelta(months=self.months) + dt.timedelta(days=1)

    @property
    def days(self) -> np.ndarray:
        """Every day, as days since 1970."""
        return np.arange(day_number(self.start), day_number(self.until) + 1)

    @property
    def new_form_day(self) -> dt.date:
        """The Monday, six to seven weeks before the end, on which the new refund form came."""
        before = self.until - dt.timedelta(days=46)
        return before - dt.timedelta(days=before.weekday())

    @property
    def new_threshold_day(self) -> dt.date:
        """The first of the month, half a year before the end, on which one queue's threshold changed."""
        before = self.until - dt.timedelta(days=180)
        return before.replace(day=1)

    def back(self, weeks: int) -> dt.date:
        """The Monday that lies ``weeks`` before the week of the last day."""
        return self.until - dt.timedelta(days=self.until.weekday() + 7 * weeks)

    def random(self, part: int) -> np.random.Generator:
        """Chance for one part of the demo; the parts do not disturb each other."""
        return np.random.default_rng([self.seed, part])

    def clocks(self) -> dict[str, Clock]:
        """The clock of each site."""
        first, last = self.start - dt.timedelta(days=2), self.until + TICKETS_LOOK_AHEAD
        return {site.code: Clock(site.time_zone, start=first, end=last) for site in SITES}

    def ends_at(self, clock: Clock) -> int:
        """The instant at which the last day is over."""
        return int(clock.utc(np.array([(day_number(self.until) + 1) * DAY]))[0])

    def holidays(self) -> dict[str, frozenset[int]]:
        """The public holidays of each site, as days since 1970."""
        years = range(self.start.year, self.until.year + 1)
        return {
            site.code: frozenset(
                day_number(day) for year in years for day in public_holidays(site.country, site.subdivision, year)
            )
            for site in SITES
        }
