"""The director's part: the centre at a glance, its teams, and what is off."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from callcenter.home.comparison import Comparison, compare_teams
from callcenter.home.days import WEEK, Desk, in_words, last_days
from callcenter.home.glances import Glance, glances, lines_of_days
from callcenter.home.off import off
from callcenter.home.section import Section
from kpis.dashboards.board import Board
from kpis.dashboards.findings import Finding

CENTRE = (
    "contacts_offered",
    "service_level",
    "abandonment_rate",
    "average_handle_time",
    "first_contact_resolution",
    "csat",
)


@dataclass(frozen=True)
class Centre:
    """What the section shows."""

    board: Board
    glances: list[Glance]
    teams: Comparison
    off: list[Finding]


def director_section(desk: Desk) -> Section:
    """The last seven days and the last day, against target and the week before."""
    board = desk.board(last_days(desk.reach, WEEK), CENTRE)
    teams = compare_teams(board, key="teams", title=_("Teams"))
    shown = glances(board, CENTRE, lines_of_days(board, CENTRE))
    content = Centre(board, shown, teams, off(desk, board, shown))
    return Section(
        "director",
        _("The centre at a glance"),
        in_words(board),
        content,
        url=f"{reverse('kpis:centre')}?{board.selection.query}",
        action=_("The whole centre"),
        parts={teams.part.key: teams.part},
    )
