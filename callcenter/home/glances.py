"""Tiles, each with what else is said of the same KPI: the last days, another period, the team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from callcenter.home.days import is_too_early, matures, recent_days, settled
from kpis.dashboards.board import Board
from kpis.dashboards.tiles import Tile, tiles
from kpis.definitions import KPIS
from kpis.measure import Reading
from kpis.text import format_period, format_sample, format_value
from kpis.verdict import Verdict, verdict

TILES = 6


@dataclass(frozen=True)
class Line:
    """One more value of a tile's KPI, with its name, and whether it meets the target.

    ``few`` is the sample in words where it is too small to judge the value; "" elsewhere.
    """

    name: str
    text: str
    verdict: Verdict | None = None
    few: str = ""


@dataclass(frozen=True)
class Glance:
    """A tile, a note where it shows another period than its neighbours, and the lines under it."""

    tile: Tile
    note: str = ""
    lines: list[Line] = field(default_factory=list)

    @property
    def is_of_the_week_before(self) -> bool:
        """Whether it shows the week before its neighbours', whose contacts have matured."""
        return bool(self.note)


def glances(board: Board, keys: Sequence[str], lines: Mapping[str, list[Line]]) -> list[Glance]:
    """The first of the KPIs that have something to show, with the lines of each.

    What matures is taken from the week before: of the last week nearly nothing is known yet.
    """
    shown = _measured(board, keys)
    early = [key for key in shown if is_too_early(KPIS[key], board)]
    settled_by_now = [key for key in shown if key not in early]
    found = {tile.kpi.key: Glance(tile, lines=lines.get(tile.kpi.key, [])) for tile in tiles(board, settled_by_now)}
    if early:
        before = settled(board, early)
        note = format_period(before.selection.period)
        found |= {tile.kpi.key: Glance(tile, note) for tile in tiles(before, early)}
    return [found[key] for key in shown]


def _measured(board: Board, keys: Sequence[str]) -> list[str]:
    """The first KPIs with a value; where there are too few of them, those without one say why."""
    known = [key for key in keys if key in board.now]
    with_value = [key for key in known if board.now[key].n or matures(KPIS[key])]
    chosen = {*(with_value + [key for key in known if key not in with_value])[:TILES]}
    return [key for key in keys if key in chosen]


def lines_of_days(board: Board, keys: Sequence[str]) -> dict[str, list[Line]]:
    """What each KPI was on the last day or two, from the same days as the trend in its tile."""
    reach = board.selection.reach
    if reach is None:
        return {}
    kpis = [KPIS[key] for key in keys if not matures(KPIS[key])]
    board.foresee(KPIS[key] for key in keys)
    course = board.course(kpis)
    return {
        kpi.key: [line_of(board, name, course[kpi.key].get(day)) for name, day in recent_days(reach)] for kpi in kpis
    }


def without_sparks(found: list[Glance]) -> list[Glance]:
    """The same without the trend in the tile: one person's days are too few and far between for a line."""
    return [replace(glance, tile=replace(glance.tile, spark=None)) for glance in found]


def line_of(board: Board, name: str, reading: Reading | None) -> Line:
    """A reading as a line; "–" where nothing was measured."""
    if reading is None or reading.value is None:
        return Line(name, "–")
    target = board.targets.get(reading.kpi.key)
    text = format_value(reading.kpi, reading.value, beside=target.value if target else None)
    if reading.is_small:
        return Line(name, text, few=format_sample(reading.kpi, reading.n))
    return Line(name, text, verdict(reading, target))
