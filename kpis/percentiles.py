"""Reads mergeable histograms from the roll-ups: counted per bucket in `QueueDay`, as lists in the finer ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Func, QuerySet, SmallIntegerField, Sum

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


def _summed(what: str, rows: QuerySet, names: list[str]) -> dict[Key, list[int]]:
    sums = {f"bucket_{number}": Sum(F(f"{what}_histogram__{number}")) for number in range(histogram.SIZE)}
    groups = rows.values(*names).annotate(**sums) if names else [rows.aggregate(**sums)]
    return {tuple(group[name] for name in names): [group[bucket] or 0 for bucket in sums] for group in groups}


def _listed(what: str, rows: QuerySet, names: list[str]) -> dict[Key, list[int]]:
    bucket = Func(F(f"{what}_buckets"), function="unnest", output_field=SmallIntegerField())
    found: dict[Key, list[int]] = {}
    for group in rows.annotate(bucket=bucket).values(*names, "bucket").annotate(contacts=Count("*")):
        key = tuple(group[name] for name in names)
        found.setdefault(key, [0] * histogram.SIZE)[group["bucket"]] += group["contacts"]
    return found
