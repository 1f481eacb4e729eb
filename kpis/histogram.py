"""Mergeable histograms over the buckets of interactions/buckets.py, for percentiles that any roll-up can give.

A percentile is at most 19 % and, being interpolated within its bucket, usually less than 3 % away from the
exact one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from interactions.buckets import EDGES

# One bucket below the first edge (under a second) and one from the last edge on.
SIZE = len(EDGES) + 1


def bounds(bucket: int) -> tuple[float, float]:
    """The lower and upper edge of a bucket, seconds; the last one is taken to end a doubling later."""
    low = EDGES[bucket - 1] if bucket else 0.0
    high = EDGES[bucket] if bucket < len(EDGES) else EDGES[-1] * 2
    return low, high


def percentile(counts: Sequence[int], share: float) -> float | None:
    """The value in seconds below which ``share`` (0–1) of the counted values lie; None for an empty histogram.

    Geometric interpolation within the bucket, linear in the first.
    """
    total = sum(counts)
    if not total:
        return None
    rank, below = share * total, 0
    for bucket, count in enumerate(counts):
        if count and below + count >= rank:
            low, high = bounds(bucket)
            part = (rank - below) / count
            return high * part if low == 0 else low * math.pow(high / low, part)
        below += count
    return bounds(len(counts) - 1)[1]
