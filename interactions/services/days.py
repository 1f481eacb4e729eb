"""The days whose KPIs facts take part in, to be marked when these change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Max, QuerySet

from interactions.models import Contact
from people.models import Channel


def days_of(contacts: QuerySet[Contact]) -> set[dt.date]:
    """Every day whose KPIs these contacts take part in.

    Those on which they were offered, answered, ended or due; a ticket also counts as open on each day from the
    first to its end, or to where the facts reach.
    """
    return days_of_moments(
        contacts.order_by().values_list("channel", "day", "answered_day", "ended_day", "due_day").distinct()
    )


def days_of_moments(moments: Iterable[tuple]) -> set[dt.date]:
    """As `days_of`, from rows of channel and the days offered, answered, ended and due."""
    reach = _reach()
    days: set[dt.date] = set()
    for row in moments:
        days |= _moments(row) | _open_days(row, reach)
    return days


def days_of_changes(changes: Iterable[tuple[tuple, tuple, bool]]) -> set[dt.date]:
    """The days whose KPIs changed contacts change, from such rows before and after (Nones: not there).

    A ticket counts as open as before on the days on which it was open and still is, unless it ``moved``: counts
    for another queue, team, agent or channel.
    """
    reach = _reach()
    days: set[dt.date] = set()
    for before, after, moved in changes:
        was_open, is_open = _open_days(before, reach), _open_days(after, reach)
        days |= _moments(before) | _moments(after) | (was_open | is_open if moved else was_open ^ is_open)
    return days


def _reach() -> dt.date | None:
    last: dt.date | None = Contact.objects.aggregate(last=Max("day"))["last"]
    return last


def _moments(row: tuple) -> set[dt.date]:
    return {day for day in row[1:] if day is not None}


def _open_days(row: tuple, reach: dt.date | None) -> set[dt.date]:
    """The days on which a ticket counts as open, and the one on which it ends."""
    channel, day, _answered, ended, _due = row
    until = ended or reach
    return set(_days_between(day, until)) if channel == Channel.TICKET and until else set()


def around(days: Iterable[dt.date]) -> set[dt.date]:
    """The days with their neighbours: agent states and shifts across midnight touch both sides."""
    return {day + dt.timedelta(days=step) for day in days for step in (-1, 0, 1)}


def _days_between(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    return (first + dt.timedelta(days=step) for step in range((last - first).days + 1))
