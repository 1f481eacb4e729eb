"""Which target holds for a KPI in a slice: the most particular one on the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from kpis.models import Target
from people.days import holds_on
from people.models import Membership, Queue, QueueRules, Team

Slice = tuple[int | None, int | None, int | None]  # team, agent, queue


@dataclass(frozen=True)
class Goal:
    """A value to reach, and how far beside it is still tolerated."""

    value: float
    tolerance: float = 0


@dataclass(frozen=True)
class Promise:
    """The service level (0–1) that a queue (id) promises; its owner is a team (id)."""

    queue: int
    is_active: bool
    owner: int | None
    channel: str
    promise: float


class Targets:
    """The targets of these KPIs (by key) that hold on a day, for any slices; what decides them is read once.

    The slice's own target comes first; then, for an agent, the team's; for a queue, its owner's; for a team, the one
    above it, and so on; last the centre's. The service level's target is otherwise the one in the queues' rules, where
    all queues of the slice promise the same. A target of all channels does not judge one ``channel`` alone: kept to
    one, only queues have targets, which serve a single channel anyway, and what they promise.
    """

    def __init__(self, keys: Collection[str], *, on: dt.date, channel: str | None = None) -> None:
        self.keys = keys
        self.on = on
        self.channel = channel
        self._team_of_agent: dict[int, int | None] = {}

    def of(self, *, team: int | None = None, agent: int | None = None, queue: int | None = None) -> dict[str, Goal]:
        """By KPI the target of a slice (ids); a KPI without one is left out."""
        found: dict[str, Goal] = {}
        for slice_ in self._slices(team, agent, queue) if self._rows else ():
            for row in self._rows.get(slice_, ()):
                found.setdefault(row.kpi, Goal(float(row.value), float(row.tolerance)))
        if "service_level" in self.keys and "service_level" not in found:
            promises = self._promises(team, queue)
            if len(promises) == 1:
                found["service_level"] = Goal(*promises)
        return found

    def of_teams(self, ids: Collection[int]) -> dict[str, Goal]:
        """The targets of several teams taken together: those that all have alike; a team stands for its tree."""
        topmost = [pk for pk in ids if self._parents.get(pk) not in ids]
        first, *others = [self.of(team=pk) for pk in topmost]
        return {key: goal for key, goal in first.items() if all(found.get(key) == goal for found in others)}

    def of_each(self, dimension: str, ids: Collection[int]) -> dict[int, dict[str, Goal]]:
        """The same for each of many teams, agents or queues, with as few queries as for one."""
        if dimension == "agent":
            self._team_of_agent |= teams_of(ids, self.on)
        return {pk: self.of(**{dimension: pk}) for pk in ids}

    @cached_property
    def _rows(self) -> dict[Slice, list[Target]]:
        """The targets in force by slice, the latest first."""
        found: dict[Slice, list[Target]] = {}
        for row in Target.objects.filter(holds_on(self.on), kpi__in=list(self.keys)).order_by("-starts_on"):
            found.setdefault((row.team_id, row.agent_id, row.queue_id), []).append(row)
        return found

    def _slices(self, team: int | None, agent: int | None, queue: int | None) -> Iterator[Slice]:
        """From the most particular slice to the centre; none for one channel of many queues."""
        if self.channel and not queue:
            return
        yield team, agent, queue
        if agent and not team:
            if agent not in self._team_of_agent:
                self._team_of_agent |= teams_of([agent], self.on)
            team = self._team_of_agent[agent]
        if queue:
            yield None, None, queue
            team = team or self._owners.get(queue)
        while team:
            yield team, None, None
            team = self._parents.get(team)
        yield None, None, None

    @cached_property
    def _parents(self) -> dict[int, int | None]:
        return dict(Team.objects.without_tree_fields().order_by().values_list("pk", "parent"))

    @cached_property
    def _owners(self) -> dict[int, int | None]:
        return dict(Queue.objects.order_by().values_list("pk", "owner_team"))

    def _promises(self, team: int | None, queue: int | None) -> set[float]:
        """Which service levels are promised by a queue, by the queues of a team and those below it, or by all."""
        if queue:
            return {rule.promise for rule in self._rules if rule.queue == queue}
        return {
            rule.promise
            for rule in self._rules
            if rule.is_active
            and self.channel in (None, rule.channel)
            and (team is None or self._is_below(rule.owner, team))
        }

    def _is_below(self, owner: int | None, team: int) -> bool:
        while owner and owner != team:
            owner = self._parents.get(owner)
        return owner == team

    @cached_property
    def _rules(self) -> list[Promise]:
        """Those of each queue's rules in force."""
        rules = QueueRules.objects.filter(holds_on(self.on, start="valid_from", end="valid_until"))
        rows = rules.order_by().values_list(
            "queue", "queue__is_active", "queue__owner_team", "queue__channel", "service_level_target"
        )
        return [Promise(queue, active, owner, channel, float(level)) for queue, active, owner, channel, level in rows]


def teams_of(agents: Iterable[int], on: dt.date) -> dict[int, int | None]:
    """The team that each of these agents belongs to on a day; None for none."""
    found: dict[int, int | None] = dict.fromkeys(agents)
    rows = Membership.objects.filter(holds_on(on), agent__in=list(found))
    return found | dict(rows.order_by().values_list("agent", "team"))
