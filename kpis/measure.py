"""The one way to read a number. Cards, tables, charts, API, exports, goals and checks all call `measure`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.utils.translation import gettext as _

from kpis import percentiles
from kpis.dimensions import DIMENSIONS, column, expression, paths_of
from kpis.facts import FACTS
from kpis.horizon import horizon
from kpis.kpi import Kpi, Tally
from kpis.models import ROLLUPS
from kpis.period import Period
from kpis.reading import Key, Reading, reading_of
from kpis.scope import NotMeasurable, Where, days_within, kept_to, scoped, step_start
from kpis.sums import Sums
from people.models import User

__all__ = ["NotMeasurable", "Reading", "Where", "can_measure", "measure", "rollups_of"]


def measure(
    kpis: Sequence[Kpi],
    *,
    viewer: User,
    period: Period,
    by: Sequence[str] = (),
    where: Where | None = None,
) -> list[Reading]:
    """Read KPIs over a period, split ``by`` dimensions, for the rows the viewer may see.

    Readings come KPI by KPI in the order asked, sorted by the dimensions. Groups without a row are left
    out; without ``by`` there is exactly one reading per KPI. Raises NotMeasurable, with a sentence, for a
    dimension that a KPI does not have.
    """
    question = _Question(viewer, period, tuple(by), dict(where or {}))
    for kpi in kpis:
        question.check(kpi)
    found = question.tallies_of(kpis)
    keys = sorted({key for values in found.values() for key in values}, key=_sortable) if by else [()]
    return [
        reading
        for kpi in kpis
        for key in keys
        if (reading := reading_of(kpi, dict(zip(by, key, strict=True)), key, found)) is not None
    ]


def can_measure(kpi: Kpi, dimensions: Collection[str], *, viewer: User | None = None) -> bool:
    """Whether a KPI can be split by, or kept to, all of these dimensions at once (for this viewer)."""
    if viewer and kpi.is_of_costs and not viewer.sees_costs:
        return False
    columns = frozenset(map(column, dimensions)) | _columns_a_viewer_needs(viewer)
    if kpi.percentile:
        return _rollup_for(percentiles.KEPT_IN[kpi.percentile[0]], columns) is not None
    return all(_rollup_of(tally, columns) for tally in kpi.tallies)


def rollups_of(kpi: Kpi, dimensions: Collection[str], *, viewer: User) -> set[Any]:
    """The roll-ups that are read for a KPI that can be measured by these dimensions."""
    columns = frozenset(map(column, dimensions)) | _columns_a_viewer_needs(viewer)
    found = {_rollup_of(tally, columns) for tally in kpi.tallies}
    return found | ({_rollup_for(percentiles.KEPT_IN[kpi.percentile[0]], columns)} if kpi.percentile else set())


@dataclass(frozen=True)
class _Question:
    """What was asked, and how it is put to the roll-ups."""

    viewer: User
    period: Period
    by: tuple[str, ...]
    where: dict[str, Collection[Any]]

    @cached_property
    def columns(self) -> frozenset[str]:
        return frozenset(map(column, (*self.by, *self.where))) | _columns_a_viewer_needs(self.viewer)

    def check(self, kpi: Kpi) -> None:
        unknown = [dimension for dimension in (*self.by, *self.where) if dimension not in DIMENSIONS]
        if unknown:
            raise NotMeasurable(
                _("“%(dimension)s” is no dimension. Known are: %(known)s.")
                % {"dimension": unknown[0], "known": ", ".join(DIMENSIONS)}
            )
        if not can_measure(kpi, (*self.by, *self.where), viewer=self.viewer):
            raise NotMeasurable(self._why_not(kpi))

    def _why_not(self, kpi: Kpi) -> str:
        asked = [*self.by, *self.where]
        alone = [dimension for dimension in asked if not can_measure(kpi, [dimension])]
        if alone:
            return _("%(kpi)s has no %(dimension)s: it cannot be split by it or kept to one.") % {
                "kpi": kpi.name,
                "dimension": ", ".join(alone),
            }
        if not asked or can_measure(kpi, asked):
            return _("%(kpi)s is not measured for single agents.") % {"kpi": kpi.name}
        return _("%(kpi)s cannot be split by %(dimensions)s at once.") % {
            "kpi": kpi.name,
            "dimensions": ", ".join(asked),
        }

    def tallies_of(self, kpis: Sequence[Kpi]) -> dict[str, dict[Key, Any]]:
        """Column → group → value, with one query for each roll-up that is needed, and another for its levels."""
        sums: dict[Any, dict[str, Any]] = {}
        levels: dict[Any, dict[str, Any]] = {}
        for kpi in kpis:
            for tally in kpi.tallies:
                chosen = levels if tally.is_snapshot else sums
                chosen.setdefault(_rollup_of(tally, self.columns), {})[tally.key] = tally
        found: dict[str, dict[Key, Any]] = {}
        for what in {kpi.percentile[0] for kpi in kpis if kpi.percentile}:
            rollup = _rollup_for(percentiles.KEPT_IN[what], self.columns)
            if rollup in percentiles.SUMMED_IN:
                sums.setdefault(rollup, {})[what] = percentiles.summed(what)
            else:
                found[what] = percentiles.listed(what, self._rows(rollup, self._whole_period), self._names)
        for rollup, aggregates in sums.items():
            self._read(self._rows(rollup, self._whole_period), aggregates, found)
        last_days = self._last_days() if levels else {}
        for rollup, aggregates in levels.items():
            self._read(self._rows(rollup, Q(day__in=last_days.values())), aggregates, found)
            for key in aggregates:
                self._fill_level(rollup, key, last_days, found)
        return found

    @property
    def _names(self) -> list[str]:
        return [f"by_{name}" for name in self.by]

    @property
    def _whole_period(self) -> Q:
        return Q(day__range=(self.period.start, self.period.end))

    def _rows(self, rollup: Any, days: Q) -> QuerySet:
        """The roll-up rows that were asked for, with the dimensions to split by."""
        paths = paths_of(rollup)
        rows = scoped(kept_to(rollup.objects.filter(days), self.where, paths), self.viewer, self.where, "team")
        return rows.order_by().annotate(**{f"by_{name}": expression(name, paths) for name in self.by})

    def _read(self, rows: QuerySet, asked: dict[str, Any], found: dict[str, dict[Key, Any]]) -> None:
        """Tallies and merged histograms by name into ``found``."""
        tallies = {name: part for name, part in asked.items() if isinstance(part, Tally)}
        merged = {f"of_{name}": part for name, part in asked.items() if name not in tallies}
        named = ({"sums": Sums(rows.model, list(tallies.values()))} if tallies else {}) | merged
        groups = rows.values(*self._names).annotate(**named) if self.by else [rows.aggregate(**named)]
        columns = [found.setdefault(name, {}) for name in (*tallies, *(name for name in asked if name not in tallies))]
        for group in groups:
            key = tuple(group[name] for name in self._names)
            # None where no row can fit, as in a period before all data.
            sums = group.get("sums") or [None] * len(tallies)
            values = (*sums, *(group[name] for name in merged))
            for column_found, value in zip(columns, values, strict=True):
                column_found[key] = value

    def _fill_level(
        self, rollup: Any, level: str, last_days: dict[Key, dt.date], found: dict[str, dict[Key, Any]]
    ) -> None:
        """A level without a row is zero, not unknown, from the first day on which it had one."""
        values = found.setdefault(level, {})
        names = [f"by_{name}" for name in self.by if column(name) != "day"]
        if not names and all(values.get(step) is not None for step in last_days):
            return  # every step has its level, and there is nobody else to have had one
        ever = self._rows(rollup, Q(day__lte=self.period.end)).filter(**{f"{level}__isnull": False})
        first_day = {"first_day": Min("day")}
        groups = ever.values(*names).annotate(**first_day) if names else [ever.aggregate(**first_day)]
        for group in groups:
            for step, day in last_days.items():
                if group["first_day"] and group["first_day"] <= day:
                    at = self._key(group, step)
                    values[at] = values.get(at) or 0

    def _key(self, group: Mapping[str, Any], step: Key) -> Key:
        """The group's place among the readings: its dimensions, with those of the step of time where they stand."""
        moments = iter(step)
        return tuple(next(moments) if column(name) == "day" else group[f"by_{name}"] for name in self.by)

    def _last_days(self) -> dict[Key, dt.date]:
        """For each step of time asked for, its last day within what was asked and what the facts reach."""
        steps = [name for name in self.by if column(name) == "day"]
        days = days_within(self.period, self.where, horizon())
        return {tuple(step_start(step, day) for step in steps): day for day in days}


def _columns_a_viewer_needs(viewer: User | None) -> set[str]:
    """Rows must name the team for who sees some teams, and the agent for who may only see themselves."""
    if viewer is None or viewer.sees_everything:
        return set()
    return {"team"} if viewer.supervised_team_ids else {"agent"}


def _rollup_for(rollups: Sequence[Any], columns: frozenset[str]) -> Any | None:
    return next((rollup for rollup in rollups if columns <= set(rollup.dimensions)), None)


@cache
def _rollup_of(tally: Tally, columns: frozenset[str]) -> Any | None:
    """The smallest roll-up that keeps the tally with these columns. Columns a fact lacks are not measured by."""
    if not all(FACTS[tally.fact].has(column) for column in columns):
        return None
    return _rollup_for([rollup for rollup in ROLLUPS if tally.fact in rollup.facts], columns)


def _sortable(key: Key) -> tuple[Any, ...]:
    return tuple((part is None, part if part is not None else 0) for part in key)
