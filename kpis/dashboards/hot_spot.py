"""The hours of the week in which a KPI is lost: the worst stretch of half-hours of a weekday."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from kpis.dashboards.board import Board
from kpis.kpi import Better, Kpi, Spread
from kpis.measure import Reading
from kpis.statistics import wilson
from kpis.text import format_step

CHANCE = 0.05
FEWEST = 2


@dataclass(frozen=True)
class HotSpot:
    """A stretch of half-hours of one weekday, from ``first`` to ``last``, with its value and sample."""

    weekday: int
    first: int
    last: int
    value: float
    n: int
    shortfall: float

    @property
    def when(self) -> str:
        """The weekday and the hours, by the clock of the site, such as Monday 9:30–11:00."""
        hours = f"{format_step('slot', self.first)}–{format_step('slot', self.last + 1)}"
        return f"{format_step('weekday', self.weekday)} {hours}"


def hot_spot(board: Board, kpi: Kpi, target: float) -> HotSpot | None:
    """The stretch that loses most against the target: two or more half-hours that surely miss it, worse than the whole.

    For a share of contacts. A cell counts where its interval lies wholly on the wrong side of both; the intervals are
    as much wider than 95 % as so many looks at chance ask for (Bonferroni), for the worst of hundreds is always bad.
    """
    return board.once(("hot spot", kpi.key, target), lambda: _hot_spot(board, kpi, target))


def _hot_spot(board: Board, kpi: Kpi, target: float) -> HotSpot | None:
    whole = board.now.get(kpi.key)
    if whole is None or whole.value is None or kpi.spread is not Spread.WILSON or not board.can(kpi, "weekday", "slot"):
        return None
    sign = 1 if kpi.better is Better.HIGHER else -1
    bound = min(sign * target, sign * whole.value)
    judged = [
        reading for reading in board.read([kpi], "weekday", "slot") if not reading.is_small and reading.top is not None
    ]
    if not judged:
        return None
    z = NormalDist().inv_cdf(1 - CHANCE / 2 / len(judged))
    hot = {
        (reading.at["weekday"], reading.at["slot"]): reading
        for reading in judged
        if (limits := wilson(float(reading.top or 0), float(reading.bottom or 0), z))
        and max(sign * end for end in limits) < bound
    }
    spots = [_spot(kpi, stretch, target) for stretch in _stretches(hot) if len(stretch) >= FEWEST]
    return max(spots, key=lambda spot: spot.shortfall, default=None)


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


def _spot(kpi: Kpi, stretch: Sequence[Reading], target: float) -> HotSpot:
    top, bottom = (
        sum(part or 0 for part in parts) for parts in zip(*((r.top, r.bottom) for r in stretch), strict=True)
    )
    value = kpi.value(top, bottom) or 0.0
    n = sum(reading.n for reading in stretch)
    at = stretch[0].at
    return HotSpot(at["weekday"], at["slot"], stretch[-1].at["slot"], value, n, abs(target - value) * n)
