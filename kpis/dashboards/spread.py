"""How times are spread behind their average: histograms with the median and the 90th percentile."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpis import charts
from kpis.dashboards.board import Board
from kpis.dashboards.labels import Labels
from kpis.dashboards.parts import Make, Part
from kpis.definitions import KPIS
from kpis.kpi import Kpi, Text

WAITS = ("average_speed_of_answer", "wait_p50", "wait_p90")
HANDLES = ("average_handle_time", "handle_p50", "handle_p90")


@dataclass(frozen=True)
class Spread:
    """Times of one kind: what they are, which KPIs tell about them, and the percentile whose histogram is drawn."""

    key: str
    title: Text
    percentile: Kpi
    told_by: tuple[str, ...]


SPREADS = (
    Spread("wait", _("How long customers wait"), KPIS["wait_p50"], WAITS),
    Spread("handle", _("How long contacts take"), KPIS["handle_p50"], HANDLES),
)


def spread_of(board: Board, kpi: Kpi) -> Spread | None:
    """The spread behind a KPI of times; None where there is none, or none in this selection."""
    return next((found for found in SPREADS if kpi.key in found.told_by and board.can(found.percentile)), None)


def spreads_of(board: Board) -> dict[str, Make]:
    """The spreads that a selection has, by key."""
    return {times.key: partial(spread, board, times) for times in SPREADS if board.can(times.percentile)}


def spread(board: Board, times: Spread) -> Part:
    """How many contacts took how long, with the median and the 90th percentile."""
    selection = board.selection
    counts = board.now[times.percentile.key].histogram
    readings = [board.now[key] for key in times.told_by if key in board.now]
    figure = charts.histogram(counts) if any(counts) else None
    note = gettext("answered contacts, in steps that grow with the time")
    labels = Labels(board.viewer, selection, ())
    return Part(times.key, str(times.title), readings, labels, (), note, figure, head=gettext("KPI"))
