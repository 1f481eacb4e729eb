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
    reach = Contact.objects.aggregate(last=Max("day"))["last"]
    days: set[dt.date | None] = set()
    for channel, day, answered, ended, due in moments:
        days |= {day, answered, ended, due}
        if channel == Channel.TICKET:
            days |= set(_days_between(day, ended or reach))
    return {day for day in days if day is not None}


def around(days: Iterable[dt.date]) -> set[dt.date]:
    """The days with their neighbours: agent states and shifts across midnight touch both sides."""
    return {day + dt.timedelta(days=step) for day in days for step in (-1, 0, 1)}


def _days_between(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    return (first + dt.timedelta(days=step) for step in range((last - first).days + 1))
