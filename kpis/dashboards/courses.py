"""The course of one KPI for each row of a table: a small line, and the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kpis.dashboards.board import Board
from kpis.dashboards.tiles import Spark, spark_of
from kpis.kpi import Kpi
from kpis.measure import Reading
from kpis.text import format_step, format_value

# More rows than these have no courses: each is a reading for every step of the period.
MOST_MEMBERS = 50


@dataclass(frozen=True)
class Course:
    """A line, and what it shows for who hears the page."""

    spark: Spark
    told: str


def courses(board: Board, kpi: Kpi, dimension: str, members: Sequence[int]) -> dict[int, Course]:
    """Member → course over the period, in one reading for all of them; none for too many or where it has no steps."""
    step = board.selection.step
    starts = board.selection.period.steps(step)
    if not members or len(members) > MOST_MEMBERS or not board.can(kpi, dimension, step):
        return {}
    found: dict[int, dict[object, Reading]] = {}
    for reading in board.read([kpi], dimension, step, only={dimension: members}):
        found.setdefault(reading.at[dimension], {})[reading.at[step]] = reading
    lines = {member: [steps.get(start) for start in starts] for member, steps in found.items()}
    return {
        member: Course(spark, _told(kpi, step, line))
        for member, line in lines.items()
        if (spark := spark_of(line)) is not None
    }


def _told(kpi: Kpi, step: str, line: Sequence[Reading | None]) -> str:
    """Where it begins and ends, and its lowest and highest."""
    known = [reading for reading in line if reading and reading.value is not None]
    low, high = min(known, key=lambda one: one.value or 0), max(known, key=lambda one: one.value or 0)
    words = {"first": known[0], "last": known[-1], "low": low, "high": high}
    return _("first %(first)s, last %(last)s, lowest %(low)s, highest %(high)s") % {
        name: f"{format_value(kpi, reading.value)} ({format_step(step, reading.at[step])})"
        for name, reading in words.items()
    }
