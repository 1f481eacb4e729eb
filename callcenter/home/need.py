"""Agents who may need help: their figure lies further from their team's than the team's agents ordinarily do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kpis.dashboards.board import Board
from kpis.dashboards.labels import Labels
from kpis.dashboards.people import Differing, differing_from
from kpis.definitions import KPIS
from kpis.kpi import Kpi, Unit
from kpis.lasting.watched import OF_PEOPLE
from kpis.measure import Reading
from kpis.text import format_sample, format_value
from people.days import holds_on
from people.models import Membership

MOST = 5


@dataclass(frozen=True)
class Need:
    """An agent, what is below the team's figure, and the agent's page."""

    name: str
    url: str
    sentences: list[str]


@dataclass(frozen=True)
class Needs:
    """The agents who stand out most, how many more there are, and whether enough was measured to compare at all."""

    agents: list[Need]
    more: int
    could_compare: bool


@dataclass(frozen=True)
class Stand:
    """One figure of an agent, the team's, and how many standard errors of the funnel lie between them."""

    reading: Reading
    team: Reading
    distance: float


def who_needs_help(board: Board, teams: Sequence[int]) -> Needs:
    """The agents of these teams who lie beyond the funnel of their own team, on the worse side of its value.

    It is the rule by which the team's page names who differs, so a team of whom fewer than four can be judged has
    nobody here. Only who is in the team at the end of the period: nobody can help who has moved on. Who stands out
    most comes first.
    """
    compared = _compared(board, teams)
    present = _members(teams, board)
    found: dict[int, list[Stand]] = {}
    for team, differing in compared:
        for stand in _worse(team, differing):
            if (team.at["team"], stand.reading.at["agent"]) in present:
                found.setdefault(stand.reading.at["agent"], []).append(stand)
    ranked = sorted(found.values(), key=lambda stands: max(map(_distance, stands)), reverse=True)
    shown = [sorted(stands, key=_distance, reverse=True) for stands in ranked[:MOST]]
    labels = Labels(board.viewer, board.selection, [stand.reading for stands in shown for stand in stands])
    return Needs([_need(stands, labels) for stands in shown], len(ranked) - len(shown), bool(compared))


def _compared(board: Board, teams: Sequence[int]) -> list[tuple[Reading, Differing]]:
    """Each team's reading of each KPI with how its agents compare, where enough of them can be judged."""
    kpis, within = [KPIS[key] for key in OF_PEOPLE], {"team": teams}
    agents: dict[tuple[int, Kpi], list[Reading]] = {}
    for reading in board.read(kpis, "team", "agent", only=within):
        if reading.at["agent"]:
            agents.setdefault((reading.at["team"], reading.kpi), []).append(reading)
    made = [
        (reading, differing_from(reading, agents.get((reading.at["team"], reading.kpi), [])))
        for reading in board.read(kpis, "team", only=within)
    ]
    return [(reading, differing) for reading, differing in made if differing]


def _worse(team: Reading, differing: Differing) -> Iterable[Stand]:
    """Who differs for the worse."""
    for reading in differing.outside:
        value = reading.value or 0.0
        if differing.kpi.is_gain(value - differing.shape.value) is False:
            yield Stand(reading, team, abs(differing.shape.score(value, reading.n)))


def sentence(reading: Reading, team: Reading) -> str:
    """The figure, what it rests on, and the team's: FCR 61.2% of 295 contacts, team 75.0%."""
    words = {
        "kpi": reading.kpi.name,
        "value": format_value(reading.kpi, reading.value),
        "sample": format_sample(reading.kpi, reading.n),
        "team": format_value(reading.kpi, team.value),
    }
    if reading.kpi.unit is Unit.SHARE:
        return _("%(kpi)s %(value)s of %(sample)s, team %(team)s") % words
    return _("%(kpi)s %(value)s over %(sample)s, team %(team)s") % words


def _distance(stand: Stand) -> float:
    return stand.distance


def _need(stands: Sequence[Stand], labels: Labels) -> Need:
    agent = stands[0].reading.at["agent"]
    sentences = [sentence(stand.reading, stand.team) for stand in stands]
    return Need(labels.name("agent", agent), labels.url("agent", agent), sentences)


def _members(teams: Sequence[int], board: Board) -> set[tuple[int, int]]:
    """Who belongs to which of the teams at the end of the period: (team, agent)."""
    end = board.selection.period.end
    members = Membership.objects.filter(holds_on(end), team__in=teams)
    return set(members.values_list("team", "agent"))
