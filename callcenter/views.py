"""Home: sends each role to its page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from people.access import viewer_of
from people.models import Role, User


def home(request: HttpRequest) -> HttpResponse:
    """The page a person came for; who has none yet is told what comes and whom to ask."""
    user = viewer_of(request)
    if address := _page_of(user):
        return redirect(*address)
    return render(request, "callcenter/home.html", {"is_shopper": user.has_role(Role.SHOPPER)})


def _page_of(user: User) -> tuple[str, ...]:
    if user.sees_everything:
        return ("kpis:centre",)
    if user.has_role(Role.SUPERVISOR):
        teams = list(user.supervised_teams.values_list("pk", flat=True)[:2])
        return ("kpis:team_detail", teams[0]) if len(teams) == 1 else ("kpis:team_list",)
    if user.own_agent_id:
        return ("kpis:agent_detail", user.own_agent_id)
    return ()
