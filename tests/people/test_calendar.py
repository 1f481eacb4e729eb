"""The working calendar of a site."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from people.calendar import DayKind, day_kind, is_working, working_days
from people.models import CalendarDay
from tests.factories import SiteFactory


def test_an_ordinary_week_has_five_working_days(site):
    week = working_days(site, dt.date(2026, 11, 2), dt.date(2026, 11, 8))

    assert week == [dt.date(2026, 11, day) for day in (2, 3, 4, 5, 6)]


def test_a_public_holiday_of_the_country_is_not_worked(site):
    assert day_kind(site, dt.date(2026, 12, 25)) is DayKind.HOLIDAY


@pytest.mark.parametrize(("subdivision", "works"), [("BE", False), ("BY", True)])
def test_a_holiday_of_one_state_is_worked_in_the_others(db, subdivision, works):
    # International Women's Day, Friday 8 March 2024: a holiday in Berlin, not in Bavaria.
    site = SiteFactory(subdivision=subdivision)

    assert is_working(site, dt.date(2024, 3, 8)) is works


def test_a_site_without_a_country_knows_only_weekdays(db):
    site = SiteFactory(country="", subdivision="")

    assert is_working(site, dt.date(2026, 12, 25))


def test_an_own_day_comes_before_the_holiday_and_before_the_weekend(site):
    CalendarDay.objects.create(site=site, day=dt.date(2026, 12, 25), is_working=True)
    CalendarDay.objects.create(site=site, day=dt.date(2026, 11, 7), is_working=True)
    CalendarDay.objects.create(site=site, day=dt.date(2026, 11, 9), is_working=False)

    kinds = [day_kind(site, day) for day in (dt.date(2026, 12, 25), dt.date(2026, 11, 7), dt.date(2026, 11, 9))]

    assert kinds == [DayKind.WEEKDAY, DayKind.WEEKDAY, DayKind.HOLIDAY]


def test_a_site_may_work_from_sunday_to_thursday(db):
    site = SiteFactory(country="", subdivision="", working_weekdays=[6, 0, 1, 2, 3])

    assert is_working(site, dt.date(2026, 11, 8))
    assert day_kind(site, dt.date(2026, 11, 6)) is DayKind.WEEKEND


def test_the_days_on_which_the_clock_changes_are_days_like_others(db):
    # 25 October 2026 has 25 hours in Berlin, 29 March 2026 has 23.
    site = SiteFactory(country="", subdivision="", working_weekdays=list(range(7)))

    assert len(working_days(site, dt.date(2026, 10, 24), dt.date(2026, 10, 26))) == 3
    assert len(working_days(site, dt.date(2026, 3, 28), dt.date(2026, 3, 30))) == 3


def test_a_state_that_the_country_does_not_have_is_refused_in_words(db):
    site = SiteFactory.build(country="DE", subdivision="XX")

    with pytest.raises(ValidationError, match="No public holidays are known for XX in DE"):
        site.full_clean()
