"""Tiles: a KPI's value with target, change, trend and sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from kpis.dashboards.board import Board
from kpis.definitions import KPIS
from kpis.kpi import Kpi, Sample
from kpis.measure import Reading
from kpis.text import format_between, format_change, format_sample, format_target, format_value
from kpis.verdict import Verdict, verdict

# Which tiles a page shows, in this order, as far as its selection has them.
CENTRE = (
    "contacts_offered",
    "contacts_handled",
    "service_level",
    "average_speed_of_answer",
    "abandonment_rate",
    "average_handle_time",
    "first_contact_resolution",
    "csat",
)
AGENT = (
    "contacts_handled",
    "average_handle_time",
    "handle_p90",
    "first_contact_resolution",
    "csat",
    "transfer_rate",
    "occupancy",
    "adherence",
)

WIDTH, HEIGHT, EDGE = 100, 28, 3


@dataclass(frozen=True)
class Change:
    """The difference to the comparison period, and whether it is good for this KPI."""

    text: str
    word: str
    tone: str  # good, bad or flat


@dataclass(frozen=True)
class Spark:
    """A trend without axes: lines of points in a box of 100 × 28; gaps part the lines."""

    lines: list[str]
    last: tuple[float, float] | None


@dataclass(frozen=True)
class Tile:
    """What one tile says."""

    kpi: Kpi
    reading: Reading
    url: str
    text: str
    why_nothing: str
    verdict: Verdict | None
    change: Change | None
    target: str
    sample: str
    interval: str
    spark: Spark | None
    provisional: str

    @property
    def is_pale(self) -> bool:
        """Whether too little stands behind the value."""
        return self.reading.is_small


def tiles(board: Board, keys: Sequence[str]) -> list[Tile]:
    """A tile for each of the KPIs that the selection has."""
    starts = board.selection.period.steps(board.selection.step)
    steps = board.course([KPIS[key] for key in keys])
    found = {key: [steps.get(key, {}).get(start) for start in starts] for key in keys}
    return [_tile(board, board.now[key], found[key]) for key in keys if key in board.now]


def _tile(board: Board, reading: Reading, course: list[Reading | None]) -> Tile:
    kpi = reading.kpi
    target = board.targets.get(kpi.key)
    beside = target.value if target else None
    return Tile(
        kpi,
        reading,
        url=f"{reverse('kpis:kpi_detail', args=[kpi.key])}?{board.selection.query}",
        text=format_value(kpi, reading.value, beside=beside),
        why_nothing=why_nothing(reading) if reading.value is None else "",
        verdict=verdict(reading, target),
        change=change(reading, board.before.get(kpi.key)),
        target=_("Target %(target)s") % {"target": format_target(kpi, target.value, beside=reading.value)}
        if target
        else "",
        sample=format_sample(kpi, reading.n) if reading.value is not None and (kpi.bottom or kpi.percentile) else "",
        interval=format_between(kpi, reading.interval),
        spark=spark_of(course),
        provisional=format_value(kpi, reading.provisional) if reading.is_maturing else "",
    )


def why_nothing(reading: Reading) -> str:
    """Why there is no value."""
    if reading.is_maturing:
        return _("all contacts are still maturing")
    return {
        Sample.CONTACTS: _("no contacts"),
        Sample.ANSWERS: _("no answers"),
        Sample.TICKETS: _("no tickets"),
        Sample.SECONDS: _("no time recorded"),
    }[reading.kpi.sample]


def change(reading: Reading, before: Reading | None) -> Change | None:
    """The difference to the comparison, if both have a value."""
    if before is None or before.value is None or reading.value is None:
        return None
    kpi, difference = reading.kpi, reading.value - before.value
    text = format_change(kpi, difference, of=before.value)
    is_good = kpi.is_gain(difference)
    if is_good is None or text.startswith("±") or reading.is_small or before.is_small:
        return Change(text, "", "flat")
    return Change(text, _("better") if is_good else _("worse"), "good" if is_good else "bad")


def spark_of(found: Sequence[Reading | None]) -> Spark | None:
    """The line of a course; None where fewer than three of its steps have a value."""
    values = [reading.value if reading else None for reading in found]
    known = [value for value in values if value is not None]
    if len(known) < 3:
        return None
    low, high = min(known), max(known)

    def place(number: int, value: float) -> tuple[float, float]:
        x = EDGE + number * (WIDTH - 2 * EDGE) / (len(values) - 1)
        share = (value - low) / (high - low) if high > low else 0.5
        return round(x, 1), round(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE), 1)

    lines: list[list[str]] = [[]]
    last = None
    for number, value in enumerate(values):
        if value is None:
            lines.append([])
            continue
        last = place(number, value)
        lines[-1].append(f"{last[0]},{last[1]}")
    return Spark([" ".join(line) for line in lines if line], last)
