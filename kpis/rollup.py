"""Writes the roll-ups. Everything is pushed down into PostgreSQL; rows never travel through Python.

A few days that follow each other are one transaction: take the days' locks, delete what was written, insert
anew. Run it twice, on two workers, or kill it half-way: the result is the same. Nothing of a day depends on
how many are computed with it; it only saves the fixed cost of some thirty statements.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection, transaction
from django.db.models import Aggregate, DateField, F, IntegerField, Max, Q, QuerySet, Sum, Value

from interactions.models import DirtyDay
from kpis import adherence, histogram
from kpis.facts import FACTS
from kpis.horizon import horizon
from kpis.kpi import Fact
from kpis.models import (
    ROLLUPS,
    TICKET_FACTS,
    AgentDay,
    CentreDay,
    CentreSlot,
    QueueDay,
    QueueSlot,
    ReasonDay,
    TeamDay,
)
from kpis.percentiles import KEPT_IN, SUMMED_IN, summed
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
        # Dozens of aggregates over a day: compiling them costs more than it saves, sorting on disk too. And sorting at
        # all: the planner takes the lists of buckets for thousands of times as large as they are.
        cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '64MB'; SET LOCAL hash_mem_multiplier = 1000")
    within = Q(day__range=(period.start, period.end))
    cleared, _ = DirtyDay.objects.filter(within, claimed_by__lte=run_id).delete()
    if not cleared:
        return
    adherence.refresh(period)
    reach = horizon()
    for rollup in ROLLUPS:
        rollup.objects.filter(within)._raw_delete(using=connection.alias)
    for fact in Fact:
        _sum_facts(fact, period, reach)
    _sum_slots_into_days(period)
    for rollup in ADDED_UP:
        _add_up(rollup, period)


# What is kept of each contact besides the tallies: the buckets of its times.
BUCKETS: dict[Fact, dict[str, Any]] = {
    Fact.OFFERED: {"wait_buckets": ArrayAgg("wait_bucket", filter=ANSWERED_LIVE)},
    Fact.HANDLED: {"handle_buckets": ArrayAgg("handle_bucket")},
}
# What is summed from the facts themselves; all else is added up from these.
SUMMED: dict[Any, tuple[Fact, ...]] = {
    QueueSlot: QueueSlot.facts,
    AgentDay: AgentDay.facts,
    ReasonDay: ReasonDay.facts,
    QueueDay: TICKET_FACTS,
}


def _sum_facts(fact: Fact, period: Period, reach: dt.date | None) -> None:
    sql, params = _insert_of_facts(fact)
    with connection.cursor() as cursor:
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


class LeftOut(Aggregate):
    """Which of the keys do not tell a row of sums apart: a bit for each, 1 for the last."""

    function = "GROUPING"
    output_field = IntegerField()


@cache
def _insert_of_facts(fact: Fact) -> tuple[str, tuple[Any, ...]]:
    """One pass over the facts: conditions and amounts are worked out once and summed by the keys of each roll-up."""
    layout = FACTS[fact]
    targets = [rollup for rollup, facts in SUMMED.items() if fact in facts]
    keys = {name: layout.paths[name] for rollup in targets for name in rollup.dimensions if layout.has(name)}
    if _is_level(fact):
        keys["day"] = Value(LAST, DateField())
    values = {tally.key: tally.expression() for tally in tallies_of(fact)} | BUCKETS.get(fact, {})
    sql, params = _grouped(layout.rows(STAND_INS, REACH), keys, {"left_out": LeftOut(*keys.values()), **values})
    select, _by_all = sql.rsplit(" GROUP BY ", 1)
    sets = ", ".join(_set(rollup, list(keys)) for rollup in targets)
    inserts = ", ".join(
        f"in_{rollup._meta.db_table} AS ({_insert_of_sums(rollup, keys, values)})" for rollup in targets
    )
    named = ", ".join((*keys, "left_out", *values))
    return f"WITH sums ({named}) AS MATERIALIZED ({select} GROUP BY GROUPING SETS ({sets})), {inserts} SELECT", params


def _set(rollup: Any, keys: list[str]) -> str:
    """The places of its keys in the list of all."""
    return "({})".format(", ".join(str(place) for place, name in enumerate(keys, 1) if name in rollup.dimensions))


def _insert_of_sums(rollup: Any, keys: Collection[str], values: Collection[str]) -> str:
    names = [name for name in keys if name in rollup.dimensions] + [name for name in values if hasattr(rollup, name)]
    left_out = sum(1 << place for place, name in enumerate(reversed(list(keys))) if name not in rollup.dimensions)
    return f"{_into(rollup, names)} SELECT {', '.join(names)} FROM sums WHERE left_out = {left_out}"  # noqa: S608


def _sum_slots_into_days(period: Period) -> None:
    """QueueDay from QueueSlot, the lists of buckets counted."""
    with connection.cursor() as cursor:
        cursor.execute(_insert_of_slots(), {"first": period.start, "last": period.end})


@cache
def _insert_of_slots() -> str:
    """One row for each key, whatever it holds: a page of a year reads no row twice."""
    keys = _columns(QueueDay, QueueDay.dimensions)
    tallies = ", ".join(tally.key for tally in QueueSlot.tallies)
    sums = ", ".join(f"{'MAX' if tally.is_maximum else 'SUM'}({tally.key})" for tally in QueueSlot.tallies)
    none = ", ".join("NULL" for _tally in QueueSlot.tallies)
    return f"""
        INSERT INTO kpis_queueday ({keys}, {tallies}, wait_histogram, handle_histogram)
        SELECT {keys}, {sums}, MAX(wait_histogram), MAX(handle_histogram)
        FROM (SELECT {keys}, {tallies}, NULL::int[] AS wait_histogram, NULL::int[] AS handle_histogram
              FROM kpis_queueslot WHERE day BETWEEN %(first)s AND %(last)s
              UNION ALL
              SELECT {keys}, {none}, counts, NULL FROM ({_counted(keys, "wait_buckets")}) AS waited
              UNION ALL
              SELECT {keys}, {none}, NULL, counts FROM ({_counted(keys, "handle_buckets")}) AS handled) AS part
        GROUP BY {keys}
        """  # noqa: S608


def _counted(keys: str, buckets: str) -> str:
    """How many contacts lie in each bucket."""
    counts = ", ".join(f"COALESCE(SUM(n) FILTER (WHERE bucket = {number}), 0)" for number in range(histogram.SIZE))
    return f"""
        SELECT {keys}, ARRAY[{counts}]::int[] AS counts
        FROM (SELECT {keys}, bucket, COUNT(*) AS n FROM kpis_queueslot, unnest({buckets}) AS bucket
              WHERE day BETWEEN %(first)s AND %(last)s GROUP BY {keys}, bucket) AS counted
        GROUP BY {keys}
        """  # noqa: S608


# What is added up from the rows of a finer roll-up, one after the other. Agents' time has no queue.
ADDED_UP: dict[Any, tuple[Any, Q]] = {
    TeamDay: (AgentDay, Q(queue__isnull=True)),
    CentreSlot: (QueueSlot, Q()),
    CentreDay: (QueueDay, Q()),
}


def _add_up(rollup: Any, period: Period) -> None:
    sql, params = _insert_of_finer(rollup)
    with connection.cursor() as cursor:
        cursor.execute(sql, _given(params, period))


@cache
def _insert_of_finer(rollup: Any) -> tuple[str, tuple[Any, ...]]:
    finer, condition = ADDED_UP[rollup]
    keys = {name: F(name) for name in rollup.dimensions}
    sums = {tally.key: (Max if tally.is_maximum else Sum)(tally.key) for tally in rollup.tallies}
    histograms = {f"{what}_histogram": summed(what) for what in KEPT_IN if rollup in SUMMED_IN}
    rows = finer.objects.filter(condition, day__range=(FIRST, LAST))
    sql, params = _grouped(rows, keys, sums | histograms)
    return f"{_into(rollup, (*keys, *sums, *histograms))} {sql}", params


def _grouped(rows: QuerySet, keys: dict[str, Any], values: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
    """A query of ``rows`` grouped by ``keys``, with ``values``: one column for each of both, in their order."""
    named_keys = {f"key_{name}": path for name, path in keys.items()}
    named_values = {f"value_{name}": value for name, value in values.items()}
    grouped = rows.order_by().annotate(**named_keys).values(*named_keys).annotate(**named_values)
    sql, params = grouped.values_list(*named_keys, *named_values).query.sql_with_params()
    return sql, params


def _into(rollup: Any, names: Iterable[str]) -> str:
    return f"INSERT INTO {rollup._meta.db_table} ({_columns(rollup, names)})"


def _columns(rollup: Any, names: Iterable[str]) -> str:
    return ", ".join(rollup._meta.get_field(name).column for name in names)
