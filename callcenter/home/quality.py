"""The QA analyst's part: what customers said and whether their contacts were resolved, by team."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from callcenter.home.comparison import Comparison, compare_teams
from callcenter.home.days import FOUR_WEEKS, Desk, in_words, last_days
from callcenter.home.glances import Glance, glances
from callcenter.home.section import Section
from kpis.dashboards.board import Board

QUALITY = ("csat", "nps", "ces", "complaint_rate", "first_contact_resolution", "transfer_rate")
BY_TEAM = ("csat", "first_contact_resolution", "complaint_rate")


@dataclass(frozen=True)
class Quality:
    """What the section shows."""

    board: Board
    glances: list[Glance]
    teams: Comparison


def quality_section(desk: Desk) -> Section:
    """Four weeks against the four before: answers are few, and a week of them says little."""
    board = desk.board(last_days(desk.reach, FOUR_WEEKS), QUALITY)
    teams = compare_teams(board, key="quality_by_team", title=_("Quality by team"), kpis=BY_TEAM)
    return Section(
        "quality",
        _("Quality"),
        in_words(board),
        Quality(board, glances(board, QUALITY, {}), teams),
        url=f"{reverse('kpis:kpi_detail', args=['csat'])}?{board.selection.query}",
        action=_("Customer satisfaction in detail"),
        parts={teams.part.key: teams.part},
    )
