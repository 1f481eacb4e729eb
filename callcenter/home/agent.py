"""An agent's part: the own figures, their course, and what the team reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from callcenter.home.days import FOUR_WEEKS, WEEK, WEEKS_WATCHED, Desk, in_words, last_days, last_weeks, matures
from callcenter.home.glances import Glance, Line, glances, line_of, lines_of_days, without_sparks
from callcenter.home.section import Section
from kpis.benchmark import FEWEST_AGENTS, team_benchmark
from kpis.dashboards.board import Board
from kpis.dashboards.findings import Finding, changed
from kpis.dashboards.parts import Part, trend
from kpis.definitions import KPIS
from kpis.kpi import Kpi
from kpis.measure import Reading
from kpis.selection import Selection
from kpis.text import format_value
from people.access import get_visible_or_404
from people.models import Agent

OWN = (
    "contacts_handled",
    "average_handle_time",
    "first_contact_resolution",
    "csat",
    "adherence",
    "transfer_rate",
)
DRAWN = ("average_handle_time", "first_contact_resolution", "csat")


@dataclass(frozen=True)
class OwnNumbers:
    """What the section shows. ``fewest`` is how many must stand behind a team's figure; it has one or none."""

    board: Board
    agent: Agent
    glances: list[Glance]
    has_benchmark: bool
    fewest: int
    changed: list[Finding]
    trends: list[Part]
    drawn: Selection


def agent_section(desk: Desk) -> Section:
    """Four weeks, which say more of one person than one; the last week and day beside them."""
    agent = get_visible_or_404(Agent, desk.viewer, pk=desk.viewer.own_agent_id)
    period = last_days(desk.reach, FOUR_WEEKS)
    board = desk.board(period, OWN, agent=agent)
    benchmark = team_benchmark([KPIS[key] for key in OWN], viewer=desk.viewer, period=period)
    course = desk.board(last_weeks(desk.reach, WEEKS_WATCHED), DRAWN, agent=agent)
    course.foresee(KPIS[key] for key in DRAWN)
    trends = [_trend(course, KPIS[key]) for key in DRAWN if course.can(KPIS[key])]
    content = OwnNumbers(
        board,
        agent,
        without_sparks(glances(board, OWN, _lines(board, benchmark))),
        bool(benchmark),
        FEWEST_AGENTS,
        list(changed(board)),
        trends,
        course.selection,
    )
    return Section(
        "agent",
        _("My numbers"),
        in_words(board),
        content,
        url=f"{reverse('kpis:agent_detail', args=[agent.pk])}?{board.selection.query_with(agent=None)}",
        action=_("All my numbers"),
        parts={part.key: part for part in trends},
    )


def _lines(board: Board, benchmark: Mapping[str, Reading]) -> dict[str, list[Line]]:
    """The last days, the last week, and the team's figure where the agent may read it."""
    assert board.selection.reach is not None  # there is no section without data
    lines = lines_of_days(board, OWN)
    week = last_days(board.selection.reach, WEEK)
    kpis = [KPIS[key] for key in OWN if not matures(KPIS[key])]
    for reading in board.read(kpis, period=week):
        lines.setdefault(reading.kpi.key, []).append(line_of(board, _("Last 7 days"), reading))
    for key, reading in benchmark.items():
        lines.setdefault(key, []).append(Line(_("My team"), format_value(reading.kpi, reading.value)))
    return lines


def _trend(course: Board, kpi: Kpi) -> Part:
    """Under a key of its own: the page has several of them."""
    return replace(trend(course, kpi), key=f"trend_{kpi.key}")
