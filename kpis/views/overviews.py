"""The centre, teams, agents and queues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase

from kpis.dashboards.board import Board
from kpis.dashboards.findings import findings
from kpis.dashboards.gaps import nothing_fits
from kpis.dashboards.members import agents, members
from kpis.dashboards.parts import Make, channels, everything, heatmap, trend
from kpis.dashboards.people import people
from kpis.dashboards.reasons import reasons
from kpis.dashboards.signals import standing_out
from kpis.dashboards.spread import spreads_of
from kpis.dashboards.summary import summary
from kpis.dashboards.tiles import AGENT, CENTRE, tiles
from kpis.definitions import KPIS
from kpis.lasting.watched import WATCHED
from kpis.views.page import leaders_only, show, whole_centre_only
from people.access import get_visible_or_404
from people.models import Agent, Queue, Team

AGENTS_A_PAGE = 50


def overview(
    request: HttpRequest,
    template: str,
    board: Board,
    more: Mapping[str, Make],
    *,
    main: str,
    keys: Sequence[str],
    **about: Any,
) -> HttpResponseBase:
    """A page of tiles, findings, charts, the parts in ``more``, and all KPIs. ``about`` names what it is kept to.

    The charts show the KPI that was asked for; else the trend what stands out, and the heatmap the ``main`` one.
    """
    judged = [*(KPIS[key] for key in WATCHED), *([board.chosen] if board.chosen else [])]
    board.foresee([*(KPIS[key] for key in keys), *judged], past=judged)
    shown = board.chosen or board.first_of(main)
    parts: dict[str, Make] = {"trend": lambda: trend(board, board.chosen or standing_out(board) or shown)}
    if board.can(shown, "weekday", "slot"):
        parts["heatmap"] = lambda: heatmap(board, shown)
    parts |= {**spreads_of(board), "channels": lambda: channels(board)}
    parts |= {"reasons": lambda: reasons(board), **more, "all": lambda: everything(board)}
    return show(
        request,
        template,
        board,
        parts,
        has_charts=True,
        about=about,
        nothing=lambda: nothing_fits(board),
        tiles=lambda: tiles(board, keys),
        findings=lambda: findings(board),
        summary=lambda: summary(board),
    )


@whole_centre_only
def centre(request: HttpRequest) -> HttpResponseBase:
    """The whole centre, its teams and queues."""
    board = Board.of(request)
    more: dict[str, Make] = {
        "by_team": lambda: members(board, "team"),
        "by_queue": lambda: members(board, "queue"),
    }
    return overview(request, "kpis/centre.html", board, more, main="service_level", keys=CENTRE)


@leaders_only
def team_list(request: HttpRequest) -> HttpResponseBase:
    """The viewer's teams, compared."""
    board = Board.of(request)
    return show(request, "kpis/team_list.html", board, {"by_team": lambda: members(board, "team")})


def team_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One team with the teams below it, and its agents."""
    team = get_visible_or_404(Team, request.user, pk=pk)
    board = Board.of(request, team=team)
    more: dict[str, Make] = {
        "people": lambda: people(board),
        "by_agent": lambda: agents(board, is_whole="csv" in request.GET),
    }
    if len(board.selection.where["team"]) > 1:
        more["by_team"] = lambda: members(board, "team")
    return overview(request, "kpis/team_detail.html", board, more, main="service_level", keys=CENTRE, team=team)


@leaders_only
def agent_list(request: HttpRequest) -> HttpResponseBase:
    """The viewer's agents, by name, with search and pages."""
    board = Board.of(request)
    search = board.selection.form.cleaned_data.get("search", "")
    agents = Agent.objects.visible_to(request.user).filter(name__icontains=search).order_by("name", "pk")
    page = Paginator(agents, AGENTS_A_PAGE).get_page(request.GET.get("page"))
    ids = [agent.pk for agent in page]
    parts = {"by_agent": lambda: members(board, "agent", only=ids)}
    return show(request, "kpis/agent_list.html", board, parts, page=lambda: page, search=lambda: search)


def agent_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One agent; agents open their own."""
    agent = get_visible_or_404(Agent, request.user, pk=pk)
    board = Board.of(request, agent=agent)
    more: dict[str, Make] = {"by_queue": lambda: members(board, "queue")}
    return overview(request, "kpis/agent_detail.html", board, more, main="average_handle_time", keys=AGENT, agent=agent)


@leaders_only
def queue_list(request: HttpRequest) -> HttpResponseBase:
    """Every queue, compared; a supervisor reads what their teams own or handled in them."""
    board = Board.of(request)
    return show(request, "kpis/queue_list.html", board, {"by_queue": lambda: members(board, "queue")})


def queue_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One queue and the teams that work in it."""
    queue = get_visible_or_404(Queue, request.user, pk=pk)
    board = Board.of(request, queue=queue)
    more: dict[str, Make] = {"by_team": lambda: members(board, "team")}
    return overview(request, "kpis/queue_detail.html", board, more, main="service_level", keys=CENTRE, queue=queue)
