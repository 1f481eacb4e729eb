"""The one figure of others that an agent may read: what their team reaches, where enough stand behind it.

Agents see themselves and nobody else (people/scoping.py). To judge one's own handle time one wants the team's
beside it, and that figure tells of colleagues. So it leaves through this door alone, and only under this rule:
the agent's present team has at least `FEWEST_AGENTS` members, and as many agents stand behind the figure. Then
an agent who takes away the own part is left with a figure of several colleagues, never of one. Only ratios pass: a
team's total would say nothing to one person. No agent is named, and no split goes out.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from django.db.models import Q

from kpis.kpi import Kpi
from kpis.measure import Reading, can_measure, measure
from kpis.period import Period
from kpis.targets import teams_of
from people.days import holds_on
from people.models import Membership, Role, User

FEWEST_AGENTS = 5
SPLIT = ("team", "agent")


def team_benchmark(kpis: Sequence[Kpi], *, viewer: User, period: Period) -> dict[str, Reading]:
    """By KPI, what the viewer's own team reaches over a period; without those that too few stand behind.

    The team is the one on the last day of the period, by itself, without the teams below it. Empty for who is no
    agent, belongs to no team, or to one that is too small.
    """
    own = viewer.own_agent_id
    team = teams_of([own], period.end)[own] if own else None
    if team is None or _members(team, period.end) < FEWEST_AGENTS:
        return {}
    asked = [kpi for kpi in kpis if kpi.bottom is not None and can_measure(kpi, SPLIT)]
    # Reads as the product itself: nobody signs in as this user, who is never saved.
    system = User(roles=[Role.DIRECTOR])
    where = {"team": [team]}
    of_each = measure(asked, viewer=system, period=period, by=("agent",), where=where)
    behind = Counter(reading.kpi.key for reading in of_each if reading.n > 0 and reading.at["agent"] is not None)
    shared = [kpi for kpi in asked if behind[kpi.key] >= FEWEST_AGENTS]
    return {reading.kpi.key: reading for reading in measure(shared, viewer=system, period=period, where=where)}


def _members(team: int, on: dt.date) -> int:
    """How many agents belong to a team on a day and still work here."""
    members = Membership.objects.filter(holds_on(on), team=team)
    return members.filter(Q(agent__left_on__isnull=True) | Q(agent__left_on__gt=on)).count()
