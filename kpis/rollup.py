"""Writes the roll-ups. Everything is pushed down into PostgreSQL; rows never travel through Python.

One day is one transaction: take the day's lock, delete what was written, insert anew. Run it twice, on
two workers, or kill it half-way: the result is the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateField,
    F,
    FloatField,
    Func,
    IntegerField,
    Max,
    Sum,
    Value,
)
from django.db.models.functions import Cast

from interactions.models import DirtyDay
from kpis import adherence, histogram
from kpis.facts import FACTS
from kpis.horizon import horizon
from kpis.kpi import Fact
from kpis.models import AgentDay, QueueDay, QueueSlot
from kpis.period import Period
from kpis.tallies import HANDLE, OFFERED_ANSWERED, tallies_of

LOCK_SPACE = 7_301  # advisory locks of roll-ups: (this, day number)


@transaction.atomic
def roll_up_day(day: dt.date, run_id: int) -> None:
    """Compute one business day from its facts and clear the marks that this run or an earlier one claimed.

    Without such a mark another run has computed the day already, and there is nothing to do.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, day.toordinal()])
    cleared, _ = DirtyDay.objects.filter(day=day, claimed_by__lte=run_id).delete()
    if not cleared:
        return
    adherence.refresh(day)
    reach = horizon()
    for rollup in (QueueSlot, QueueDay, AgentDay):
        rollup.objects.filter(day=day)._raw_delete(using=connection.alias)
    _write_facts(QueueSlot, day, reach, QueueSlot.facts)
    _sum_slots_into_days(day)
    _write_facts(QueueDay, day, reach, [fact for fact in QueueDay.facts if fact not in QueueSlot.facts])
    _write_facts(AgentDay, day, reach, AgentDay.facts)
    _write_histogram(QueueDay, "wait_histogram", Fact.OFFERED, F("wait_seconds"), day)
    _write_histogram(QueueDay, "handle_histogram", Fact.HANDLED, HANDLE, day)
    _write_histogram(AgentDay, "handle_histogram", Fact.HANDLED, HANDLE, day)


def _write_facts(rollup: Any, day: dt.date, reach: dt.date | None, facts: Iterable[Fact]) -> None:
    for fact in facts:
        keys = _keys(rollup, fact, day)
        sums = {f"sum_{tally.key}": tally.expression() for tally in tallies_of(fact)}
        rows = FACTS[fact].rows(Period(day, day), reach)
        summed = rows.annotate(**keys).values(*keys).annotate(**sums).values_list(*keys, *sums)
        _upsert(rollup, [tally.key for tally in tallies_of(fact)], *summed.query.sql_with_params())


def _sum_slots_into_days(day: dt.date) -> None:
    keys = {f"key_{name}": F(name) for name in QueueDay.dimensions}
    sums = {f"sum_{tally.key}": (Max if tally.is_maximum else Sum)(tally.key) for tally in QueueSlot.tallies}
    slots = QueueSlot.objects.filter(day=day).order_by().annotate(**keys).values(*keys)
    summed = slots.annotate(**sums).values_list(*keys, *sums)
    _upsert(QueueDay, [tally.key for tally in QueueSlot.tallies], *summed.query.sql_with_params())


def _write_histogram(rollup: Any, column: str, fact: Fact, seconds: Any, day: dt.date) -> None:
    keys = _keys(rollup, fact, day)
    bucket = WidthBucket(Cast(seconds, FloatField()), Value(list(histogram.EDGES), ArrayField(FloatField())))
    rows = FACTS[fact].rows(Period(day, day), None)
    if fact is Fact.OFFERED:
        rows = rows.filter(OFFERED_ANSWERED)
    counted = rows.annotate(**keys, bucket=bucket).values(*keys, "bucket").annotate(n=Count("pk"))
    sql, params = counted.values_list(*keys, "bucket", "n").query.sql_with_params()
    names = ", ".join(f"k{number}" for number in range(len(keys)))
    counts = ", ".join(f"COALESCE(SUM(n) FILTER (WHERE bucket = {number}), 0)" for number in range(histogram.SIZE))
    gathered = f"SELECT {names}, ARRAY[{counts}]::int[] FROM ({sql}) AS counted ({names}, bucket, n) GROUP BY {names}"  # noqa: S608
    _upsert(rollup, [column], gathered, params)


class WidthBucket(Func):
    """``width_bucket(value, edges)``: 0 below the first edge, the number of edges from the last one on."""

    function = "width_bucket"
    output_field = IntegerField()


def _keys(rollup: Any, fact: Fact, day: dt.date) -> dict[str, Any]:
    """What to group by, for each dimension of the roll-up; one that the fact lacks stays empty."""
    paths = FACTS[fact].paths | {"day": Value(day, DateField())}
    empty = {"queue": Value(None, BigIntegerField()), "channel": Value("", CharField())}
    return {f"key_{name}": paths.get(name, empty.get(name)) for name in rollup.dimensions}


def _upsert(rollup: Any, columns: list[str], sql: str, params: Sequence[Any]) -> None:
    """INSERT what the query gives: the roll-up's dimensions, then these columns."""
    quote = connection.ops.quote_name
    dimensions = [quote(rollup._meta.get_field(name).column) for name in rollup.dimensions]
    named = [quote(column) for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(rollup._meta.db_table)} ({', '.join(dimensions + named)}) {sql} "
            f"ON CONFLICT ({', '.join(dimensions)}) DO UPDATE SET "
            + ", ".join(f"{column} = EXCLUDED.{column}" for column in named),
            params,
        )
