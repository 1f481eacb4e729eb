"""How far the facts reach: the last business day with contacts, as the latest run noted it.

First contact resolution matures by this and not by the wall clock. It is noted once per run, so that
every day of a run, and every page after it, goes by the same one.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Max

from interactions.models import Contact
from kpis.models import Run


def horizon() -> dt.date | None:
    """The horizon of the latest run; None before the first."""
    return Run.objects.filter(horizon__isnull=False).values_list("horizon", flat=True).first()


def last_day_of_facts() -> dt.date | None:
    """The last business day that has contacts now."""
    return Contact.objects.aggregate(last=Max("day"))["last"]


def last_run() -> Run | None:
    """The latest run that finished, whose numbers pages show."""
    return Run.objects.filter(finished_at__isnull=False, state__in=[Run.State.DONE, Run.State.UNRECONCILED]).first()
