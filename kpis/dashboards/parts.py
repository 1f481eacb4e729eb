"""The parts of a page: each is a chart or a table, with the readings it is made of, for its CSV."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from kpis import charts
from kpis.charts.house import is_unsure
from kpis.dashboards.board import Board, is_of_handled_work
from kpis.dashboards.labels import DIMENSION_NAMES, Labels
from kpis.definitions import KPIS
from kpis.dimensions import STEPS_OF_TIME
from kpis.kpi import Better, Kpi
from kpis.measure import Reading
from kpis.text import format_period

# What members are compared by: columns of their table, as far as they can be split so.
MEMBER_KPIS = (
    "contacts_offered",
    "contacts_handled",
    "service_level",
    "average_speed_of_answer",
    "abandonment_rate",
    "average_handle_time",
    "first_contact_resolution",
    "csat",
    "occupancy",
    "adherence",
)
ORDERED = {*STEPS_OF_TIME, "weekday", "slot"}
# A longer table is a list of its own, with pages and search.
MOST_ROWS = 100


@dataclass(frozen=True)
class Row:
    """A line of a table: what it is about, where that leads, and one reading per column."""

    name: str
    url: str
    readings: list[Reading | None]
    note: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table: its KPI, the address that sorts by it ("" for none), and how it is sorted now."""

    kpi: Kpi
    query: str = ""
    order: str = ""  # ascending, descending or "", as aria-sort wants it


@dataclass(frozen=True)
class Part:
    """A chart or a table, with its readings."""

    key: str
    title: str
    readings: list[Reading]
    labels: Labels
    by: tuple[str, ...]
    note: str = ""
    figure: dict[str, Any] | None = None
    rows: list[Row] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    head: str = ""
    size: str = ""

    @property
    def figure_id(self) -> str:
        """Where the page keeps the figure."""
        return f"figure-{self.key}"

    @property
    def figures(self) -> list[tuple[str, Reading]]:
        """Each reading with its name: the same as the chart, for the table beside it."""
        return [(self.labels.of(reading) or str(reading.kpi.name), reading) for reading in self.readings]


Make = Callable[[], Part]


def everything(board: Board) -> Part:
    """Every KPI of the selection: what the table of all KPIs shows."""
    readings = list(board.now.values())
    return Part("all", _("All KPIs"), readings, Labels(board.viewer, board.selection, ()), ())


def trend(board: Board, kpi: Kpi) -> Part:
    """The KPI over the period, step by step, with the comparison and the target."""
    selection = board.selection
    step = selection.step
    readings = board.read([kpi], step)
    before: list[Reading | None] = []
    if earlier := selection.comparison:
        found = {reading.at[step]: reading for reading in board.read([kpi], step, period=earlier)}
        before = [found.get(start) for start in earlier.steps(step)]
    target = board.targets.get(kpi.key)
    note = [_("grey: %(period)s") % {"period": format_period(earlier)}] if any(before) and earlier else []
    if any(reading.is_maturing for reading in readings):
        note.append(_("dotted: still maturing"))
    if any(reading.is_small and reading.value is not None for reading in readings):
        note.append(_("hollow: too few to judge"))
    figure = charts.trend(
        kpi,
        step,
        selection.period.steps(step),
        {reading.at[step]: reading for reading in readings},
        before=before,
        target=target.value if target else None,
    )
    title = _("%(kpi)s by %(step)s") % {"kpi": kpi.name, "step": str(DIMENSION_NAMES[step]).lower()}
    labels = Labels(board.viewer, selection, readings)
    head = str(DIMENSION_NAMES[step])
    return Part(
        "trend",
        title,
        readings,
        labels,
        (step,),
        " · ".join(note),
        figure if _has_values(readings) else None,
        head=head,
    )


def heatmap(board: Board, kpi: Kpi) -> Part:
    """The KPI by half-hour and weekday."""
    readings = board.read([kpi], "weekday", "slot")
    note = _("darker is more") if kpi.better is Better.NEITHER else _("darker is worse")
    title = _("%(kpi)s by half-hour and weekday") % {"kpi": kpi.name}
    labels = Labels(board.viewer, board.selection, readings)
    figure = charts.heatmap(kpi, readings) if _has_values(readings) else None
    return Part("heatmap", title, readings, labels, ("weekday", "slot"), note, figure, head=_("When"))


def members(board: Board, dimension: str, *, only: Collection[int] | None = None) -> Part:
    """One row for each team, agent or queue (or for ``only`` these), with a column per KPI."""
    columns = [KPIS[name] for name in MEMBER_KPIS if board.can(KPIS[name], dimension)]
    readings = board.read(columns, dimension, only=None if only is None else {dimension: only})
    labels = Labels(board.viewer, board.selection, readings)
    found: dict[Any, dict[str, Reading]] = {}
    for reading in readings:
        found.setdefault(reading.at[dimension], {})[reading.kpi.key] = reading
    tells_of_offered = dimension == "queue" and not all(map(is_of_handled_work, columns))
    shares = {value for value in found if tells_of_offered and board.is_of_others(value)}
    rows = [
        Row(
            labels.name(dimension, value),
            labels.url(dimension, value),
            [cells.get(kpi.key) for kpi in columns],
            _("what your teams answered in this queue") if value in shares else "",
        )
        for value, cells in found.items()
    ]
    rows.sort(key=lambda row: row.name.casefold())
    # A page of a longer list cannot be sorted by itself.
    can_sort = only is None
    if can_sort:
        _sort(rows, board.selection.sort)
    note = ""
    if len(rows) > MOST_ROWS:
        note = _("the first %(shown)s of %(all)s; the CSV has them all") % {"shown": MOST_ROWS, "all": len(rows)}
    title = {"team": _("Teams"), "agent": _("Agents"), "queue": _("Queues")}[dimension]
    head = str(DIMENSION_NAMES[dimension])
    return Part(
        f"by_{dimension}",
        title,
        readings,
        labels,
        (dimension,),
        note,
        rows=rows[:MOST_ROWS],
        columns=[_column(board, kpi) if can_sort else Column(kpi) for kpi in columns],
        head=head,
    )


def _column(board: Board, kpi: Kpi) -> Column:
    """From the highest down first, then the other way round."""
    selection = board.selection
    order = {kpi.key: "ascending", f"-{kpi.key}": "descending"}.get(selection.sort, "")
    turned = kpi.key if order == "descending" else f"-{kpi.key}"
    return Column(kpi, selection.query_with(kpi=selection.kpi, by=selection.by, sort=turned), order)


def _sort(rows: list[Row], by: str) -> None:
    """By one KPI; those with too few to rank come after the others, those without a value last."""
    sign = -1 if by.startswith("-") else 1

    def rank(row: Row) -> tuple[int, float]:
        cell = next((cell for cell in row.readings if cell and cell.kpi.key == by.removeprefix("-")), None)
        if cell is None or cell.value is None:
            return 2, 0
        return int(is_unsure(cell)), sign * cell.value

    rows.sort(key=rank)


def split(board: Board, kpi: Kpi, dimension: str) -> Part:
    """The KPI by one dimension: bars, sorted by value unless the dimension has an order of its own."""
    readings = board.read([kpi], dimension)
    labels = Labels(board.viewer, board.selection, readings)
    named = [(labels.of(reading), labels.url(dimension, reading.at[dimension]), reading) for reading in readings]
    word = str(DIMENSION_NAMES[dimension]).lower()
    title = _("%(kpi)s by %(dimension)s") % {"kpi": kpi.name, "dimension": word}
    notes = [_("whiskers: interval (95%)")] if any(reading.interval for reading in readings) else []
    if any(reading.is_small for reading in readings):
        notes.append(_("pale: too few to judge"))
    figure = charts.bars(kpi, named, is_ordered=dimension in ORDERED) if _has_values(readings) else None
    return Part(
        "split", title, readings, labels, (dimension,), " · ".join(notes), figure, head=str(DIMENSION_NAMES[dimension])
    )


def _has_values(readings: Collection[Reading]) -> bool:
    return any(reading.value is not None for reading in readings)
