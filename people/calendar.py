"""Working days of a site: its weekdays, its country's public holidays, and its own departures from both."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Collection
from functools import lru_cache

import holidays

from people.models import CalendarDay, Site


class DayKind(enum.StrEnum):
    WEEKDAY = "weekday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@lru_cache(maxsize=256)
def public_holidays(country: str, subdivision: str, year: int) -> frozenset[dt.date]:
    """The public holidays of a country, and of one of its parts where named; none without a country."""
    if not country:
        return frozenset()
    return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))


def day_kinds(site: Site, start: dt.date, end: dt.date) -> dict[dt.date, DayKind]:
    """Each day from ``start`` to ``end``, both included, with its kind.

    The site's own calendar days come first, then public holidays, then its working weekdays. An own day
    that is worked counts as a weekday, one that is not as a holiday.
    """
    own = dict(site.calendar_days.filter(day__range=(start, end)).values_list("day", "is_working"))
    days = [start + dt.timedelta(days=n) for n in range((end - start).days + 1)]
    return {day: _kind(site, day, own.get(day)) for day in days}


def _kind(site: Site, day: dt.date, is_own_working_day: bool | None) -> DayKind:
    if is_own_working_day is not None:
        return DayKind.WEEKDAY if is_own_working_day else DayKind.HOLIDAY
    if day in public_holidays(site.country, site.subdivision, day.year):
        return DayKind.HOLIDAY
    return DayKind.WEEKDAY if day.weekday() in site.working_weekdays else DayKind.WEEKEND


def day_kind(site: Site, day: dt.date) -> DayKind:
    """Whether a day is a weekday, a weekend day or a holiday at this site."""
    return day_kinds(site, day, day)[day]


def is_working(site: Site, day: dt.date) -> bool:
    """Whether the site works on this day."""
    return day_kind(site, day) is DayKind.WEEKDAY


def working_days(site: Site, start: dt.date, end: dt.date) -> list[dt.date]:
    """The days from ``start`` to ``end``, both included, on which the site works."""
    return [day for day, kind in day_kinds(site, start, end).items() if kind is DayKind.WEEKDAY]


def working_days_by_site(sites: Collection[Site], start: dt.date, end: dt.date) -> dict[int, set[dt.date]]:
    """The working days of several sites from ``start`` to ``end``, both included, by the site's id."""
    own: dict[int, dict[dt.date, bool]] = {site.pk: {} for site in sites}
    entries = CalendarDay.objects.filter(site__in=sites, day__range=(start, end)).order_by()
    for site_id, day, worked in entries.values_list("site", "day", "is_working"):
        own[site_id][day] = worked
    days = [start + dt.timedelta(days=n) for n in range((end - start).days + 1)]
    return {
        site.pk: {day for day in days if _kind(site, day, own[site.pk].get(day)) is DayKind.WEEKDAY} for site in sites
    }
