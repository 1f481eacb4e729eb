"""How far the facts reach: the last business day with contacts, as the latest run noted it.

First contact resolution matures by this and not by the wall clock. It is noted once per run, so that
every day of a run, and every page after it, goes by the same one.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Max, Min

from interactions.models import AgentState, Contact, Shift
from kpis.models import Run
from kpis.period import Period

RUNS_AT_A_TIME = 10  # more than ever run beside each other


def horizon() -> dt.date | None:
    """The horizon of the latest run; None before the first."""
    return Run.objects.filter(horizon__isnull=False).values_list("horizon", flat=True).first()


def last_day_of_facts() -> dt.date | None:
    """The last business day that has contacts now."""
    return Contact.objects.aggregate(last=Max("day"))["last"]


def days_of_facts() -> Period | None:
    """From the first to the last business day of any fact; a call over midnight is handled the day after."""
    moments = {Contact: ("day", "answered_day", "ended_day"), AgentState: ("day",), Shift: ("day",)}
    ends: set[dt.date] = set()
    for model, days in moments.items():
        reach = {f"last_{day}": Max(day) for day in days}
        ends.update(filter(None, model.objects.aggregate(first=Min("day"), **reach).values()))
    return Period(min(ends), max(ends)) if ends else None


def last_signs_of_runs() -> list[Any]:
    """Ids and times of the latest runs; they change with every stretch of days that one of them computed."""
    return list(Run.objects.order_by("-pk").values_list("pk", "heartbeat_at", "finished_at")[:RUNS_AT_A_TIME])


def last_run() -> Run | None:
    """The latest run that finished, whose numbers pages show."""
    return Run.objects.filter(finished_at__isnull=False, state__in=[Run.State.DONE, Run.State.UNRECONCILED]).first()
