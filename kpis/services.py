"""Runs: note how far the facts reach, search repeat contacts, compute the days that changed, close the log.

Every step is safe to repeat and to interrupt: what is still to be done is kept as marks on days, which only
the transaction that computes a day takes away.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from interactions.models import Contact, DirtyDay
from interactions.services import mark_days
from kpis.horizon import days_of_facts, horizon, last_day_of_facts
from kpis.lasting.search import look_for_changes
from kpis.models import Run, RunDay
from kpis.period import Period, stretches
from kpis.reconciliation import differences
from kpis.repeats import HALVES, find_repeats, longest_window
from kpis.rollup import roll_up
from people.models import User

log = logging.getLogger(__name__)

RUN_LOCK = 7_303  # advisory lock: one run starts or ends at a time
LONGEST_SEARCH = 62  # days searched for repeats in one statement, which bounds its memory
FEWEST_STEPS = 16  # enough for several workers to share a run
LONGEST_STEP = 14  # days computed in one transaction
MOST_CONTACTS = 100_000  # in one of several days, on average: all sums of a step are held in memory at once
SILENCE = dt.timedelta(minutes=10)  # a run that gave no sign of life for so long has been interrupted


@transaction.atomic
def start_run(*, kind: str, by: User | None = None, period: Period | None = None) -> Run:
    """Open the log of a run, note the horizon, and mark what follows from it.

    A rebuild marks every day of ``period``, or of all facts. When the horizon moves, the days whose
    first-contact-resolution windows it passes, and the days that were added (levels such as the backlog
    exist on days without contacts too), are marked.
    """
    _lock()
    interrupt_runs(silent_for=SILENCE)
    noted, reach = horizon(), last_day_of_facts()
    if kind == Run.Kind.REBUILD:
        mark_days(period or days_of_facts() or [])
    if reach and reach != noted:
        mark_days(_days_a_horizon_touches(noted, reach))
    run = Run.objects.create(kind=kind, started_by=by, horizon=reach)
    _free_marks().update(claimed_by=run.pk)
    return run


def interrupt_runs(*, silent_for: dt.timedelta = dt.timedelta()) -> None:
    """Call runs interrupted that gave no sign of life for so long; their days wait for the next run."""
    Run.objects.filter(state=Run.State.RUNNING, heartbeat_at__lt=timezone.now() - silent_for).update(
        state=Run.State.INTERRUPTED, finished_at=timezone.now()
    )


def has_changes() -> bool:
    """Whether any day waits to be computed and no living run is at work on it."""
    return _free_marks().exists()


def _free_marks() -> QuerySet[DirtyDay]:
    """The marks that no living run has claimed: new ones, and those of runs that ended or went silent."""
    living = Run.objects.filter(state=Run.State.RUNNING, heartbeat_at__gte=timezone.now() - SILENCE)
    return DirtyDay.objects.filter(Q(claimed_by=None) | ~Q(claimed_by__in=living.values("pk")))


def marked_days() -> list[dt.date]:
    """The days that wait to be computed, claimed by a run or not."""
    return sorted(set(DirtyDay.objects.values_list("day", flat=True)))


def claimed_days(run_id: int) -> list[dt.date]:
    """The days this run has to compute."""
    return sorted(set(DirtyDay.objects.filter(claimed_by=run_id).values_list("day", flat=True)))


def search_repeats(run_id: int, half: int) -> None:
    """Search repeat contacts around the claimed days for half of the customers; claim the days this changes."""
    for period in stretches(claimed_days(run_id), gap=longest_window(), longest=LONGEST_SEARCH):
        # Together: a search whose finds were not marked would find nothing when it is repeated.
        with transaction.atomic():
            mark_days(find_repeats(period, half), claimed_by=run_id)
        _sign_of_life(run_id)


def plan_days(run_id: int) -> list[Period]:
    """The days to compute, once the search is through, a few together where there are many.

    Their number goes into the log.
    """
    days = claimed_days(run_id)
    Run.objects.filter(pk=run_id).update(days_planned=len(days), heartbeat_at=timezone.now())
    return stretches(days, longest=_longest_step(days))


def _longest_step(days: list[dt.date]) -> int:
    longest = min(len(days) // FEWEST_STEPS, LONGEST_STEP)
    if longest <= 1:
        return 1
    contacts = Contact.objects.filter(day__range=(days[0], days[-1])).count()
    return max(1, min(longest, MOST_CONTACTS * len(days) // max(contacts, 1)))


def compute_days(run_id: int, period: Period) -> None:
    """Roll up days and log how long each took and whether its views reconcile. Safe to repeat."""
    started = time.monotonic()
    roll_up(period, run_id)
    found = differences(period)
    seconds = (time.monotonic() - started) / period.days
    RunDay.objects.bulk_create(
        [RunDay(run_id=run_id, day=day, seconds=seconds, differences=found[day]) for day in period],
        update_conflicts=True,
        unique_fields=["run", "day"],
        update_fields=["seconds", "differences", "finished_at"],
    )
    _sign_of_life(run_id)


def _sign_of_life(run_id: int) -> None:
    Run.objects.filter(pk=run_id).update(heartbeat_at=timezone.now())


def finish_run(run_id: int) -> Run:
    """Look for lasting changes, unless the run is one of many of a day, and close the log.

    A course of weeks says the same all day long.
    """
    if Run.objects.filter(pk=run_id, state=Run.State.RUNNING).exclude(kind=Run.Kind.CHANGES).exists():
        _look_for_changes(run_id)
        _sign_of_life(run_id)
    return _close(run_id)


def _look_for_changes(run_id: int) -> None:
    """A search that breaks off fails no run: every day is computed, and the changes found before stay."""
    try:
        look_for_changes(lambda: _sign_of_life(run_id))
    except Exception:
        log.exception("The search for lasting changes of KPI run %s broke off", run_id)


@transaction.atomic
def _close(run_id: int) -> Run:
    """Done, or, where a day does not reconcile, say so loudly. One that is closed stays as it is."""
    _lock()
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.state != Run.State.RUNNING:
        return run
    troubled = [entry.day.isoformat() for entry in run.days.exclude(differences=[])]
    run.state = Run.State.UNRECONCILED if troubled else Run.State.DONE
    run.message = _("These days do not reconcile: %(days)s.") % {"days": ", ".join(troubled)} if troubled else ""
    run.finished_at = run.heartbeat_at = timezone.now()
    run.save()
    return run


def run_here(*, kind: str, by: User | None = None, period: Period | None = None, workers: int = 1) -> Run:
    """A whole run in this process, without Celery; with ``workers`` at it. Returns the closed run."""
    run = start_run(kind=kind, by=by, period=period)
    for half in HALVES:
        search_repeats(run.pk, half)
    steps = plan_days(run.pk)
    if workers == 1:
        _compute_steps(run.pk, steps)
    else:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(lambda part: _compute_apart(run.pk, steps[part::workers]), range(workers)))
    return finish_run(run.pk)


def _compute_steps(run_id: int, steps: list[Period]) -> None:
    for period in steps:
        compute_days(run_id, period)


def _compute_apart(run_id: int, steps: list[Period]) -> None:
    """On a database connection of this thread's own."""
    try:
        _compute_steps(run_id, steps)
    finally:
        connection.close()


def fail_run(run_id: int, reason: str) -> None:
    """Close the log of a run that broke off. Its days keep their marks."""
    Run.objects.filter(pk=run_id, state=Run.State.RUNNING).update(
        state=Run.State.FAILED, message=reason, finished_at=timezone.now()
    )


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RUN_LOCK])


def _days_a_horizon_touches(noted: dt.date | None, reach: dt.date) -> Iterable[dt.date]:
    """The days whose windows it passes, the days added, and later days on which their contacts were answered."""
    if noted is None:
        return days_of_facts() or []
    earlier, later = sorted((noted, reach))
    touched = Period(earlier - dt.timedelta(days=longest_window()), later)
    answered_after = Contact.objects.filter(day__range=(touched.start, touched.end), answered_day__gt=touched.end)
    return {*touched, *answered_after.order_by().values_list("answered_day", flat=True).distinct()}
