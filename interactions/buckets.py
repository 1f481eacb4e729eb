"""The buckets in which durations are counted: fixed and log-spaced, so that the histograms of any groups add up.

Four buckets to each doubling from 1 s to 2^18 s (three days). A contact keeps the buckets of its times beside
them, since finding one costs more than adding up a dozen columns.
"""

from __future__ import annotations

from django.db.models import Func, SmallIntegerField

BUCKETS_PER_DOUBLING = 4
DOUBLINGS = 18
EDGES: tuple[float, ...] = tuple(
    round(2 ** (step / BUCKETS_PER_DOUBLING), 6) for step in range(BUCKETS_PER_DOUBLING * DOUBLINGS + 1)
)


# Behind a name of its own: PostgreSQL reads the expression of a generated column anew for every updated row, and
# seventy edges take longer to read than the row to write.
CREATE_FUNCTION = f"""
    CREATE FUNCTION duration_bucket(seconds numeric) RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN width_bucket(seconds::double precision, ARRAY{list(EDGES)}::double precision[])::smallint
"""
DROP_FUNCTION = "DROP FUNCTION duration_bucket(numeric)"


class Bucket(Func):
    """The bucket of a duration in seconds: 0 below the first edge, the number of edges from the last one on."""

    function = "duration_bucket"
    output_field = SmallIntegerField()
