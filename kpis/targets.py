"""Which target holds for a KPI in a slice: the most particular one on the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from kpis.models import Target
from people.models import Membership, Queue, QueueRules, Team

PARTS = ("team", "agent", "queue")


@dataclass(frozen=True)
class Goal:
    """A value to reach, and how far beside it is still tolerated."""

    value: float
    tolerance: float = 0


def targets_for(keys: Iterable[str], *, on: dt.date, at: Mapping[str, int] | None = None) -> dict[str, Goal]:
    """The target of each KPI (by key) that holds ``on`` a day for a slice (team, agent and queue ids).

    The slice's own target comes first; then, for an agent, the team's; for a team, the one above it, and so
    on; last the centre's. The service level's target is otherwise the one in the queues' rules, where all
    queues of the slice promise the same.
    """
    at = at or {}
    in_force = Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gt=on))
    rows = list(Target.objects.filter(in_force, kpi__in=list(keys)).order_by("-starts_on"))
    found: dict[str, Goal] = {}
    for team, agent, queue in _slices(at, on) if rows else ():
        for row in rows:
            if (row.team_id, row.agent_id, row.queue_id) == (team, agent, queue):
                found.setdefault(row.kpi, Goal(float(row.value), float(row.tolerance)))
    if "service_level" in keys and "service_level" not in found and (promised := _promised(at, on)):
        found["service_level"] = Goal(promised)
    return found


def _slices(at: Mapping[str, int], on: dt.date) -> Iterable[tuple[int | None, int | None, int | None]]:
    """From the most particular slice to the centre."""
    team, agent, queue = (at.get(name) for name in PARTS)
    yield team, agent, queue
    if agent and not team:
        team = _team_of(agent, on)
    if queue:
        yield None, None, queue
        team = team or Queue.objects.values_list("owner_team", flat=True).get(pk=queue)
    if team:
        yield team, None, None
        for above in reversed(Team.objects.get(pk=team).ancestors()):
            yield above.pk, None, None
    yield None, None, None


def _team_of(agent: int, on: dt.date) -> int | None:
    current = Q(ends_on__isnull=True) | Q(ends_on__gt=on)
    return Membership.objects.filter(current, agent=agent, starts_on__lte=on).values_list("team", flat=True).first()


def _promised(at: Mapping[str, int], on: dt.date) -> float | None:
    """The service level that all queues of the slice promise, if they promise the same."""
    queues = Queue.objects.filter(pk=at["queue"]) if "queue" in at else Queue.objects.filter(is_active=True)
    if "queue" not in at and "team" in at:
        teams = Team.objects.get(pk=at["team"]).descendants(include_self=True).values_list("pk", flat=True)
        queues = queues.filter(owner_team__in=list(teams))
    rules = QueueRules.objects.filter(queue__in=queues, valid_from__lte=on).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=on)
    )
    promises = set(rules.values_list("service_level_target", flat=True))
    return float(promises.pop()) if len(promises) == 1 else None
