"""The KPI catalogue, and each KPI's own page."""

from __future__ import annotations

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from kpis.dashboards.board import Board
from kpis.dashboards.parts import Make, split, trend
from kpis.dashboards.splits import default_split, splits
from kpis.dashboards.spread import spread, spread_of
from kpis.dashboards.story import halves, reconciliation, rows_url, told_with
from kpis.dashboards.tiles import tiles
from kpis.dashboards.why import why
from kpis.definitions import KPIS, UnknownKpi
from kpis.definitions import kpi as kpi_of
from kpis.kpi import Kpi
from kpis.verdict import RULE
from kpis.views.page import show


def find_kpi(key: str) -> Kpi:
    """The KPI of this key, or Http404."""
    try:
        return kpi_of(key)
    except UnknownKpi as error:
        raise Http404 from error


def catalogue(request: HttpRequest) -> HttpResponse:
    """Every KPI with its question and formula, by group."""
    groups = [(name, list(kpis)) for name, kpis in groupby(KPIS.values(), key=lambda kpi: str(kpi.group))]
    page = {"groups": groups, "query": request.GET.urlencode(), "rule": RULE}
    return render(request, "kpis/catalogue.html", page)


def kpi_detail(request: HttpRequest, key: str) -> HttpResponseBase:
    """One KPI: definition, value, what it is made of, trend, and a breakdown by any dimension it has."""
    kpi = find_kpi(key)
    board = Board.of(request, told_with(kpi))
    if not board.can(kpi):
        return render(request, "kpis/kpi_detail.html", {"kpi": kpi, "board": board, "selection": board.selection})
    dimension = default_split(board, kpi)
    parts: dict[str, Make] = {"trend": lambda: trend(board, kpi)}
    if times := spread_of(board, kpi):
        parts[times.key] = lambda: spread(board, times)
    if dimension:
        parts |= {"why": lambda: why(board, kpi, dimension), "split": lambda: split(board, kpi, dimension)}
    return show(
        request,
        "kpis/kpi_detail.html",
        board,
        parts,
        fields=("compare", "channel", "queue", "team"),
        about={"kpi": kpi},
        tile=lambda: next(iter(tiles(board, [key]))),
        before=lambda: board.before.get(key),
        halves=lambda: halves(board, kpi),
        splits=lambda: splits(board, kpi),
        dimension=lambda: dimension,
        reconciliation=lambda: reconciliation(board, kpi),
        rows_url=lambda: rows_url(board, kpi, "top"),
    )
