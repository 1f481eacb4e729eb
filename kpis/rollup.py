"""Writes the roll-ups. Everything is pushed down into PostgreSQL; rows never travel through Python.

One day is one transaction: take the day's lock, delete what was written, insert anew. Run it twice, on
two workers, or kill it half-way: the result is the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import DateField, F, FloatField, Func, Max, QuerySet, SmallIntegerField, Sum, Value
from django.db.models.functions import Cast

from interactions.models import DirtyDay
from kpis import adherence, histogram
from kpis.facts import FACTS
from kpis.horizon import horizon
from kpis.kpi import Fact
from kpis.models import AgentDay, QueueDay, QueueSlot
from kpis.period import Period
from kpis.tallies import ANSWERED_LIVE, HANDLE, tallies_of

LOCK_SPACE = 7_301  # advisory locks of roll-ups: (this, day number)


@transaction.atomic
def roll_up_day(day: dt.date, run_id: int) -> None:
    """Compute one business day from its facts and clear the marks that this run or an earlier one claimed.

    Without such a mark another run has computed the day already, and there is nothing to do.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, day.toordinal()])
        # Dozens of aggregates over one day: compiling them costs more than it saves, sorting on disk too.
        cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '64MB'")
    cleared, _ = DirtyDay.objects.filter(day=day, claimed_by__lte=run_id).delete()
    if not cleared:
        return
    adherence.refresh(day)
    reach = horizon()
    for rollup in (QueueSlot, QueueDay, AgentDay):
        rollup.objects.filter(day=day)._raw_delete(using=connection.alias)
    _sum_facts(QueueSlot, day, reach, QueueSlot.facts)
    _sum_facts(AgentDay, day, reach, AgentDay.facts)
    _sum_slots_into_days(day)
    _sum_facts(QueueDay, day, reach, [fact for fact in QueueDay.facts if fact not in QueueSlot.facts])


class Bucket(Func):
    """The histogram bucket of a duration: 0 below the first edge, the number of edges from the last one on."""

    function = "width_bucket"
    template = "%(function)s(%(expressions)s)::smallint"
    output_field = SmallIntegerField()

    def __init__(self, seconds: Any) -> None:
        super().__init__(Cast(seconds, FloatField()), Value(list(histogram.EDGES), ArrayField(FloatField())))


# What is kept of each contact besides the tallies: the buckets of its times.
BUCKETS: dict[Fact, dict[str, Any]] = {
    Fact.OFFERED: {"wait_buckets": ArrayAgg(Bucket(F("wait_seconds")), filter=ANSWERED_LIVE)},
    Fact.HANDLED: {"handle_buckets": ArrayAgg(Bucket(HANDLE))},
}


def _sum_facts(rollup: Any, day: dt.date, reach: dt.date | None, facts: Iterable[Fact]) -> None:
    given = {DAY: day, REACH: reach or dt.date.min}
    with connection.cursor() as cursor:
        for fact in facts:
            sql, params = _insert_of_facts(rollup, fact)
            cursor.execute(sql, [given.get(param, param) if isinstance(param, dt.date) else param for param in params])


# Stand-ins in a compiled statement for the day and the horizon. Compiling takes longer than running it on a small day.
DAY, REACH = dt.date(2, 2, 2), dt.date(3, 3, 3)


@cache
def _insert_of_facts(rollup: Any, fact: Fact) -> tuple[str, tuple[Any, ...]]:
    layout = FACTS[fact]
    keys = {name: path for name, path in layout.paths.items() if name in rollup.dimensions}
    kept = {name: value for name, value in BUCKETS.get(fact, {}).items() if hasattr(rollup, name)}
    values = {tally.key: tally.expression() for tally in tallies_of(fact)} | kept
    return _insert(rollup, layout.rows(Period(DAY, DAY), REACH), keys | {"day": Value(DAY, DateField())}, values)


def _sum_slots_into_days(day: dt.date) -> None:
    """QueueDay from QueueSlot, the lists of buckets counted."""
    sql, params = _insert_of_slots()
    with connection.cursor() as cursor:
        cursor.execute(sql, [day if param == DAY else param for param in params])
    _count_buckets(day, "wait_buckets", "wait_histogram")
    _count_buckets(day, "handle_buckets", "handle_histogram")


@cache
def _insert_of_slots() -> tuple[str, tuple[Any, ...]]:
    keys = {name: F(name) for name in QueueDay.dimensions}
    sums = {tally.key: (Max if tally.is_maximum else Sum)(tally.key) for tally in QueueSlot.tallies}
    return _insert(QueueDay, QueueSlot.objects.filter(day=DAY), keys, sums)


def _count_buckets(day: dt.date, buckets: str, histogram_column: str) -> None:
    counts = ", ".join(f"COALESCE(SUM(n) FILTER (WHERE bucket = {number}), 0)" for number in range(histogram.SIZE))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO kpis_queueday (day, queue_id, channel, team_id, {histogram_column})
            SELECT day, queue_id, channel, team_id, ARRAY[{counts}]::int[]
            FROM (SELECT day, queue_id, channel, team_id, bucket, COUNT(*) AS n
                  FROM kpis_queueslot, unnest({buckets}) AS bucket
                  WHERE day = %s
                  GROUP BY day, queue_id, channel, team_id, bucket) AS counted
            GROUP BY day, queue_id, channel, team_id
            """,  # noqa: S608
            [day],
        )


def _insert(rollup: Any, rows: QuerySet, keys: dict[str, Any], values: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
    """INSERT … SELECT: ``rows`` grouped by ``keys``, with ``values``, into the columns of these names."""
    named_keys = {f"key_{name}": path for name, path in keys.items()}
    named_values = {f"value_{name}": value for name, value in values.items()}
    grouped = rows.order_by().annotate(**named_keys).values(*named_keys).annotate(**named_values)
    sql, params = grouped.values_list(*named_keys, *named_values).query.sql_with_params()
    columns = ", ".join(rollup._meta.get_field(name).column for name in (*keys, *values))
    return f"INSERT INTO {rollup._meta.db_table} ({columns}) {sql}", params
