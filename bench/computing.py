"""The nightly run and the rebuild as the worker does them, and one bare GROUP BY."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection, connections

from bench.database import execute
from interactions.services import mark_days
from kpis import services
from kpis.facts import FACTS
from kpis.horizon import horizon
from kpis.kpi import Fact
from kpis.models import QueueSlot, Run
from kpis.period import Period
from kpis.repeats import HALVES
from kpis.rollup import roll_up
from kpis.tallies import tallies_of

TIMES = 5

FEWER_SUMS = """
    SELECT queue_id, slot, channel, team_id, COUNT(*),
           COUNT(*) FILTER (WHERE outcome = 'answered'), COUNT(*) FILTER (WHERE outcome = 'abandoned'),
           COUNT(*) FILTER (WHERE outcome = 'answered' AND wait_seconds <= 20),
           COUNT(*) FILTER (WHERE outcome = 'abandoned' AND wait_seconds <= 5),
           SUM(wait_seconds) FILTER (WHERE outcome = 'answered'), MAX(wait_seconds),
           SUM(talk_seconds), SUM(hold_seconds), SUM(wrap_seconds),
           SUM(talk_seconds + hold_seconds + wrap_seconds),
           SUM((talk_seconds + hold_seconds + wrap_seconds) * (talk_seconds + hold_seconds + wrap_seconds)),
           COUNT(*) FILTER (WHERE hold_seconds > 0), COUNT(*) FILTER (WHERE is_transferred),
           COUNT(*) FILTER (WHERE next_contact_at IS NULL), SUM(sale_amount), SUM(cost)
    FROM interactions_contact WHERE day = %s GROUP BY queue_id, slot, channel, team_id
"""

# What pandas and DuckDB must find as well: offered, answered in time, handled without a further contact, and the
# tenths of a second of handling.
FIGURES = """
    SELECT SUM(contacts_offered), SUM(answered_in_time), SUM(fcr_resolved) + SUM(fcr_maturing_resolved),
           ROUND(SUM(handle_seconds) * 10)
    FROM kpis_queueslot
"""


def bare_group_by(day: dt.date) -> float:
    """Median seconds of one plain GROUP BY that finds every tally of the day's contacts once and writes nothing.

    On one core, as a worker computes a day. The tallies of handled contacts are summed over the contacts offered on
    the day, by where they were offered: one pass over the rows, where the roll-ups make several, each by its own day
    and keys. So it is the least that any way must read and add up, and no replacement for them.
    """
    layout = FACTS[Fact.OFFERED]
    keys = {f"key_{name}": layout.paths[name] for name in QueueSlot.dimensions}
    values = {f"value_{tally.key}": tally.expression() for tally in tallies_of(Fact.OFFERED, Fact.HANDLED)}
    rows = layout.rows(Period(day, day), horizon()).annotate(**keys).values(*keys).annotate(**values)
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0; SET jit = off; SET work_mem = '64MB'")
        return typical(lambda: list(rows.all()))


def barest_group_by(day: dt.date) -> float:
    """Median seconds of a GROUP BY with half the sums and fixed thresholds, on all cores that PostgreSQL takes."""
    return typical(lambda: execute(FEWER_SUMS, day))


def both_rollups(day: dt.date) -> float:
    """Median seconds to write a day's roll-ups."""

    def once() -> None:
        mark_days([day])
        run = services.start_run(kind=Run.Kind.CHANGES)
        seconds.append(timed(lambda: roll_up(Period(day, day), run.pk)))
        services.finish_run(run.pk)

    seconds: list[float] = []
    for _ in range(TIMES):
        once()
    return median(seconds)


def nightly_run(day: dt.date) -> int:
    """A whole run for one changed day: repeats around it, every day these change, reconciliation. Days computed."""
    mark_days([day])
    run = services.start_run(kind=Run.Kind.NIGHTLY)
    for half in HALVES:
        services.search_repeats(run.pk, half)
    for step in services.plan_days(run.pk):
        services.compute_days(run.pk, step)
    return finished(run.pk)


def rebuild() -> int:
    """Every day anew, with as many processes as the machine has cores. Days computed."""
    run = services.start_run(kind=Run.Kind.REBUILD)
    connections.close_all()
    with ProcessPoolExecutor(max_workers=os.cpu_count(), mp_context=get_context("fork")) as workers:
        list(workers.map(services.search_repeats, [run.pk] * len(HALVES), HALVES))
        steps = services.plan_days(run.pk)
        connections.close_all()
        list(workers.map(services.compute_days, [run.pk] * len(steps), steps))
    return finished(run.pk)


def finished(run_id: int) -> int:
    run = services.finish_run(run_id)
    assert run.state == Run.State.DONE, run.message
    return run.days_planned


def timed(step: Callable[[], Any]) -> float:
    started = perf_counter()
    step()
    return perf_counter() - started


def typical(step: Callable[[], Any]) -> float:
    return median(timed(step) for _ in range(TIMES))
