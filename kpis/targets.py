"""Which target holds for a KPI in a slice: the most particular one on the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

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
    rows = _in_force(keys, on)
    found = _first(rows, _slices(at, on) if rows else ())
    if "service_level" in keys and "service_level" not in found and (promised := _promised(at, on)):
        found["service_level"] = Goal(promised)
    return found


def targets_by_team(keys: Collection[str], *, on: dt.date, teams: Iterable[int]) -> dict[int, dict[str, Goal]]:
    """For each of these teams the targets that `targets_for` finds, with as few queries as for one team."""
    above = _teams_above()
    rows = _in_force(keys, on)
    found = {team: _first(rows, [(at, None, None) for at in (*above[team], None)]) for team in teams}
    if "service_level" in keys:
        promises = _promises_by_team(above, on)
        for team, targets in found.items():
            if len(promised := promises.get(team, set())) == 1:
                targets.setdefault("service_level", Goal(*promised))
    return found


def _teams_above() -> dict[int, list[int]]:
    """For every team its own id and those of the teams above it, the nearest first."""
    parents = dict(Team.objects.without_tree_fields().order_by().values_list("pk", "parent"))
    found: dict[int, list[int]] = {}
    for team in parents:
        found[team] = [team]
        while (parent := parents[found[team][-1]]) is not None:
            found[team].append(parent)
    return found


def _promises_by_team(above: Mapping[int, list[int]], on: dt.date) -> dict[int, set[float]]:
    """Which service levels the queues of a team and of the teams below it promise."""
    found: dict[int, set[float]] = {}
    queues = Queue.objects.filter(is_active=True, owner_team__isnull=False)
    rules = _rules_in_force(queues, on).values_list("queue__owner_team", "service_level_target")
    for owner, promise in rules:
        for team in above[owner]:
            found.setdefault(team, set()).add(float(promise))
    return found


Slice = tuple[int | None, int | None, int | None]


def _in_force(keys: Iterable[str], on: dt.date) -> list[Target]:
    """The targets that hold on a day, the latest first."""
    in_force = Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gt=on))
    return list(Target.objects.filter(in_force, kpi__in=list(keys)).order_by("-starts_on"))


def _first(rows: list[Target], slices: Iterable[Slice]) -> dict[str, Goal]:
    """By KPI the target of the first slice that has one."""
    by_slice: dict[Slice, list[Target]] = {}
    for row in rows:
        by_slice.setdefault((row.team_id, row.agent_id, row.queue_id), []).append(row)
    found: dict[str, Goal] = {}
    for slice_ in slices:
        for row in by_slice.get(slice_, ()):
            found.setdefault(row.kpi, Goal(float(row.value), float(row.tolerance)))
    return found


def _slices(at: Mapping[str, int], on: dt.date) -> Iterable[Slice]:
    """From the most particular slice to the centre."""
    team, agent, queue = (at.get(name) for name in PARTS)
    yield team, agent, queue
    if agent and not team:
        team = team_of(agent, on)
    if queue:
        yield None, None, queue
        team = team or Queue.objects.values_list("owner_team", flat=True).get(pk=queue)
    if team:
        yield team, None, None
        for above in reversed(Team.objects.get(pk=team).ancestors()):
            yield above.pk, None, None
    yield None, None, None


def team_of(agent: int, on: dt.date) -> int | None:
    """The team that an agent belongs to on a day."""
    current = Q(ends_on__isnull=True) | Q(ends_on__gt=on)
    return Membership.objects.filter(current, agent=agent, starts_on__lte=on).values_list("team", flat=True).first()


def _promised(at: Mapping[str, int], on: dt.date) -> float | None:
    """The service level that all queues of the slice promise, if they promise the same."""
    queues = Queue.objects.filter(pk=at["queue"]) if "queue" in at else Queue.objects.filter(is_active=True)
    if "queue" not in at and "team" in at:
        teams = Team.objects.get(pk=at["team"]).descendants(include_self=True).values_list("pk", flat=True)
        queues = queues.filter(owner_team__in=list(teams))
    promises = set(_rules_in_force(queues, on).values_list("service_level_target", flat=True))
    return float(promises.pop()) if len(promises) == 1 else None


def _rules_in_force(queues: QuerySet[Queue], on: dt.date) -> QuerySet[QueueRules]:
    rules = QueueRules.objects.filter(queue__in=queues, valid_from__lte=on)
    return rules.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=on))
