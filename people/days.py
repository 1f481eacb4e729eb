"""Days: which may be asked for, and how many at once (one limit for pages and API); and what holds on one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

MOST_DAYS = 3_660
EARLIEST, LATEST = dt.date(1990, 1, 1), dt.date(2100, 1, 1)


def check_days(start: dt.date, end: dt.date) -> None:
    """Raise ValidationError, under “from” or “to”, for days out of reach, out of order, or too many."""
    for name, day in (("from", start), ("to", end)):
        if not EARLIEST <= day <= LATEST:
            raise ValidationError(
                {name: _("Give a day from %(earliest)s to %(latest)s.") % {"earliest": EARLIEST, "latest": LATEST}}
            )
    if end < start:
        raise ValidationError({"to": _("The period ends before it starts.")})
    if (end - start).days >= MOST_DAYS:
        raise ValidationError({"from": _("A period takes at most %(most)d days.") % {"most": MOST_DAYS}})


def holds_on(day: Any, *, start: str = "starts_on", end: str = "ends_on") -> Q:
    """That a row which runs from one day until before another, or without end, holds on a day (or an expression)."""
    return Q(**{f"{start}__lte": day}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": day}))
