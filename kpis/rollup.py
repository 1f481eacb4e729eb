"""Writes the roll-ups. Everything is pushed down into PostgreSQL; rows never travel through Python.

A few days that follow each other are one transaction: take the days' locks, delete what was written, insert
anew. Run it twice, on two workers, or kill it half-way: the result is the same. Nothing of a day depends on
how many are computed with it; it only saves the fixed cost of some thirty statements.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection, transaction
from django.db.models import DateField, F, Max, Q, QuerySet, Sum, Value

from interactions.models import DirtyDay
from kpis import adherence, histogram
from kpis.facts import FACTS
from kpis.horizon import horizon
from kpis.kpi import Fact
from kpis.models import ROLLUPS, AgentDay, QueueDay, QueueSlot, ReasonDay, TeamDay
from kpis.period import Period
from kpis.tallies import ANSWERED_LIVE, tallies_of

LOCK_SPACE = 7_301  # advisory locks of roll-ups: (this, day number)


@transaction.atomic
def roll_up(period: Period, run_id: int) -> None:
    """Compute the business days of a period from their facts and clear the marks this run or an earlier one claimed.

    Without such a mark another run has computed the days already, and there is nothing to do.
    """
    with connection.cursor() as cursor:
        # In ascending order, so that two workers never wait for each other in a circle.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, number) FROM generate_series(%s, %s) AS number",
            [LOCK_SPACE, period.start.toordinal(), period.end.toordinal()],
        )
        # Dozens of aggregates over a day: compiling them costs more than it saves, sorting on disk too.
        cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '64MB'")
    within = Q(day__range=(period.start, period.end))
    cleared, _ = DirtyDay.objects.filter(within, claimed_by__lte=run_id).delete()
    if not cleared:
        return
    adherence.refresh(period)
    reach = horizon()
    for rollup in ROLLUPS:
        rollup.objects.filter(within)._raw_delete(using=connection.alias)
    _sum_facts(QueueSlot, period, reach, QueueSlot.facts)
    _sum_facts(AgentDay, period, reach, AgentDay.facts)
    _sum_facts(ReasonDay, period, reach, ReasonDay.facts)
    _sum_slots_into_days(period)
    _sum_agents_into_teams(period)
    _sum_facts(QueueDay, period, reach, [fact for fact in QueueDay.facts if fact not in QueueSlot.facts])


# What is kept of each contact besides the tallies: the buckets of its times.
BUCKETS: dict[Fact, dict[str, Any]] = {
    Fact.OFFERED: {"wait_buckets": ArrayAgg("wait_bucket", filter=ANSWERED_LIVE)},
    Fact.HANDLED: {"handle_buckets": ArrayAgg("handle_bucket")},
}


# What tells most rows apart comes first and text comes last: the sort compares as little as it can.
GROUPED_BY = ("slot", "agent", "reason", "queue", "team", "day", "channel")


def _sum_facts(rollup: Any, period: Period, reach: dt.date | None, facts: Iterable[Fact]) -> None:
    with connection.cursor() as cursor:
        for fact in facts:
            sql, params = _insert_of_facts(rollup, fact)
            # A level belongs to the end of each day, so each day asks for its own.
            for part in [Period(day, day) for day in period] if _is_level(fact) else [period]:
                cursor.execute(sql, _given(params, part, reach))


# Stand-ins in a compiled statement. Compiling takes longer than running it on a small day.
FIRST, LAST, REACH = dt.date(2, 2, 2), dt.date(3, 3, 3), dt.date(4, 4, 4)
STAND_INS = Period(FIRST, LAST)


def _given(params: Sequence[Any], period: Period, reach: dt.date | None = None) -> list[Any]:
    given = {FIRST: period.start, LAST: period.end, REACH: reach or dt.date.min}
    return [given.get(param, param) if isinstance(param, dt.date) else param for param in params]


def _is_level(fact: Fact) -> bool:
    return any(tally.is_snapshot for tally in tallies_of(fact))


@cache
def _insert_of_facts(rollup: Any, fact: Fact) -> tuple[str, tuple[Any, ...]]:
    layout = FACTS[fact]
    # A dimension that GROUPED_BY lacks raises ValueError instead of being left out of the sums.
    ordered = sorted(rollup.dimensions, key=GROUPED_BY.index)
    keys = {name: layout.paths[name] for name in ordered if layout.has(name)}
    if _is_level(fact):
        keys["day"] = Value(LAST, DateField())
    kept = {name: value for name, value in BUCKETS.get(fact, {}).items() if hasattr(rollup, name)}
    values = {tally.key: tally.expression() for tally in tallies_of(fact)} | kept
    return _insert(rollup, layout.rows(STAND_INS, REACH), keys, values)


def _sum_slots_into_days(period: Period) -> None:
    """QueueDay from QueueSlot, the lists of buckets counted."""
    sql, params = _insert_of_slots()
    with connection.cursor() as cursor:
        cursor.execute(sql, _given(params, period))
    _count_buckets(period, "wait_buckets", "wait_histogram")
    _count_buckets(period, "handle_buckets", "handle_histogram")


@cache
def _insert_of_slots() -> tuple[str, tuple[Any, ...]]:
    keys = {name: F(name) for name in QueueDay.dimensions}
    sums = {tally.key: (Max if tally.is_maximum else Sum)(tally.key) for tally in QueueSlot.tallies}
    return _insert(QueueDay, QueueSlot.objects.filter(day__range=(FIRST, LAST)), keys, sums)


def _sum_agents_into_teams(period: Period) -> None:
    """TeamDay from AgentDay's rows of states and shifts, which have no queue."""
    sql, params = _insert_of_agents()
    with connection.cursor() as cursor:
        cursor.execute(sql, _given(params, period))


@cache
def _insert_of_agents() -> tuple[str, tuple[Any, ...]]:
    keys = {name: F(name) for name in TeamDay.dimensions}
    sums = {tally.key: Sum(tally.key) for tally in TeamDay.tallies}
    rows = AgentDay.objects.filter(day__range=(FIRST, LAST), queue__isnull=True)
    return _insert(TeamDay, rows, keys, sums)


def _count_buckets(period: Period, buckets: str, histogram_column: str) -> None:
    counts = ", ".join(f"COALESCE(SUM(n) FILTER (WHERE bucket = {number}), 0)" for number in range(histogram.SIZE))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO kpis_queueday (day, queue_id, channel, team_id, {histogram_column})
            SELECT day, queue_id, channel, team_id, ARRAY[{counts}]::int[]
            FROM (SELECT day, queue_id, channel, team_id, bucket, COUNT(*) AS n
                  FROM kpis_queueslot, unnest({buckets}) AS bucket
                  WHERE day BETWEEN %s AND %s
                  GROUP BY day, queue_id, channel, team_id, bucket) AS counted
            GROUP BY day, queue_id, channel, team_id
            """,  # noqa: S608
            [period.start, period.end],
        )


def _insert(rollup: Any, rows: QuerySet, keys: dict[str, Any], values: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
    """INSERT … SELECT: ``rows`` grouped by ``keys``, with ``values``, into the columns of these names."""
    named_keys = {f"key_{name}": path for name, path in keys.items()}
    named_values = {f"value_{name}": value for name, value in values.items()}
    grouped = rows.order_by().annotate(**named_keys).values(*named_keys).annotate(**named_values)
    sql, params = grouped.values_list(*named_keys, *named_values).query.sql_with_params()
    columns = ", ".join(rollup._meta.get_field(name).column for name in (*keys, *values))
    return f"INSERT INTO {rollup._meta.db_table} ({columns}) {sql}", params
