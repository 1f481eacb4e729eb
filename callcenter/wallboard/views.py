"""Choosing what the wall shows, and the wall itself: whole, or its figures alone for the page that asks again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from callcenter.wallboard.wall import DAYS_SEARCHED, wall_of
from kpis.dashboards.board import Board
from kpis.dashboards.filters import queues_with_figures
from kpis.horizon import horizon
from kpis.period import Period
from kpis.selection import Selection
from kpis.views.page import leaders_only
from kpis.views.runs import template_for
from people.access import get_visible_or_404, viewer_of
from people.days import EARLIEST
from people.models import Queue, Site, Team

SECONDS_BETWEEN = 30  # how often a wall asks for its figures; they are computed every few minutes


@leaders_only
def choice(request: HttpRequest) -> HttpResponse:
    """The teams and queues that the viewer may put on a wall."""
    viewer, last = viewer_of(request), horizon() or timezone.localdate()
    lately = Period(last - dt.timedelta(days=DAYS_SEARCHED - 1), last)
    board = Board(viewer, Selection.of_days(lately, viewer=viewer))
    queues = queues_with_figures(board).filter(is_active=True)
    context = {
        "teams": Team.objects.visible_to(viewer).without_tree_fields().filter(is_active=True),
        "queues": [(queue, board.is_of_others(queue.pk)) for queue in queues],
    }
    return render(request, "callcenter/wallboard/choice.html", context)


@leaders_only
@never_cache
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """A team's day, by the clock of its site."""
    found = get_visible_or_404(Team, request.user, pk=pk)
    return _wall(request, found.site, team=found)


@leaders_only
@never_cache
def queue(request: HttpRequest, pk: int) -> HttpResponse:
    """A queue's day, by the clock of its site; of a queue of others what the viewer's teams answered."""
    found = get_visible_or_404(Queue, request.user, pk=pk)
    return _wall(request, found.site, queue=found)


def _wall(request: HttpRequest, site: Site, **kept_to: Any) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.localtime(timezone=site.zone)
    asked = request.GET.get("day", "")
    day = _day_asked_for(asked, today=now.date())
    shown = day or now.date()
    selection = Selection.of_days(Period(shown, shown), viewer=viewer, reach=horizon()).kept_to(**kept_to)
    context = {
        "about": next(iter(kept_to.values())),
        "wall": wall_of(Board(viewer, selection), today=now.date()),
        "wrong_day": "" if day else asked,
        "now": now,
        "zone": site.time_zone,
        "seconds_between": SECONDS_BETWEEN,
    }
    return render(request, template_for(request, "callcenter/wallboard/wall.html", "wall"), context)


def _day_asked_for(asked: str, *, today: dt.date) -> dt.date | None:
    """An earlier day, or today, which goes on by itself at midnight, where none is asked for; None for a wrong one."""
    try:
        day = dt.date.fromisoformat(asked) if asked else today
    except ValueError:
        return None
    return day if EARLIEST <= day <= today else None
