"""The hours of the week in which a KPI is lost: the half-hours of one weekday that carry most of the loss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kpis.dashboards.board import Board
from kpis.kpi import Better, Kpi, Spread
from kpis.measure import Reading
from kpis.reading import together
from kpis.statistics import wilson, z_among
from kpis.text import format_step
from people.models import Queue

FEWEST = 2
# What a stretch loses is told of the shortest part of it that carries so much: the half-hours about it only lose a bit.
MOST_OF_IT = 2 / 3


@dataclass(frozen=True)
class HotSpot:
    """Half-hours of one weekday, from ``first`` to ``last``, with their value and sample.

    ``open_slots`` counts the half-hours of that weekday in which anything was measured; ``whole`` is the value of all
    weekdays and hours; ``queue`` is the one it was looked for in, None for all of the board.
    """

    weekday: int
    first: int
    last: int
    value: float
    n: int
    open_slots: int
    whole: float
    target: float
    queue: Queue | None

    @property
    def when(self) -> str:
        """The weekday and the hours, by the clock of the site, such as Monday 9:30–11:00."""
        hours = f"{format_step('slot', self.first)}–{format_step('slot', self.last + 1)}"
        return f"{format_step('weekday', self.weekday)} {hours}"

    @property
    def slots(self) -> range:
        """Its half-hours."""
        return range(self.first, self.last + 1)


def hot_spot(board: Board, kpi: Kpi, target: float, *, queue: Queue | None = None) -> HotSpot | None:
    """Where most is lost against the target: in two or more half-hours that surely miss it, worse than the whole.

    For a share of contacts, of all of the board or of one ``queue``. A cell counts where its interval lies wholly on
    the wrong side of both; the intervals are as much wider than 95 % as so many looks at chance ask for (Bonferroni),
    for the worst of hundreds is always bad. Of the neighbouring half-hours that lose most together, the shortest part
    is told that carries two thirds of it.
    """
    if kpi.spread is not Spread.WILSON or not board.can(kpi, "weekday", "slot"):
        return None
    only = {"queue": [queue.pk]} if queue else None
    readings = board.read([kpi], "weekday", "slot", only=only)
    return board.once(("hot spot", kpi.key, target, queue), lambda: _hot_spot(kpi, target, queue, readings))


def _hot_spot(kpi: Kpi, target: float, queue: Queue | None, readings: Sequence[Reading]) -> HotSpot | None:
    whole = together(kpi, readings)
    judged = [reading for reading in readings if not reading.is_small and reading.top is not None]
    if not judged or whole is None:
        return None
    sign = 1 if kpi.better is Better.HIGHER else -1
    bound = min(sign * target, sign * whole)
    z = z_among(len(judged))
    hot = {
        (reading.at["weekday"], reading.at["slot"]): reading
        for reading in judged
        if (limits := wilson(float(reading.top or 0), float(reading.bottom or 0), z))
        and max(sign * end for end in limits) < bound
    }
    stretches = [stretch for stretch in _stretches(hot) if len(stretch) >= FEWEST]
    worst = max(stretches, key=lambda stretch: _lost(stretch, target), default=None)
    if worst is None:
        return None
    core = _core(worst, target)
    weekday = core[0].at["weekday"]
    is_open = [reading.at["weekday"] == weekday and reading.n > 0 for reading in readings]
    return HotSpot(
        weekday,
        core[0].at["slot"],
        core[-1].at["slot"],
        together(kpi, core) or 0.0,
        sum(reading.n for reading in core),
        sum(is_open),
        whole,
        target,
        queue,
    )


def _lost(stretch: Sequence[Reading], target: float) -> float:
    """How many contacts are missing to the target."""
    return sum(abs(target - (reading.value or 0.0)) * reading.n for reading in stretch)


def _core(stretch: Sequence[Reading], target: float) -> Sequence[Reading]:
    """The shortest part of a stretch that carries most of its loss; of several the one that carries more."""
    enough = MOST_OF_IT * _lost(stretch, target)
    parts = [
        part
        for length in range(FEWEST, len(stretch) + 1)
        for start in range(len(stretch) - length + 1)
        if _lost(part := stretch[start : start + length], target) >= enough
    ]
    return min(parts, key=lambda part: (len(part), -_lost(part, target)))


def _stretches(hot: dict[tuple[int, int], Reading]) -> Iterator[list[Reading]]:
    """Neighbouring half-hours of one weekday."""
    for place in sorted(hot):
        weekday, slot = place
        if (weekday, slot - 1) in hot:
            continue
        stretch = []
        while (weekday, slot) in hot:
            stretch.append(hot[weekday, slot])
            slot += 1
        yield stretch
