"""The rows behind a number: exactly those that its top or bottom counts."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from interactions.exports import hidden_from
from interactions.models import AgentState, Complaint, Contact, Shift, SurveyAnswer
from interactions.paging import page_of
from interactions.views.contacts import contacts_file
from kpis.behind import rows_behind, tally_of, unlisted_behind
from kpis.dashboards.board import Board
from kpis.dashboards.story import as_kpi
from kpis.kpi import Kpi, Tally
from kpis.scope import NotMeasurable
from kpis.text import format_value
from kpis.views.catalogue import find_kpi

# How each kind of row is listed: its template, its order (latest first), what is read with it.
LISTS = {
    Contact: ("contacts", ("-day", "-offered_at", "-pk"), ("queue__site", "agent", "team", "reason")),
    SurveyAnswer: ("said", ("-received_at", "-pk"), ("contact__queue__site", "contact__agent")),
    Complaint: ("said", ("-received_at", "-pk"), ("contact__queue__site", "contact__agent")),
    AgentState: ("states", ("-day", "-pk"), ("agent", "team__site")),
    Shift: ("shifts", ("-day", "-pk"), ("agent", "team__site")),
}


def rows(request: HttpRequest, key: str, part: str) -> HttpResponseBase:
    """The rows behind the top, the bottom or one tally of a KPI; ``?csv=rows`` for contacts as a file."""
    kpi, board = find_kpi(key), Board.of(request)
    selection = board.selection
    tally = _tally(board, kpi, part)
    asked: dict[str, Any] = {"viewer": board.viewer, "period": selection.period, "where": selection.where}
    found = rows_behind(kpi, part, **asked)
    unlisted = unlisted_behind(kpi, part, **asked)
    kind, order, related = LISTS[found.model]
    if request.GET.get("csv") and found.model is Contact:
        return contacts_file(found, hidden=hidden_from(board.viewer))
    context = {
        "kpi": kpi,
        "board": board,
        "selection": selection,
        "kind": kind,
        "tally": as_kpi(tally),
        "count": _count(board, found, tally, unlisted),
        "unlisted": unlisted,
        "amount": _amount(found, tally),
        "page": page_of(found.select_related(*related), order=order, cursor=request.GET.get("after", "")),
    }
    return render(request, "kpis/rows.html", context)


def _tally(board: Board, kpi: Kpi, part: str) -> Tally:
    """The tally that a part means; Http404 unless it is the KPI's own and this viewer can have it."""
    if not board.can(kpi):
        raise Http404
    try:
        return tally_of(kpi, part)
    except NotMeasurable as error:
        raise Http404 from error


def _count(board: Board, rows: QuerySet, tally: Tally, unlisted: int) -> int:
    """How many rows are listed: where all are and they are counted, the reading knows it."""
    if tally.add is None and not unlisted and (found := board.read([as_kpi(tally)])):
        return int(found[0].value or 0)
    return rows.count()


def _amount(rows: QuerySet, tally: Tally) -> str:
    """What the rows add up to; "" where they are counted."""
    if tally.add is None or tally.is_maximum:
        return ""
    return format_value(as_kpi(tally), float(rows.aggregate(sum=Sum("added"))["sum"] or 0))
