"""Home: what a person's roles come for, on one page."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render

from callcenter.home.administrator import administrator_section
from callcenter.home.agent import agent_section
from callcenter.home.days import Desk
from callcenter.home.director import director_section
from callcenter.home.quality import quality_section
from callcenter.home.section import Section
from callcenter.home.supervisor import supervisor_section
from kpis.dashboards.board import Board
from kpis.dashboards.gaps import Gap, gap
from kpis.horizon import horizon, last_run
from kpis.selection import Selection
from kpis.views.page import answer_with_part
from people.access import viewer_of
from people.models import Role, User


def home(request: HttpRequest) -> HttpResponseBase:
    """The sections of all roles; who has none yet is told what comes and whom to ask. Or one part of them."""
    viewer, reach = viewer_of(request), horizon()
    missing = _missing(viewer, reach)
    sections = _sections(viewer, reach, request.GET.get("team", ""), is_empty=missing is not None)
    parts = {key: lambda part=part: part for section in sections for key, part in section.parts.items()}
    if part := answer_with_part(request, parts):
        return part
    if not sections and not missing:
        return render(request, "callcenter/home/welcome.html", {"is_shopper": viewer.has_role(Role.SHOPPER)})
    page = {"sections": sections, "gap": missing, "reach": reach, "run": last_run()}
    return render(request, "callcenter/home/home.html", page)


def _missing(viewer: User, reach: dt.date | None) -> Gap | None:
    """Why there are no figures; None where there are, or where the person comes for something else."""
    comes_for_figures = viewer.has_role(Role.DIRECTOR, Role.QA_ANALYST, Role.SUPERVISOR) or viewer.own_agent_id
    if not comes_for_figures or (reach is None and viewer.has_role(Role.ADMINISTRATOR)):
        return None
    return gap(Board(viewer, Selection.read(QueryDict(), viewer=viewer, reach=reach)))


def _sections(viewer: User, reach: dt.date | None, team: str, *, is_empty: bool) -> list[Section]:
    """From the whole to the single person; the operation of the product last, before the first numbers alone."""
    found: list[Section | None] = []
    if reach and not is_empty:
        desk = Desk(viewer, reach)
        if viewer.has_role(Role.DIRECTOR):
            found.append(director_section(desk))
        if viewer.has_role(Role.SUPERVISOR):
            found.append(supervisor_section(desk, team))
        if viewer.has_role(Role.QA_ANALYST):
            found.append(quality_section(desk))
        if viewer.own_agent_id:
            found.append(agent_section(desk))
    if viewer.has_role(Role.ADMINISTRATOR):
        found.append(administrator_section(viewer, reach))
    return [section for section in found if section]
