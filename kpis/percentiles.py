"""Reads mergeable histograms from the roll-ups: counted per bucket by day, as lists in the finer ones."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Aggregate, BigIntegerField, Count, F, Func, QuerySet, SmallIntegerField

from kpis import histogram
from kpis.models import AgentDay, CentreDay, QueueDay, QueueSlot

Key = tuple[Any, ...]

KEPT_IN: dict[str, tuple[Any, ...]] = {
    "wait": (CentreDay, QueueDay, QueueSlot),
    "handle": (CentreDay, QueueDay, QueueSlot, AgentDay),
}
SUMMED_IN = (CentreDay, QueueDay)


class Merged(Aggregate):
    """Histograms added up bucket by bucket, as one expression: seventy of them would take long to compile."""

    template = "ARRAY[{}]".format(
        ", ".join(f"COALESCE(SUM((%(expressions)s)[{bucket + 1}]), 0)" for bucket in range(histogram.SIZE))
    )
    output_field = ArrayField(BigIntegerField())


def summed(what: str) -> Merged:
    """The histogram of "wait" or "handle" over rows of `SUMMED_IN`, to be read together with their sums."""
    return Merged(f"{what}_histogram")


def listed(what: str, rows: QuerySet, names: list[str]) -> dict[Key, list[int]]:
    """The same over rows of a finer roll-up, for each group of the annotations ``names``."""
    bucket = Func(F(f"{what}_buckets"), function="unnest", output_field=SmallIntegerField())
    found: dict[Key, list[int]] = {}
    for group in rows.annotate(bucket=bucket).values(*names, "bucket").annotate(contacts=Count("*")):
        key = tuple(group[name] for name in names)
        found.setdefault(key, [0] * histogram.SIZE)[group["bucket"]] += group["contacts"]
    return found
