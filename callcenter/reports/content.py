"""What a report says, in the reader's language and words: the same for paper and e-mail.

Every figure comes from the board of pages, and so from `measure()`, as the reader may see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from callcenter.reports.charts import Chart, chart
from interactions.text import format_day, format_moment
from kpis.dashboards.board import Board
from kpis.dashboards.findings import Finding, findings
from kpis.dashboards.gaps import Gap, gap, nothing_fits
from kpis.dashboards.members import members
from kpis.dashboards.parts import Cell as PageCell
from kpis.dashboards.parts import Part
from kpis.dashboards.signals import standing_out
from kpis.dashboards.tiles import CENTRE, Tile, tiles
from kpis.definitions import KPIS
from kpis.horizon import horizon
from kpis.kpi import Better, Kpi
from kpis.lasting.watched import WATCHED
from kpis.period import Period
from kpis.selection import Selection
from kpis.text import NOTHING, format_period, format_sample
from kpis.verdict import SIGNS
from people.models import Team, User

CHARTS = ("service_level", "average_handle_time")
DIRECTIONS = {
    Better.HIGHER: gettext_lazy("Higher is better."),
    Better.LOWER: gettext_lazy("Lower is better."),
    Better.NEITHER: gettext_lazy("Neither higher nor lower is better as such."),
}


@dataclass(frozen=True)
class Figure:
    """One key figure with all that is said about it; tones only repeat words in colour."""

    name: str
    value: str
    is_pale: bool
    why_nothing: str
    interval: str
    sample: str
    target: str
    verdict: str
    verdict_tone: str
    change: str
    change_word: str
    change_tone: str
    provisional: str
    course: list[list[tuple[float, float]]]  # lines in a box of 100 × 28, y downwards

    @property
    def told(self) -> list[str]:
        """All that is said about it, each by itself."""
        is_maturing = _("with what is still maturing: %(value)s") % {"value": self.provisional}
        parts = [
            self.why_nothing,
            self.interval,
            self.sample,
            is_maturing if self.provisional else "",
            ", ".join(filter(None, (self.target, self.verdict))),
            " ".join(filter(None, (self.change, self.change_word))),
        ]
        return [part for part in parts if part]


@dataclass(frozen=True)
class Cell:
    """A value of a table; ``note`` says how few are behind a pale one, ``sign`` how it stands to its target."""

    column: str
    text: str
    note: str
    is_pale: bool
    sign: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Row:
    """One member; ``note`` says what its figures are kept to."""

    name: str
    note: str
    cells: list[Cell]


@dataclass(frozen=True)
class Table:
    """Members, compared."""

    title: str
    head: str
    columns: list[str]
    rows: list[Row]
    note: str
    key: str  # what the signs in its cells say


@dataclass(frozen=True)
class Meaning:
    """What a KPI means."""

    name: str
    formula: str
    text: str


@dataclass(frozen=True)
class Report:
    """Everything that a report says. Its names are the template's."""

    title: str
    period: str
    words: str
    reach: str
    made: str
    url: str
    pdf_url: str
    gap: Gap | None
    findings: list[Finding]
    figures: list[Figure]
    charts: list[Chart]
    tables: list[Table]
    meanings: list[Meaning]
    language: str


def report_of(reader: User, *, team: Team | None, period: Period, compare: str) -> Report:
    """The report of a team (None: the centre) for a reader, who must be allowed to see it."""
    asked = QueryDict(mutable=True)
    asked.update({"from": period.start.isoformat(), "to": period.end.isoformat(), "compare": compare})
    return report_on(board_of(reader, asked, team), team)


def board_of(reader: User, asked: QueryDict, team: Team | None) -> Board:
    """The board of the page that an address asks for: the team's, or the centre's."""
    selection = Selection.read(asked, viewer=reader, reach=horizon())
    return Board(reader, selection.kept_to(team=team) if team else selection)


def report_on(board: Board, team: Team | None) -> Report:
    """What a board shows, as a report."""
    board.foresee(KPIS[key] for key in (*CENTRE, *WATCHED))
    missing = gap(board) or nothing_fits(board)
    shown = [] if missing else tiles(board, CENTRE)
    tables = [] if missing else [members(board, dimension, has_courses=False) for dimension in _dimensions(board, team)]
    kpis = {kpi.key: kpi for kpi in (*(tile.kpi for tile in shown), *_columns_of(tables))}
    page = reverse("kpis:team_detail", args=[team.pk]) if team else reverse("kpis:centre")
    pdf = reverse("reports:team_pdf", args=[team.pk]) if team else reverse("reports:centre_pdf")
    selection = board.selection
    return Report(
        title=team.name if team else _("The whole centre"),
        period=format_period(selection.period),
        words=selection.words,
        reach=_reach(board),
        made=_("made %(moment)s for %(reader)s") % {"moment": format_moment(timezone.now()), "reader": board.viewer},
        url=f"{page}?{selection.page_query}",
        pdf_url=f"{pdf}?{selection.page_query}",
        gap=missing,
        findings=[] if missing else findings(board),
        figures=[_figure(tile) for tile in shown],
        charts=[] if missing else [chart(board, kpi) for kpi in _charted(board)],
        tables=[_table(part) for part in tables if part.rows],
        meanings=[_meaning(kpi) for kpi in kpis.values()],
        language=get_language() or "en",
    )


def _dimensions(board: Board, team: Team | None) -> Sequence[str]:
    if team is None:
        return ("team", "queue")
    return ("team", "agent", "queue") if len(board.selection.where["team"]) > 1 else ("agent", "queue")


def _charted(board: Board) -> Iterable[Kpi]:
    """The KPI that the page's trend shows first, then the usual ones; two in all."""
    first = board.chosen or standing_out(board) or board.first_of(*CHARTS)
    others = [KPIS[key] for key in CHARTS if key != first.key and board.can(KPIS[key])]
    return [first, *others][:2]


def _columns_of(parts: Iterable[Part]) -> Iterable[Kpi]:
    return (column.kpi for part in parts for column in part.columns)


def _reach(board: Board) -> str:
    """How far the data reaches and when it was computed."""
    if board.selection.reach is None:
        return _("no data yet")
    parts = [_("data to %(day)s") % {"day": format_day(board.selection.reach)}]
    if board.run and board.run.finished_at:
        parts.append(_("computed %(moment)s") % {"moment": format_moment(board.run.finished_at)})
    return " · ".join(parts)


def _figure(tile: Tile) -> Figure:
    return Figure(
        name=str(tile.kpi.name),
        value=tile.text,
        is_pale=tile.is_pale,
        why_nothing=tile.why_nothing,
        interval=tile.interval,
        sample=tile.sample,
        target=tile.target,
        verdict=tile.verdict.word if tile.verdict else "",
        verdict_tone=tile.verdict.tone if tile.verdict else "",
        change=tile.change.text if tile.change else "",
        change_word=tile.change.word if tile.change else "",
        change_tone=tile.change.tone if tile.change else "",
        provisional=tile.provisional,
        course=_course(tile),
    )


def _course(tile: Tile) -> list[list[tuple[float, float]]]:
    """The tile's trend as numbers."""
    lines = tile.spark.lines if tile.spark else []
    return [[(float(x), float(y)) for x, y in (point.split(",") for point in line.split())] for line in lines]


def _table(part: Part) -> Table:
    columns = [str(column.kpi.name) for column in part.columns]
    return Table(
        title=part.title,
        head=part.head,
        columns=columns,
        rows=[
            Row(row.name, row.note, [_cell(name, cell) for name, cell in zip(columns, row.cells, strict=True)])
            for row in part.rows
        ],
        note=part.note,
        key=" · ".join(f"{mark.sign} {mark.word}" for mark in part.marks),
    )


def _cell(column: str, cell: PageCell) -> Cell:
    """A value, with the sign of its verdict; where too few are behind it, with how many."""
    reading = cell.reading
    if reading is None or reading.value is None:
        return Cell(column, NOTHING, "", is_pale=True)
    note = format_sample(reading.kpi, reading.n) if reading.is_small else ""
    tone = cell.verdict.tone if cell.verdict else ""
    return Cell(column, cell.text, note, bool(note), SIGNS.get(tone, ""), tone)


def _meaning(kpi: Kpi) -> Meaning:
    return Meaning(str(kpi.name), str(kpi.formula), f"{kpi.definition} {DIRECTIONS[kpi.better]}")
