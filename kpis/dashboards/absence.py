"""What kept agents away in the hours in which a KPI is lost, as far as their states tell it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from interactions.models import AgentState
from interactions.text import format_digits, format_number
from kpis.dashboards.board import Board
from kpis.dashboards.hot_spot import HotSpot
from people.models import Membership, Queue, Team

STATE = AgentState.State
AWAY = (STATE.MEETING, STATE.TRAINING, STATE.BREAK, STATE.LUNCH)
HALF_HOUR = dt.timedelta(minutes=30)
# So much more of a state falls into the hours than would if it were spread over the day evenly.
MARKED = 2
# Fewer agents away at once explain nothing.
FEWEST = 0.5


@dataclass(frozen=True)
class Absence:
    """A state in which agents were in the hours in question: how many at once, on average, and for how long in all."""

    state: str
    people: float
    seconds: float

    @property
    def words(self) -> str:
        """Such as: at that time 2.9 agents on average were in the state Meeting, 52 h in all."""
        return _("at that time %(people)s agents on average were in the state “%(state)s”, %(hours)s h in all") % {
            "people": format_digits(self.people, 1),
            "state": STATE(self.state).label,
            "hours": format_number(self.seconds / 3_600),
        }


def absence(board: Board, spot: HotSpot) -> Absence | None:
    """The state that is marked by these hours: the team's of the page, or the team's that owns the queue."""
    team = _team(board, spot)
    zone = _zone(board, spot, team) if team else None
    if team is None or zone is None:
        return None
    days = [day for day in board.selection.period if day.weekday() == spot.weekday]
    states = board.once(("away", team.pk, spot.weekday), lambda: _states(board, team, days))
    within: dict[str, float] = defaultdict(float)
    whole: dict[str, float] = defaultdict(float)
    for state, day, start, end in states:
        midnight = dt.datetime.combine(day, dt.time(), zone)
        first, last = midnight + spot.first * HALF_HOUR, midnight + (spot.last + 1) * HALF_HOUR
        whole[state] += (end - start).total_seconds()
        within[state] += max(0.0, (min(end, last) - max(start, first)).total_seconds())
    length = len(spot.slots) * HALF_HOUR.total_seconds() * len(days)
    even = len(spot.slots) / spot.open_slots
    found = [
        Absence(state, seconds / length, seconds)
        for state, seconds in within.items()
        if seconds / length >= FEWEST and seconds >= MARKED * even * whole[state]
    ]
    return max(found, key=lambda one: one.seconds, default=None)


def _team(board: Board, spot: HotSpot) -> Team | None:
    if "team" in board.filters:
        team: Team = board.filters["team"]
        return team
    queue = spot.queue or board.filters.get("queue")
    return queue.owner_team if queue else None


def _zone(board: Board, spot: HotSpot, team: Team) -> ZoneInfo | None:
    """The clock of the half-hours: of the queue's site; None for a team with queues by several clocks."""
    if queue := spot.queue or board.filters.get("queue"):
        return ZoneInfo(queue.site.time_zone)
    teams = team.descendants(include_self=True).values("pk")
    queues = Queue.objects.visible_to(board.viewer).filter(owner_team__in=teams)
    zones = set(queues.values_list("site__time_zone", flat=True))
    return ZoneInfo(zones.pop()) if len(zones) == 1 else None


def _states(board: Board, team: Team, days: Collection[dt.date]) -> list[tuple[str, dt.date, dt.datetime, dt.datetime]]:
    """The spans in which the team's agents were away on these days: state, day, begin, end."""
    teams = team.branch_ids()
    agents = Membership.objects.filter(team__in=teams).values_list("agent", flat=True)
    states = AgentState.objects.visible_to(board.viewer).filter(
        agent__in=list(agents), team__in=teams, day__in=days, state__in=AWAY
    )
    return list(states.order_by().values_list("state", "day", "started_at", "ended_at"))
