"""The parts of a page: each is a chart or a table, with the readings it is made of, for its CSV."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from kpis import charts
from kpis.dashboards.absence import absence
from kpis.dashboards.board import Board
from kpis.dashboards.columns import ColumnGroup
from kpis.dashboards.courses import Course
from kpis.dashboards.hot_spot import hot_spot
from kpis.dashboards.labels import DIMENSION_NAMES, Labels
from kpis.dashboards.signals import course_in_words
from kpis.dashboards.usual import Usual, usual
from kpis.definitions import KPIS
from kpis.dimensions import STEPS_OF_TIME
from kpis.kpi import Better, Kpi
from kpis.measure import Reading
from kpis.period import Period
from kpis.targets import Goal
from kpis.text import format_period, format_target, format_value
from kpis.verdict import Mark, Verdict, key_to

ORDERED = {*STEPS_OF_TIME, "weekday", "slot"}


@dataclass(frozen=True)
class Cell:
    """A reading in a table, and whether it meets its row's own target, where that can be said."""

    reading: Reading | None
    verdict: Verdict | None = None
    target: Goal | None = None

    @property
    def text(self) -> str:
        """The value, told apart from the target beside it."""
        assert self.reading  # an empty cell has no text
        return format_value(self.reading.kpi, self.reading.value, beside=self.target.value if self.target else None)

    @property
    def standing(self) -> str:
        """How the value stands to its target, such as "below target (target ≥ 80.0%)"; "" where nothing is said."""
        if self.reading is None or self.verdict is None or self.target is None:
            return ""
        target = format_target(self.reading.kpi, self.target.value, beside=self.reading.value)
        return _("%(verdict)s (target %(target)s)") % {"verdict": self.verdict.word, "target": target}


@dataclass(frozen=True)
class Row:
    """A line of a table: what it is about, where that leads, and one cell per column."""

    name: str
    url: str
    cells: list[Cell]
    note: str = ""
    member: Any = None  # the id of what it is about
    course: Course | None = None


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
    head_query: str = ""  # the address that sorts by name again, where the rows are sorted otherwise
    course_of: Kpi | None = None  # whose course stands in each row
    choices: list[ColumnGroup] = field(default_factory=list)
    # What the CSV says about each reading beside it.
    more: list[dict[str, Any]] = field(default_factory=list)

    @property
    def figure_id(self) -> str:
        """Where the page keeps the figure."""
        return f"figure-{self.key}"

    @property
    def marks(self) -> list[Mark]:
        """What the icons in its rows say."""
        return key_to(cell.verdict for row in self.rows for cell in row.cells)

    @property
    def figures(self) -> list[tuple[str, Reading]]:
        """Each reading with its name: the same as the chart, for the table beside it."""
        return [(self.labels.of(reading) or str(reading.kpi.name), reading) for reading in self.readings]


# A part may turn out to have nothing to say here.
Make = Callable[[], Part | None]


def everything(board: Board) -> Part:
    """Every KPI of the selection: what the table of all KPIs shows."""
    readings = list(board.now.values())
    return Part("all", _("All KPIs"), readings, Labels(board.viewer, board.selection, ()), ())


def trend(board: Board, kpi: Kpi) -> Part:
    """The KPI over the period, step by step, with the comparison, the target and what is usual."""
    selection = board.selection
    step, starts = selection.step, selection.period.steps(selection.step)
    course = board.course([kpi])[kpi.key]
    readings = list(course.values())
    before: list[Reading | None] = []
    if earlier := selection.comparison:
        found = board.course([kpi], period=earlier)[kpi.key]
        before = [found.get(start) for start in earlier.steps(step)]
    usually = usual(board, [kpi]).get(kpi.key)
    target = board.targets.get(kpi.key)
    figure = charts.trend(
        kpi,
        step,
        starts,
        course,
        before=before,
        target=target.value if target else None,
        bands=usually.bands if usually else (),
    )
    said = course_in_words(board, kpi, usually)
    plain_title = _("%(kpi)s by %(step)s") % {"kpi": kpi.name, "step": str(DIMENSION_NAMES[step]).lower()}
    return Part(
        "trend",
        said or plain_title,
        readings,
        Labels(board.viewer, selection, readings),
        (step,),
        " · ".join([*([plain_title] if said else []), *_notes(board, readings, before, usually)]),
        figure if _has_values(readings) else None,
        head=str(DIMENSION_NAMES[step]),
    )


def _notes(
    board: Board, readings: Sequence[Reading], before: Sequence[Reading | None], usually: Usual | None
) -> Iterator[str]:
    """What the marks of a trend mean, as far as it has them."""
    if usually:
        yield _("band: usual range, from %(period)s") % {"period": format_period(usually.baseline)}
    yield from notes_of(readings, board.selection.comparison if any(before) else None)


def notes_of(readings: Iterable[Reading], earlier: Period | None) -> Iterator[str]:
    """What the marks of a course mean, on a page and on paper; ``earlier`` is the period drawn in grey, if any."""
    shown = list(readings)
    if earlier:
        yield _("grey: %(period)s") % {"period": format_period(earlier)}
    if any(reading.is_maturing for reading in shown):
        yield _("dotted: still maturing")
    if any(reading.is_small and reading.value is not None for reading in shown):
        yield _("hollow: too few to judge")


def heatmap(board: Board, kpi: Kpi) -> Part:
    """The KPI by half-hour and weekday; its title names the hours in which most is lost, if there are any."""
    readings = board.read([kpi], "weekday", "slot")
    plain_title = _("%(kpi)s by half-hour and weekday") % {"kpi": kpi.name}
    target = board.targets.get(kpi.key)
    spot = hot_spot(board, kpi, target.value) if target else None
    notes = [_("stronger colour is more") if kpi.better is Better.NEITHER else _("stronger colour is worse")]
    if any(reading.is_small for reading in readings):
        notes.append(_("pale: too few to judge"))
    title = plain_title
    if spot:
        title = _("%(kpi)s: most is lost %(when)s") % {"when": spot.when, "kpi": kpi.name}
        notes.insert(0, plain_title)
        if away := absence(board, spot):
            notes.append(away.words)
    labels = Labels(board.viewer, board.selection, readings)
    figure = charts.heatmap(kpi, readings) if _has_values(readings) else None
    return Part("heatmap", title, readings, labels, ("weekday", "slot"), " · ".join(notes), figure, head=_("When"))


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


def channels(board: Board) -> Part | None:
    """How the contacts are spread over the channels; None where there is only one."""
    kpi = next((KPIS[key] for key in ("contacts_offered", "contacts_handled") if board.can(KPIS[key], "channel")), None)
    if kpi is None or "channel" in board.filters:
        return None
    made = split(board, kpi, "channel")
    return replace(made, key="channels") if sum(bool(reading.value) for reading in made.readings) > 1 else None


def _has_values(readings: Collection[Reading]) -> bool:
    return any(reading.value is not None for reading in readings)
