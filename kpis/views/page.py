"""How every page with numbers is answered: whole, or one part of it as CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render

from kpis.dashboards.board import Board
from kpis.dashboards.filters import FILTERS, filter_fields
from kpis.dashboards.gaps import gap
from kpis.dashboards.parts import Make, Part
from kpis.exports import as_csv, as_row
from kpis.names import NAMED, Names
from people.access import require_role
from people.models import Role

# Who looks after others; agents and shoppers do not find these pages.
leaders_only = require_role(Role.DIRECTOR, Role.QA_ANALYST, Role.ADMINISTRATOR, Role.SUPERVISOR)
whole_centre_only = require_role(Role.DIRECTOR, Role.QA_ANALYST, Role.ADMINISTRATOR)


def show(
    request: HttpRequest,
    template: str,
    board: Board,
    parts: Mapping[str, Make],
    *,
    fields: Sequence[str] = FILTERS,
    has_charts: bool = False,
    about: Mapping[str, Any] | None = None,
    **context: Callable[[], Any],
) -> HttpResponseBase:
    """The page; or one part of it, as `answer_with_part` says.

    ``about`` holds what the page is kept to (team, agent, queue); ``has_charts`` offers the KPI that they show;
    ``context`` is made only where there is data.
    """
    if part := answer_with_part(request, parts):
        return part
    missing = gap(board)
    made = {} if missing else {key: make() for key, make in parts.items()}
    about = about or {}
    whole: dict[str, Any] = {
        **about,
        "board": board,
        "selection": board.selection,
        "gap": missing,
        "parts": made,
        "fields": filter_fields(board, fields, fixed=about, has_charts=has_charts),
    }
    return render(request, template, whole | {key: value() for key, value in context.items() if not missing})


def answer_with_part(request: HttpRequest, parts: Mapping[str, Make]) -> HttpResponseBase | None:
    """One part alone, where the address asks for it: ``?csv=`` its readings as a file, ``?table=`` as a table.

    A chart's table is fetched when it is opened: most are not, and some have hundreds of rows. None for the whole page;
    raises Http404 for a part that the page does not have.
    """
    for kind, answer in (("csv", part_as_csv), ("table", partial(part_as_table, request))):
        if asked := request.GET.get(kind):
            part = parts[asked]() if asked in parts else None
            if part is None:
                raise Http404
            return answer(part)
    return None


def part_as_table(request: HttpRequest, part: Part) -> HttpResponse:
    """The readings behind a chart, as a table to stand below it."""
    return render(request, "components/figures.html", {"part": part})


def part_as_csv(part: Part) -> StreamingHttpResponse:
    """The readings behind a chart or table: one row each."""
    by = list(part.by)
    names = Names()
    for dimension in NAMED.keys() & set(by):
        names.learn(dimension, {reading.at[dimension] for reading in part.readings})
    more = part.more or [{}] * len(part.readings)
    rows = (as_row(reading, names) | extra for reading, extra in zip(part.readings, more, strict=True))
    response = StreamingHttpResponse(as_csv(rows, by, more=list(more[0]) if more else ()), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="{part.key}.csv"'
    return response
