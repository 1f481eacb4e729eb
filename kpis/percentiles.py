"""Reads mergeable histograms from the roll-ups: counted per bucket in `QueueDay`, as lists in the finer ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Aggregate, BigIntegerField, Count, F, Func, QuerySet, SmallIntegerField

from kpis import histogram
from kpis.models import AgentDay, QueueDay, QueueSlot

Key = tuple[Any, ...]

KEPT_IN: dict[str, tuple[Any, ...]] = {
    "wait": (QueueDay, QueueSlot),
    "handle": (QueueDay, QueueSlot, AgentDay),
}


def counts(what: str, rows: QuerySet, names: Iterable[str]) -> dict[Key, list[int]]:
    """The histogram of "wait" or "handle" over roll-up rows, for each group of the annotations ``names``."""
    return _summed(what, rows, list(names)) if rows.model is QueueDay else _listed(what, rows, list(names))


class Merged(Aggregate):
    """Histograms added up bucket by bucket, as one expression: seventy of them would take long to compile."""

    template = "ARRAY[{}]".format(
        ", ".join(f"COALESCE(SUM((%(expressions)s)[{bucket + 1}]), 0)" for bucket in range(histogram.SIZE))
    )
    output_field = ArrayField(BigIntegerField())


def _summed(what: str, rows: QuerySet, names: list[str]) -> dict[Key, list[int]]:
    merged = Merged(f"{what}_histogram")
    groups = rows.values(*names).annotate(merged=merged) if names else [rows.aggregate(merged=merged)]
    return {tuple(group[name] for name in names): group["merged"] for group in groups}


def _listed(what: str, rows: QuerySet, names: list[str]) -> dict[Key, list[int]]:
    bucket = Func(F(f"{what}_buckets"), function="unnest", output_field=SmallIntegerField())
    found: dict[Key, list[int]] = {}
    for group in rows.annotate(bucket=bucket).values(*names, "bucket").annotate(contacts=Count("*")):
        key = tuple(group[name] for name in names)
        found.setdefault(key, [0] * histogram.SIZE)[group["bucket"]] += group["contacts"]
    return found
