"""Agents who may need help: their figure differs from their team's by more than chance explains."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kpis.dashboards.board import Board
from kpis.dashboards.labels import Labels
from kpis.definitions import KPIS
from kpis.kpi import Better, Unit
from kpis.measure import Reading
from kpis.text import format_sample, format_value
from people.days import holds_on
from people.models import Membership

COMPARED = ("first_contact_resolution", "csat", "average_handle_time")
MOST = 5


@dataclass(frozen=True)
class Need:
    """An agent, what is below the team's figure, and the agent's page."""

    name: str
    url: str
    sentences: list[str]


@dataclass(frozen=True)
class Needs:
    """The agents who stand out most, and how many more there are."""

    agents: list[Need]
    more: int


def who_needs_help(board: Board, teams: Sequence[int]) -> Needs:
    """The agents of these teams whose interval (95 %) lies wholly on the worse side of their own team's value.

    Only where the sample is large enough to be judged, and only who is in the team at the end of the period:
    nobody can help who has moved on. Who stands out most comes first.
    """
    kpis, within = [KPIS[key] for key in COMPARED], {"team": teams}
    of_team = {(reading.at["team"], reading.kpi.key): reading for reading in board.read(kpis, "team", only=within)}
    present = _members(teams, board)
    found: dict[int, list[tuple[float, Reading, Reading]]] = {}
    for reading in board.read(kpis, "team", "agent", only=within):
        team = of_team[reading.at["team"], reading.kpi.key]
        distance = beyond_chance(reading, team)
        if distance > 0 and (reading.at["team"], reading.at["agent"]) in present:
            found.setdefault(reading.at["agent"], []).append((distance, reading, team))
    ranked = sorted(found.values(), key=lambda stands: max(entry[0] for entry in stands), reverse=True)
    shown = [[entry[1:] for entry in sorted(stands, key=_distance, reverse=True)] for stands in ranked[:MOST]]
    labels = Labels(board.viewer, board.selection, [reading for stands in shown for reading, _team in stands])
    return Needs([_need(stands, labels) for stands in shown], more=len(ranked) - len(shown))


def beyond_chance(reading: Reading, team: Reading) -> float:
    """How far on the worse side of the team's value the interval begins, in widths of itself; 0 where it does not."""
    if reading.is_small or reading.interval is None or team.value is None:
        return 0
    low, high = reading.interval
    gap = team.value - high if reading.kpi.better is Better.HIGHER else low - team.value
    if gap <= 0:
        return 0
    return gap / (high - low) if high > low else math.inf


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


def _distance(entry: tuple[float, Any, Any]) -> float:
    return entry[0]


def _need(stands: list[Any], labels: Labels) -> Need:
    agent = stands[0][0].at["agent"]
    sentences = [sentence(reading, team) for reading, team in stands]
    return Need(labels.name("agent", agent), labels.url("agent", agent), sentences)


def _members(teams: Sequence[int], board: Board) -> set[tuple[int, int]]:
    """Who belongs to which of the teams at the end of the period: (team, agent)."""
    end = board.selection.period.end
    members = Membership.objects.filter(holds_on(end), team__in=teams)
    return set(members.values_list("team", "agent"))
