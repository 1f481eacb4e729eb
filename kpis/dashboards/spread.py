"""How times are spread behind their average: histograms with the median and the 90th percentile."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpis import charts
from kpis.dashboards.board import Board
from kpis.dashboards.labels import Labels
from kpis.dashboards.parts import Part
from kpis.definitions import KPIS
from kpis.kpi import Kpi, Text
from kpis.measure import distribution

WAITS = ("average_speed_of_answer", "wait_p50", "wait_p90")
HANDLES = ("average_handle_time", "handle_p50", "handle_p90")


@dataclass(frozen=True)
class Spread:
    """Times of one kind: what they are, which KPIs tell about them, and the percentile whose histogram is drawn."""

    title: Text
    percentile: Kpi
    told_by: tuple[str, ...]


SPREADS = (
    Spread(_("How long customers wait"), KPIS["wait_p50"], WAITS),
    Spread(_("How long contacts take"), KPIS["handle_p50"], HANDLES),
)


def spread_of(board: Board, kpi: Kpi) -> Spread | None:
    """The spread behind a KPI of times; None where there is none, or none in this selection."""
    return next((found for found in SPREADS if kpi.key in found.told_by and board.can(found.percentile)), None)


def spread(board: Board, times: Spread) -> Part:
    """How many contacts took how long, with the median and the 90th percentile."""
    selection = board.selection
    counts = distribution(times.percentile, viewer=board.viewer, period=selection.period, where=selection.where)
    readings = board.read([KPIS[key] for key in times.told_by])
    figure = charts.histogram(counts, gettext("minutes : seconds")) if any(counts) else None
    note = gettext("answered contacts, in steps that grow with the time")
    labels = Labels(board.viewer, selection, ())
    return Part("spread", str(times.title), readings, labels, (), note, figure, head=gettext("KPI"))
