"""The last days, each beside the usual of its weekday. Read from the roll-ups, never from the contacts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from statistics import median

from django.utils.translation import gettext as _

from interactions.text import format_day, format_number
from kpis.definitions import KPIS
from kpis.measure import measure
from kpis.period import Period
from kpis.text import format_tick
from people.calendar import working_days_by_site
from people.models import Site, User

DAYS_SHOWN = 90
WEEKS_BEFORE = 8  # that make the usual of a weekday
FEWEST_WEEKS = 4  # below which nothing is usual yet
FEWEST_CONTACTS = 20  # below which a usual day says too little to call another one unusual
LOW, HIGH = 0.5, 2.0  # of the usual


@dataclass(frozen=True)
class Day:
    """A day of the strip; heights are percent of the highest count or usual shown."""

    day: dt.date
    contacts: int
    usual: float | None
    state: str  # gap, silent, low, high, waiting, rest, running or ""
    height: float
    usual_height: float | None

    @property
    def above(self) -> float:
        """Where its bar begins, from above."""
        return 100 - self.height

    @property
    def usual_above(self) -> float | None:
        """Where the mark of the usual lies, from above."""
        return None if self.usual_height is None else 100 - self.usual_height

    @property
    def sign(self) -> str:
        """The state as a sign; its words stand beside it."""
        return SIGNS.get(self.state, "")

    @property
    def words(self) -> str:
        """The state in words."""
        return {
            "gap": _("no contacts on a working day"),
            "silent": _("a site without contacts on its working day"),
            "low": _("less than half of the usual"),
            "high": _("more than twice the usual"),
            "waiting": _("waits to be computed"),
            "rest": _("no working day"),
            "running": _("not over yet"),
        }.get(self.state, _("as usual") if self.usual is not None else _("nothing to compare with yet"))

    @property
    def is_monday(self) -> bool:
        """Whether the axis names it."""
        return self.day.weekday() == 0

    @property
    def tick(self) -> str:
        """The day on the axis."""
        return format_tick("day", self.day)

    @property
    def text(self) -> str:
        """The day in a sentence, for who cannot see the strip."""
        usual = format_number(self.usual) if self.usual is not None else "–"
        known = {"day": format_day(self.day), "contacts": format_number(self.contacts), "usual": usual}
        return _("%(day)s: %(contacts)s contacts, usually %(usual)s") % known + f" ({self.words})"


SIGNS = {"gap": "✕", "silent": "✕", "low": "↓", "high": "↑", "waiting": "…"}


@dataclass(frozen=True)
class Days:
    """The last days, and the working days of each site on which it had no contact at all."""

    days: list[Day]
    gaps: dict[Site, list[dt.date]]

    @property
    def latest_first(self) -> list[Day]:
        """The days as a table has them."""
        return self.days[::-1]

    def of(self, *states: str) -> list[Day]:
        """The days in these states, the latest first."""
        return [day for day in self.latest_first if day.state in states]


def last_days(viewer: User, *, until: dt.date, waiting: Collection[dt.date]) -> Days:
    """The 90 days up to ``until``; of that day itself nobody can say yet whether anything is missing."""
    shown = Period(until - dt.timedelta(days=DAYS_SHOWN - 1), until)
    read = Period(shown.start - dt.timedelta(weeks=WEEKS_BEFORE), until)
    counts: dict[dt.date, int] = {}
    by_site: dict[int, set[dt.date]] = {}
    for reading in measure([KPIS["contacts_offered"]], viewer=viewer, period=read, by=("day", "site")):
        day, site, contacts = reading.at["day"], reading.at["site"], round(reading.value or 0)
        counts[day] = counts.get(day, 0) + contacts
        if contacts and site is not None:
            by_site.setdefault(site, set()).add(day)
    sites = list(Site.objects.filter(pk__in=by_site))
    working = working_days_by_site(sites, shown.start, until)
    gaps = {site: _gaps(by_site[site.pk], working[site.pk], before=until) for site in sites}
    silent = {day: "silent" for days in gaps.values() for day in days if counts.get(day)}
    rest = {day: "rest" for day in shown if not any(day in days for days in working.values())}
    known = silent | rest | dict.fromkeys(waiting, "waiting")
    return Days(_laid_out(shown, counts, known), {site: days for site, days in gaps.items() if days})


def _gaps(with_contacts: set[dt.date], working: set[dt.date], *, before: dt.date) -> list[dt.date]:
    """Working days without a contact, from the first day with one on."""
    first = min(with_contacts)
    return sorted(day for day in working - with_contacts if first < day < before)


def _laid_out(shown: Period, counts: dict[dt.date, int], known: dict[dt.date, str]) -> list[Day]:
    """The days with their bars; ``known`` holds the states that do not follow from the counts alone."""
    usual = {day: _usual(day, counts) for day in shown}
    most = max([*(counts.get(day, 0) for day in shown), *(value or 0 for value in usual.values()), 1])
    return [
        Day(
            day,
            counts.get(day, 0),
            usual[day],
            _state(day, counts, usual[day], known.get(day, ""), is_last=day == shown.end),
            round(100 * counts.get(day, 0) / most, 1),
            None if usual[day] is None else round(100 * (usual[day] or 0) / most, 1),
        )
        for day in shown
    ]


def _usual(day: dt.date, counts: dict[dt.date, int]) -> float | None:
    """The median of the eight same weekdays before, as far back as there is data."""
    first = min(counts, default=day)
    before = [day - dt.timedelta(weeks=week) for week in range(1, WEEKS_BEFORE + 1)]
    known = [counts.get(earlier, 0) for earlier in before if earlier >= first]
    return float(median(known)) if len(known) >= FEWEST_WEEKS else None


def _state(day: dt.date, counts: dict[dt.date, int], usual: float | None, known: str, *, is_last: bool) -> str:
    contacts = counts.get(day, 0)
    if known == "waiting":
        return known
    if is_last:
        return "running"
    if not contacts:
        return known or ("gap" if counts and day > min(counts) else "")
    if known == "silent":
        return known
    if usual is None or usual < FEWEST_CONTACTS:
        return ""
    return "low" if contacts < LOW * usual else "high" if contacts > HIGH * usual else ""
