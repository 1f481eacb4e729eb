"""The buckets in which durations are counted: fixed and log-spaced, so that the histograms of any groups add up.

Four buckets to each doubling from 1 s to 2^18 s (three days). A contact keeps the buckets of its times beside
them, since finding one costs more than adding up a dozen columns.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import FloatField, Func, SmallIntegerField, Value
from django.db.models.functions import Cast

BUCKETS_PER_DOUBLING = 4
DOUBLINGS = 18
EDGES: tuple[float, ...] = tuple(
    round(2 ** (step / BUCKETS_PER_DOUBLING), 6) for step in range(BUCKETS_PER_DOUBLING * DOUBLINGS + 1)
)


class Bucket(Func):
    """The bucket of a duration in seconds: 0 below the first edge, the number of edges from the last one on."""

    function = "width_bucket"
    template = "%(function)s(%(expressions)s)::smallint"
    output_field = SmallIntegerField()

    def __init__(self, seconds: Any) -> None:
        super().__init__(Cast(seconds, FloatField()), Value(list(EDGES), ArrayField(FloatField())))
