"""The buckets in which durations are counted: fixed and log-spaced, so that the histograms of any groups add up.

Four buckets to each doubling from 1 s to 2^18 s (three days). A contact keeps the buckets of its times beside
them, since finding one costs more than adding up a dozen columns.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Func, SmallIntegerField

BUCKETS_PER_DOUBLING = 4
DOUBLINGS = 18
# The database has them too, in its function `duration_bucket` (interactions/migrations/0004). Other edges need a
# migration with a new function, contacts rewritten under it, and all KPIs computed anew.
EDGES: tuple[float, ...] = tuple(
    round(2 ** (step / BUCKETS_PER_DOUBLING), 6) for step in range(BUCKETS_PER_DOUBLING * DOUBLINGS + 1)
)


def bucket_of(seconds: Any) -> Func:
    """SQL for the bucket of a duration in seconds: 0 below the first edge, the number of edges from the last one on."""
    return Func(seconds, function="duration_bucket", output_field=SmallIntegerField())
