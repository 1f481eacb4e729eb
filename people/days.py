"""Which days may be asked for, and how many at once: one limit for pages and API."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
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
