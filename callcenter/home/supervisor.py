"""The supervisor's part: before the shift, what is off in the own team and who needs help; then its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from callcenter.home.comparison import LEADING, Comparison, compare_teams
from callcenter.home.days import FOUR_WEEKS, WEEK, Desk, in_words, last_days
from callcenter.home.glances import Glance, glances, lines_of_days
from callcenter.home.need import Needs, who_needs_help
from callcenter.home.off import off
from callcenter.home.section import Section
from kpis.dashboards.board import Board
from kpis.dashboards.findings import Finding
from kpis.lasting.watched import OF_PEOPLE
from kpis.text import format_period
from people.models import Channel, Membership, Queue, Team, User

# Of either list the first six that the team has: where customers write, nobody waits in a line, but work piles up.
SPOKEN = (
    "contacts_handled",
    "service_level",
    "abandonment_rate",
    "average_handle_time",
    "first_contact_resolution",
    "csat",
    "adherence",
)
WRITTEN = (
    "contacts_handled",
    "backlog",
    "overdue_rate",
    "average_response_time",
    "average_handle_time",
    "first_contact_resolution",
    "csat",
)
WRITTEN_CHANNELS = {Channel.EMAIL, Channel.TICKET}


@dataclass(frozen=True)
class OwnTeam:
    """What the section shows: of one team with the teams below it, and all own teams side by side."""

    board: Board
    team: Team
    others: list[Team]
    has_agents: bool
    off: list[Finding]
    glances: list[Glance]
    needs: Needs
    needs_period: str
    teams: Comparison | None


def supervisor_section(desk: Desk, asked: str) -> Section | None:
    """The team that was ``asked`` for by id, else the one most in need. None for who leads no team."""
    viewer = desk.viewer
    own = list(Team.objects.visible_to(viewer).without_tree_fields().filter(supervisors=viewer).order_by("name"))
    if not own:
        return None
    compared = _compared(desk) if len(viewer.supervised_team_ids) > 1 else None
    team = _chosen(own, asked, compared)
    content = _own_team(desk, team, [other for other in own if other != team], compared)
    return Section(
        "supervisor",
        team.name,
        in_words(content.board),
        content,
        url=f"{reverse('kpis:team_detail', args=[team.pk])}?{content.board.selection.query_with(team=None)}",
        action=_("The whole team"),
        parts={compared.part.key: compared.part} if compared else {},
    )


def _own_team(desk: Desk, team: Team, others: list[Team], compared: Comparison | None) -> OwnTeam:
    """The last week and day of the team, its last four weeks agent by agent, and what has been off for weeks."""
    teams = team.branch_ids()
    keys = _tiles(desk.viewer, teams)
    board = desk.board(last_days(desk.reach, WEEK), keys, team=team)
    lately = desk.board(last_days(desk.reach, FOUR_WEEKS), OF_PEOPLE)
    shown = glances(board, keys, lines_of_days(board, keys))
    needs = who_needs_help(lately, teams)
    return OwnTeam(
        board,
        team,
        others,
        Membership.objects.filter(team__in=teams).exists(),
        _apart_from(needs, off(desk, board, shown)),
        shown,
        needs,
        format_period(lately.selection.period),
        compared,
    )


def _tiles(viewer: User, teams: Sequence[int]) -> tuple[str, ...]:
    """What to show of teams, by the channels of the queues they own."""
    owned = Queue.objects.visible_to(viewer).filter(owner_team__in=teams, is_active=True)
    channels = set(owned.values_list("channel", flat=True))
    return WRITTEN if channels and channels <= WRITTEN_CHANNELS else SPOKEN


def _apart_from(needs: Needs, found: list[Finding]) -> list[Finding]:
    """What is off without the agents who stand in the list beside it; what is good is said of them, too."""
    named = {agent.url.partition("?")[0] for agent in needs.agents}
    return [finding for finding in found if finding.tone == "good" or finding.url.partition("?")[0] not in named]


def _compared(desk: Desk) -> Comparison:
    board = desk.board(last_days(desk.reach, WEEK), LEADING)
    return compare_teams(board, key="own_teams", title=_("Your teams"), only=desk.viewer.supervised_team_ids)


def _chosen(own: Sequence[Team], asked: str, compared: Comparison | None) -> Team:
    by_id = {str(team.pk): team for team in own}
    ranked = [str(row.team) for row in compared.rows] if compared else []
    return next((by_id[pk] for pk in (asked, *ranked) if pk in by_id), own[0])
