"""The nightly run as Celery tasks: search repeats, then a group of days, then the close."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from celery import chord, group, shared_task
from django.db import OperationalError
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError

from kpis import services
from kpis.horizon import days_of_facts
from kpis.models import Run
from kpis.period import Period
from kpis.repeats import HALVES
from kpis.text import format_day
from people.models import User

log = logging.getLogger(__name__)

RETRY = {"autoretry_for": (OperationalError,), "retry_backoff": 5, "max_retries": 5}


@shared_task
def run_nightly() -> int:
    """Compute every day whose facts changed. Returns the run's id."""
    return launch(Run.Kind.NIGHTLY)


@shared_task
def run_changed_days() -> int | None:
    """The same during the day, when anything changed; returns the run's id, or None."""
    return launch(Run.Kind.CHANGES) if services.has_changes() else None


class NothingToCompute(ValueError):
    """A run was asked for days without any facts. The message says which days have some."""


class NoWorkers(RuntimeError):
    """A run was asked for while no job can be sent. The message says what happens to its days."""


def request_run(kind: str, *, by: User, period: Period | None = None) -> int:
    """Start a run for somebody who waits for an answer, kept to the days that have facts. Returns its id.

    Raises NothingToCompute or NoWorkers, each with a sentence.
    """
    facts = days_of_facts()
    if period and facts:
        reach = period.within(facts)
        if reach is None:
            days = {"first": format_day(facts.start), "last": format_day(facts.end)}
            raise NothingToCompute(_("There are facts from %(first)s to %(last)s only.") % days)
        period = reach
    elif period:
        raise NothingToCompute(_("There are no facts yet."))
    return launch(kind, by=by, period=period)


def launch(kind: str, *, by: User | None = None, period: Period | None = None) -> int:
    """Open a run and send it on its way. Raises NoWorkers where it cannot be sent; it is closed as failed then."""
    run = services.start_run(kind=kind, by=by, period=period)
    try:
        begin.delay(run.pk)
    except BrokerError as error:
        reason = _("The workers cannot be reached. The days stay marked and are computed as soon as they can.")
        services.fail_run(run.pk, reason)
        raise NoWorkers(reason) from error
    return run.pk


# Its result is not waited for: to ask for one, Celery would try for long to reach a Redis that is down.
@shared_task(ignore_result=True)
def begin(run_id: int) -> None:
    """Send the first half of a run on its way."""
    halves = group(search_repeats.si(run_id, half) for half in HALVES)
    chord(halves)(compute_marked_days.si(run_id).on_error(close_failed.s(run_id)))


@shared_task(**RETRY)
def search_repeats(run_id: int, half: int) -> None:
    """Search repeat contacts around the marked days for half of the customers; mark the days that change by it."""
    services.search_repeats(run_id, half)


@shared_task
def compute_marked_days(run_id: int) -> None:
    """Send every marked day on its way, then the close."""
    steps = services.plan_days(run_id)
    if not steps:
        services.finish_run(run_id)
        return
    each = group(compute_days.si(run_id, part.start.isoformat(), part.end.isoformat()) for part in steps)
    chord(each)(finish.si(run_id).on_error(close_failed.s(run_id)))


@shared_task(**RETRY)
def compute_days(run_id: int, first: str, last: str) -> None:
    """Compute the business days from ``first`` to ``last`` (ISO dates)."""
    services.compute_days(run_id, Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last)))


@shared_task
def finish(run_id: int) -> None:
    """Close the log, loudly where a day does not reconcile."""
    run = services.finish_run(run_id)
    if run.state == Run.State.UNRECONCILED:
        log.error("KPI run %s: %s", run.pk, run.message)


@shared_task
def close_failed(request: Any, error: BaseException, _traceback: Any, run_id: int) -> None:
    """Close the log of a run that broke off. The days that are left keep their marks for the next run."""
    log.error("KPI run %s broke off: %s", run_id, error)
    services.fail_run(run_id, f"{type(error).__name__}: {error}")
