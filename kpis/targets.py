"""Which target holds for a KPI in a slice: the most particular one on the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.db.models import Q

from kpis.models import Target
from people.days import holds_on
from people.lineage import Lineage
from people.models import Membership, Queue, QueueRules

Slice = tuple[int | None, int | None, int | None]
SLICED_BY = ("team", "agent", "queue")


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
    """The targets of these KPIs (by key) that hold on a day, for the slices asked for; what decides them is read once.

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
        self._goals: dict[Slice, dict[str, Goal]] = {}

    def of(self, *, team: int | None = None, agent: int | None = None, queue: int | None = None) -> dict[str, Goal]:
        """By KPI the target of a slice (ids); a KPI without one is left out."""
        slices = list(self._slices(team, agent, queue))
        self._learn(slices)
        found: dict[str, Goal] = {}
        for slice_ in slices:
            found = self._goals[slice_] | found
        if "service_level" in self.keys and "service_level" not in found:
            promises = self._promises(team, queue)
            if len(promises) == 1:
                found["service_level"] = Goal(*promises)
        return found

    def of_teams(self, ids: Collection[int]) -> dict[str, Goal]:
        """The targets of several teams taken together: those that all have alike; a team stands for its tree."""
        first, *others = [self.of(team=pk) for pk in self._lineage.topmost(ids)]
        return {key: goal for key, goal in first.items() if all(found.get(key) == goal for found in others)}

    def of_each(self, dimension: str, ids: Collection[int]) -> dict[int, dict[str, Goal]]:
        """The same for each of many teams, agents or queues, with as few queries as for one."""
        if dimension == "agent":
            self._team_of_agent |= teams_of(ids, self.on)
        self._learn(slice_ for pk in ids for slice_ in self._slices(**{dimension: pk}))
        return {pk: self.of(**{dimension: pk}) for pk in ids}

    def _learn(self, slices: Iterable[Slice]) -> None:
        """Read the targets in force of slices not known yet: those of a whole centre are many, a page asks for few."""
        missing = set(slices) - self._goals.keys()
        if not missing:
            return
        self._goals |= {slice_: {} for slice_ in missing}
        rows = Target.objects.filter(_within(missing), holds_on(self.on), kpi__in=list(self.keys))
        # The latest last, as it is the one that holds.
        ordered = rows.order_by("starts_on").values_list(*SLICED_BY, "kpi", "value", "tolerance")
        for team, agent, queue, kpi, value, tolerance in ordered:
            if (slice_ := (team, agent, queue)) in missing:
                self._goals[slice_][kpi] = Goal(float(value), float(tolerance))

    def _slices(self, team: int | None = None, agent: int | None = None, queue: int | None = None) -> Iterator[Slice]:
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
        if team:
            for one in (team, *self._lineage.above(team)):
                yield one, None, None
        yield None, None, None

    @cached_property
    def _lineage(self) -> Lineage:
        return Lineage()

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
        return owner is not None and (owner == team or team in self._lineage.above(owner))

    @cached_property
    def _rules(self) -> list[Promise]:
        """Those of each queue's rules in force."""
        rules = QueueRules.objects.filter(holds_on(self.on, start="valid_from", end="valid_until"))
        rows = rules.order_by().values_list(
            "queue", "queue__is_active", "queue__owner_team", "queue__channel", "service_level_target"
        )
        return [Promise(queue, active, owner, channel, float(level)) for queue, active, owner, channel, level in rows]


def _parts_set(slice_: Slice) -> tuple[bool, ...]:
    return tuple(part is not None for part in slice_)


def _within(slices: Collection[Slice]) -> Q:
    """That a target has the team, agent and queue of these slices; those of the same kind are asked for together."""
    found = Q()
    for is_set, alike in groupby(sorted(slices, key=_parts_set), key=_parts_set):
        parts = zip(SLICED_BY, is_set, zip(*alike, strict=True), strict=True)
        found |= Q(**{f"{name}__in" if known else name: set(ids) if known else None for name, known, ids in parts})
    return found


def teams_of(agents: Iterable[int], on: dt.date) -> dict[int, int | None]:
    """The team that each of these agents belongs to on a day; None for none."""
    found: dict[int, int | None] = dict.fromkeys(agents)
    rows = Membership.objects.filter(holds_on(on), agent__in=list(found))
    return found | dict(rows.order_by().values_list("agent", "team"))
