"""The choice of columns in tables of teams, agents and queues."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from kpis.dashboards.columns import MOST_COLUMNS
from kpis.definitions import KPIS
from people.access import viewer_of
from people.services import choose_member_columns


@require_POST
def choose_columns(request: HttpRequest) -> HttpResponse:
    """Back to the page with these columns in its address; kept as the person's own, or forgotten, where asked."""
    keys = [key for key in KPIS if key in request.POST.getlist("column")][:MOST_COLUMNS]
    if "usual" in request.POST:
        keys = []
    if {"usual", "keep"} & set(request.POST):
        choose_member_columns(viewer_of(request), keys=keys)
    return redirect(_with_columns(request, keys))


def _with_columns(request: HttpRequest, keys: list[str]) -> str:
    """The address of the page that the choice was made on, with the columns; the home page for a foreign one."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return resolve_url("home")
    parts = urlsplit(back)
    state = QueryDict(parts.query).dict() | {"columns": ",".join(keys)}
    return parts._replace(query=urlencode({name: value for name, value in state.items() if value})).geturl()
