"""One viewer's look at one selection; every number of a page is read through here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kpis.definitions import KPIS
from kpis.horizon import horizon, last_run
from kpis.kpi import Kpi
from kpis.measure import Reading, can_measure, measure
from kpis.models import Run
from kpis.period import Period
from kpis.selection import Selection
from kpis.services import marked_days
from kpis.shares import is_of_handled_work, own_queues
from kpis.targets import Goal, Targets
from people.access import viewer_of
from people.models import Team, User

Found = TypeVar("Found")

MOST_NAMES = 3  # of teams in the head of a page


class Board:
    """Reads the KPIs of a selection, each set once. A page that shows few of them names their ``keys``."""

    def __init__(self, viewer: User, selection: Selection, keys: Iterable[str] = KPIS) -> None:
        self.viewer = viewer
        self.selection = selection
        self.keys = tuple(keys)
        self._found: dict[Any, list[Reading]] = {}
        self._foreseen: tuple[Kpi, ...] = ()
        self._foreseen_past: tuple[Kpi, ...] = ()
        self._courses: dict[Period, dict[str, dict[Any, Reading]]] = {}
        self._known: dict[Any, Any] = {}

    @classmethod
    def of(cls, request: HttpRequest, keys: Iterable[str] = KPIS, **kept_to: Any) -> Board:
        """The board that an address asks for, kept to one team, agent or queue if the page is about one."""
        viewer = viewer_of(request)
        selection = Selection.read(request.GET, viewer=viewer, reach=horizon())
        return cls(viewer, selection.kept_to(**kept_to), keys)

    def can(self, kpi: Kpi, *by: str) -> bool:
        """Whether this viewer can have the KPI in this selection, split by these dimensions."""
        dimensions = {*self.selection.filters, *by}
        if self.sees_own_share and not is_of_handled_work(kpi):
            return False
        return self.viewer.sees_figures and can_measure(kpi, dimensions, viewer=self.viewer)

    @property
    def is_measured(self) -> bool:
        """Whether anything was measured in this selection."""
        return any(reading.n for reading in self.now.values())

    @cached_property
    def own_queues(self) -> frozenset[int] | None:
        """The queues that the viewer's teams own, which they see whole; None where that does not matter."""
        return own_queues(self.viewer)

    @cached_property
    def sees_own_share(self) -> bool:
        """Whether the selection is kept to a queue of others: the viewer sees what their teams answered there."""
        return "queue" in self.filters and self.is_of_others(self.filters["queue"].pk)

    def is_of_others(self, queue: int) -> bool:
        """Whether a queue is one that the viewer does not see whole."""
        return self.own_queues is not None and queue not in self.own_queues

    @cached_property
    def whose(self) -> str:
        """Whose figures a selection without team, agent or queue tells, where they are not the whole centre's."""
        if self.viewer.sees_everything or self.filters.keys() & {"team", "agent", "queue"}:
            return ""
        if not self.viewer.supervised_team_ids:
            return _("your own work")
        teams = Team.objects.visible_to(self.viewer).without_tree_fields().order_by("name")
        names = [str(team) for team in teams]
        return ", ".join(names) if len(names) <= MOST_NAMES else _("your %(count)s teams") % {"count": len(names)}

    @cached_property
    def kpis(self) -> list[Kpi]:
        """Those of its KPIs that this selection has."""
        return [KPIS[key] for key in self.keys if self.can(KPIS[key])]

    @cached_property
    def chosen(self) -> Kpi | None:
        """The KPI that the charts were asked to show; None where each shows what is most telling."""
        return next((kpi for kpi in self.kpis if kpi.key == self.selection.kpi), None)

    def first_of(self, *keys: str) -> Kpi:
        """The first of these KPIs that the selection has; the first of all where the viewer has no figures at all."""
        known = {kpi.key: kpi for kpi in self.kpis}
        return next((known[key] for key in keys if key in known), next(iter(self.kpis), KPIS[keys[0]]))

    def read(
        self,
        kpis: Iterable[Kpi],
        *by: str,
        period: Period | None = None,
        only: Mapping[str, Collection[int]] | None = None,
    ) -> list[Reading]:
        """Readings of the KPIs that can be split so; the others are left out. ``only`` narrows the selection.

        The same question is put to the database once: several parts of a page are made of the same readings.
        """
        asked = [kpi for kpi in kpis if self.can(kpi, *by)]
        period = period or self.selection.period
        narrowed = {name: tuple(chosen) for name, chosen in (only or {}).items()}
        question = (tuple(kpi.key for kpi in asked), by, period, tuple(narrowed.items()))
        if question not in self._found:
            self._found[question] = self._measured(asked, by, period, narrowed) if asked else []
        return self._found[question]

    def _measured(
        self, kpis: Sequence[Kpi], by: tuple[str, ...], period: Period, only: Mapping[str, Collection[int]]
    ) -> list[Reading]:
        return measure(kpis, viewer=self.viewer, period=period, by=by, where={**self.selection.where, **only})

    @cached_property
    def now(self) -> dict[str, Reading]:
        """Every KPI over the period, by key."""
        return {reading.kpi.key: reading for reading in self.read(self.kpis)}

    @cached_property
    def before(self) -> dict[str, Reading]:
        """Every KPI over the comparison period, by key; empty without one."""
        if not self.selection.comparison:
            return {}
        return {reading.kpi.key: reading for reading in self.read(self.kpis, period=self.selection.comparison)}

    @cached_property
    def targets(self) -> dict[str, Goal]:
        """The targets of what is shown that hold at the end of the period, by KPI.

        Where nothing is chosen, that is the centre for who sees it, else the viewer's teams, else the viewer.
        """
        at = {name: self.selection.filters[name].pk for name in ("team", "agent", "queue") if name in self.filters}
        if at or self.viewer.sees_everything:
            return self.every_target.of(**at)
        if teams := self.viewer.supervised_team_ids:
            return self.every_target.of_teams(teams)
        return self.every_target.of(agent=self.viewer.own_agent_id)

    @cached_property
    def every_target(self) -> Targets:
        """The targets of every slice at the end of the period."""
        return Targets(KPIS.keys(), on=self.selection.period.end, channel=self.filters.get("channel"))

    @property
    def filters(self) -> Mapping[str, Any]:
        """The dimensions that the selection is kept to, each with what was chosen."""
        return self.selection.filters

    def foresee(self, kpis: Iterable[Kpi], *, past: Iterable[Kpi] | None = None) -> None:
        """Name the KPIs whose course several parts of a page will ask for, so that they are read together.

        ``past`` are those that will be asked for over earlier periods too, if not all of them.
        """
        self._foreseen = tuple(dict.fromkeys(kpis))
        self._foreseen_past = self._foreseen if past is None else tuple(dict.fromkeys(past))

    def course(self, kpis: Sequence[Kpi], *, period: Period | None = None) -> dict[str, dict[Any, Reading]]:
        """KPI → start of the step → reading, over the selection's period or another one in the same steps."""
        period = period or self.selection.period
        known = self._courses.setdefault(period, {})
        known |= self._days_of_longer_courses(period, [kpi.key for kpi in kpis if kpi.key not in known])
        if any(kpi.key not in known for kpi in kpis):
            foreseen = self._foreseen if period == self.selection.period else self._foreseen_past
            self._read_courses(period, {kpi.key: kpi for kpi in (*kpis, *foreseen) if kpi.key not in known})
        return {kpi.key: known[kpi.key] for kpi in kpis}

    def _read_courses(self, period: Period, asked: Mapping[str, Kpi]) -> None:
        step, known = self.selection.step, self._courses[period]
        known |= {key: {} for key in asked}
        for reading in self.read(asked.values(), step, period=period):
            known[reading.kpi.key][reading.at[step]] = reading

    def _days_of_longer_courses(self, period: Period, keys: Collection[str]) -> dict[str, dict[Any, Reading]]:
        """What courses already read know of a period within theirs. Days alone: a week may lie in it only in part."""
        if self.selection.step != "day":
            return {}
        longer = [courses for whole, courses in self._courses.items() if whole.within(period) == period]
        found = {key: next((courses[key] for courses in longer if key in courses), None) for key in keys}
        return {
            key: {day: reading for day, reading in course.items() if period.start <= day <= period.end}
            for key, course in found.items()
            if course is not None
        }

    def once(self, key: Any, make: Callable[[], Found]) -> Found:
        """What several parts of the page work out alike, worked out once."""
        if key not in self._known:
            self._known[key] = make()
        found: Found = self._known[key]
        return found

    @cached_property
    def run(self) -> Run | None:
        """The run that computed what is shown."""
        return last_run()

    @cached_property
    def days_waiting(self) -> int:
        """How many days of the period have changed since they were computed."""
        period = self.selection.period
        return sum(period.start <= day <= period.end for day in marked_days())
