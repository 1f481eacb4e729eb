"""Teams side by side against their targets, those most in need first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from callcenter.home.days import is_too_early, settled
from interactions.text import format_number
from kpis.dashboards.board import Board
from kpis.dashboards.labels import DIMENSION_NAMES, Labels
from kpis.dashboards.parts import Cell, Part
from kpis.definitions import KPIS
from kpis.kpi import Kpi
from kpis.measure import Reading
from kpis.targets import Goal
from kpis.text import format_period
from kpis.verdict import verdict

# Home is read before the shift, not worked through.
MOST_ROWS = 30
LEADING = ("service_level", "average_handle_time", "first_contact_resolution", "csat")


@dataclass(frozen=True)
class TeamCell(Cell):
    """One team's reading of one KPI, whether it meets the team's target, and how far it is from it."""

    miss: float = 0  # in parts of the target; 0 where it is met or cannot be judged


@dataclass(frozen=True)
class TeamRow:
    """A team with one cell for each KPI."""

    team: int
    name: str
    url: str
    cells: list[TeamCell]

    @property
    def need(self) -> tuple[int, float]:
        """Sorts the teams: by the number of targets missed beyond chance, then by how far all are missed."""
        missed = [cell for cell in self.cells if cell.verdict and cell.verdict.tone == "bad"]
        return len(missed), sum(cell.miss for cell in self.cells)


@dataclass(frozen=True)
class Comparison:
    """The table: its KPIs, its rows, and the readings as they are downloaded."""

    part: Part
    kpis: list[Kpi]
    rows: list[TeamRow]


def compare_teams(
    board: Board, *, key: str, title: str, kpis: Sequence[str] = LEADING, only: Sequence[int] | None = None
) -> Comparison:
    """One row for each team that measured anything in the selection (of ``only`` these)."""
    readings, notes = _readings(board, [KPIS[name] for name in kpis], only)
    labels = Labels(board.viewer, board.selection, readings)
    found: dict[int, dict[str, Reading]] = {}
    for reading in readings:
        found.setdefault(reading.at["team"], {})[reading.kpi.key] = reading
    targets = board.every_target.of_each("team", found.keys())
    shown = [KPIS[name] for name in kpis if any(name in cells for cells in found.values())]
    rows = [
        TeamRow(
            team,
            labels.name("team", team),
            labels.url("team", team),
            [_cell(cells.get(kpi.key), targets[team].get(kpi.key)) for kpi in shown],
        )
        for team, cells in found.items()
    ]
    rows.sort(key=lambda row: row.name.casefold())
    rows.sort(key=lambda row: row.need, reverse=True)
    if len(rows) > MOST_ROWS:
        words = {"shown": format_number(MOST_ROWS), "all": format_number(len(rows))}
        notes.append(_("the first %(shown)s of %(all)s; the CSV has them all") % words)
    part = Part(key, title, readings, labels, ("team",), " · ".join(notes), head=str(DIMENSION_NAMES["team"]))
    return Comparison(part, shown, rows[:MOST_ROWS])


def _readings(board: Board, kpis: list[Kpi], only: Sequence[int] | None) -> tuple[list[Reading], list[str]]:
    """By team; what matures comes from the week before, and a note says so."""
    within = None if only is None else {"team": only}
    early = [kpi for kpi in kpis if is_too_early(kpi, board)]
    readings = [*board.read([kpi for kpi in kpis if kpi not in early], "team", only=within)]
    notes = [_("most in need first")]
    if early:
        before = settled(board, [kpi.key for kpi in early])
        readings += before.read(early, "team", only=within)
        words = {"kpi": early[0].name, "period": format_period(before.selection.period)}
        notes.append(_("%(kpi)s: %(period)s, as later contacts still mature") % words)
    return [reading for reading in readings if reading.at["team"] is not None], notes


def _cell(reading: Reading | None, target: Goal | None) -> TeamCell:
    if reading is None:
        return TeamCell(None)
    judged = verdict(reading, target)
    if target is None or reading.value is None or judged is None or judged.tone in ("good", ""):
        return TeamCell(reading, judged, target)
    miss = abs(reading.value - target.value) / abs(target.value) if target.value else 0
    return TeamCell(reading, judged, target, miss)
