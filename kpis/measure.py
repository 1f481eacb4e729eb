"""The one way to read a number. Cards, tables, charts, API, exports, goals and checks all call `measure`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from kpis import histogram, percentiles, statistics
from kpis.dimensions import DIMENSIONS, Paths, column, expression, paths_of
from kpis.facts import FACTS
from kpis.horizon import horizon, last_run
from kpis.kpi import Kpi, Number, Spread, Tally
from kpis.models import ROLLUPS
from kpis.period import Period, start_of
from kpis.tallies import TALLIES
from people.models import User

__all__ = [
    "NotMeasurable",
    "Reading",
    "can_measure",
    "horizon",
    "last_run",
    "measure",
    "rows_behind",
    "unlisted_behind",
]

Where = Mapping[str, Collection[Any]]
Key = tuple[Any, ...]


class NotMeasurable(ValueError):
    """A KPI was asked by a dimension that it does not have. The message says which."""


@dataclass(frozen=True)
class Reading:
    """A KPI's value somewhere (``at``: dimension → value) with what it is made of.

    ``value`` None means that there was nothing to measure, which is not zero. ``n`` is the sample.
    ``maturing`` counts the contacts whose window has not passed; ``provisional`` is the value with them.
    ``histogram`` holds, for a percentile, how many contacts lie in each bucket (kpis/histogram.py).
    """

    kpi: Kpi
    at: dict[str, Any]
    value: float | None
    top: Number | None
    bottom: Number | None
    n: int
    interval: tuple[float, float] | None = None
    maturing: int = 0
    provisional: float | None = None
    histogram: tuple[int, ...] = ()

    @property
    def is_small(self) -> bool:
        """Whether the sample is below what ranking and colouring need."""
        return self.n < self.kpi.minimum

    @property
    def is_maturing(self) -> bool:
        """Whether part of the contacts are still within their window."""
        return self.maturing > 0


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
        if (reading := _reading(kpi, dict(zip(by, key, strict=True)), key, found)) is not None
    ]


def can_measure(kpi: Kpi, dimensions: Collection[str], *, viewer: User | None = None) -> bool:
    """Whether a KPI can be split by, or kept to, all of these dimensions at once (for this viewer)."""
    columns = {column(dimension) for dimension in dimensions} | _columns_a_viewer_needs(viewer)
    if kpi.percentile:
        return _rollup_for(percentiles.KEPT_IN[kpi.percentile[0]], columns) is not None
    return all(_rollup_of(tally, columns) for tally in kpi.tallies)


def rows_behind(kpi: Kpi, part: str, *, viewer: User, period: Period, where: Where | None = None) -> QuerySet:
    """The fact rows behind one tally of a KPI: their number, or the sum of ``added``, is the reading's.

    ``part`` is "top", "bottom" or a tally's key (see `tally_of`). A level over time has the rows of its last day.
    Of a queue of their own a supervisor may open what their teams answered; the rest are `unlisted_behind`.
    """
    rows, team = _rows_of(tally_of(kpi, part), period, dict(where or {}))
    return _scoped(rows, viewer, where or {}, team)


def unlisted_behind(kpi: Kpi, part: str, *, viewer: User, period: Period, where: Where | None = None) -> int:
    """How many rows are in the reading, but not the viewer's to open: what other teams answered in their queues."""
    if viewer.sees_everything or not viewer.supervised_team_ids:
        return 0
    rows, team = _rows_of(tally_of(kpi, part), period, dict(where or {}))
    counted = rows.filter(**{f"{team}__in": viewer.supervised_team_ids})
    return counted.exclude(counted.model.visible_rows(viewer)).count()


def _rows_of(tally: Tally, period: Period, where: dict[str, Collection[Any]]) -> tuple[QuerySet, str]:
    """Everybody's fact rows that a tally counts, and the way from them to the team that they count for."""
    layout = FACTS[tally.fact]
    reach = horizon()
    rows = layout.rows(period, reach)
    if tally.is_snapshot:
        last = (_days_within(period, where, reach) or [period.start])[-1]
        rows = layout.rows(Period(last, last), reach)
        where = {name: chosen for name, chosen in where.items() if column(name) != "day"}
    rows = _kept_to(rows.filter(tally.where), where, layout.paths)
    if tally.add is not None:
        rows = rows.annotate(added=tally.add).filter(added__isnull=False)
    return rows, layout.paths["team"].name


def tallies_behind(kpi: Kpi, part: str) -> tuple[Tally, ...]:
    """The tallies that a part of a KPI is made of: of its "top", its "bottom", or the one of that key.

    A percentile has no top of its own; behind it are the times its histogram is made of. Raises NotMeasurable
    where there is no such part.
    """
    total = {"top": kpi.top, "bottom": kpi.bottom}.get(part)
    if total:
        return tuple(tally for tally, _sign in total.terms)
    times = f"{kpi.percentile[0]}_seconds" if kpi.percentile else None
    known = [tally for tally in TALLIES if tally in kpi.tallies or tally.key in {times, "fcr_without_customer"}]
    found = tuple(tally for tally in known if tally.key == part or (part == "top" and tally.key == times))
    if not found:
        raise NotMeasurable(_("%(kpi)s has no part “%(part)s”.") % {"kpi": kpi.name, "part": part})
    return found


def tally_of(kpi: Kpi, part: str) -> Tally:
    """The one tally that a part of a KPI is made of; raises NotMeasurable where it is none or several."""
    first, *others = tallies_behind(kpi, part)
    if others:
        raise NotMeasurable(
            _("“%(part)s” of %(kpi)s is not one tally. Ask for one of: %(known)s.")
            % {"part": part, "kpi": kpi.name, "known": ", ".join(tally.key for tally in (first, *others))}
        )
    return first


@dataclass(frozen=True)
class _Question:
    """What was asked, and how it is put to the roll-ups."""

    viewer: User
    period: Period
    by: tuple[str, ...]
    where: dict[str, Collection[Any]]

    @property
    def columns(self) -> set[str]:
        asked = {column(dimension) for dimension in (*self.by, *self.where)}
        return asked | _columns_a_viewer_needs(self.viewer)

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
                function = Max if tally.is_maximum else Sum
                chosen.setdefault(_rollup_of(tally, self.columns), {})[tally.key] = function(tally.key)
        found: dict[str, dict[Key, Any]] = {}
        for what in {kpi.percentile[0] for kpi in kpis if kpi.percentile}:
            rollup = _rollup_for(percentiles.KEPT_IN[what], self.columns)
            if rollup is percentiles.SUMMED_IN:
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
        rows = _scoped(_kept_to(rollup.objects.filter(days), self.where, paths), self.viewer, self.where, "team")
        return rows.order_by().annotate(**{f"by_{name}": expression(name, paths) for name in self.by})

    def _read(self, rows: QuerySet, aggregates: dict[str, Any], found: dict[str, dict[Key, Any]]) -> None:
        named = {f"of_{key}": aggregate for key, aggregate in aggregates.items()}
        groups = rows.values(*self._names).annotate(**named) if self.by else [rows.aggregate(**named)]
        for group in groups:
            key = tuple(group[name] for name in self._names)
            for name in aggregates:
                found.setdefault(name, {})[key] = group[f"of_{name}"]

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
        days = _days_within(self.period, self.where, horizon())
        return {tuple(_start_of(step, day) for step in steps): day for day in days}


def _days_within(period: Period, where: Where, reach: dt.date | None) -> list[dt.date]:
    """The days of a period that the facts reach and that lie in the chosen days, weeks, months, …"""
    chosen = {name: set(values) for name, values in where.items() if column(name) == "day"}
    return [
        day
        for day in period
        if (reach is None or day <= reach) and all(_start_of(step, day) in values for step, values in chosen.items())
    ]


def _start_of(step: str, day: dt.date) -> Any:
    return day.weekday() if step == "weekday" else start_of(step, day)


def _columns_a_viewer_needs(viewer: User | None) -> set[str]:
    """A viewer who may only see themselves is measured from rows that name the agent."""
    if viewer is None or viewer.sees_everything or viewer.supervised_team_ids:
        return set()
    return {"agent"}


def _scoped(rows: Any, viewer: User, where: Where, team: str) -> Any:
    """The rows a viewer may see, in one scope for every part of a number; ``team`` is whom a row counts for.

    Who supervises teams and is also an agent elsewhere reads the teams' figures without the own ones (which
    some roll-ups could not tell), and the own ones where only those are asked for.
    """
    rows = rows.visible_to(viewer)
    asks_for_own = viewer.own_agent_id and list(where.get("agent", ())) == [viewer.own_agent_id]
    if viewer.sees_everything or not viewer.supervised_team_ids or asks_for_own:
        return rows
    return rows.filter(**{f"{team}__in": viewer.supervised_team_ids})


def _rollup_for(rollups: Sequence[Any], columns: Collection[str]) -> Any | None:
    return next((rollup for rollup in rollups if set(columns) <= set(rollup.dimensions)), None)


def _rollup_of(tally: Tally, columns: Collection[str]) -> Any | None:
    """The smallest roll-up that keeps the tally with these columns. Columns a fact lacks are not measured by."""
    if not all(FACTS[tally.fact].has(column) for column in columns):
        return None
    return _rollup_for([rollup for rollup in ROLLUPS if tally.fact in rollup.facts], columns)


def _kept_to(rows: QuerySet, where: Where, paths: Paths) -> Any:
    """The rows whose dimensions have one of the chosen values."""
    named = {f"at_{name}": expression(name, paths) for name in where}
    return rows.annotate(**named).filter(**{f"at_{name}__in": list(chosen) for name, chosen in where.items()})


def _sortable(key: Key) -> tuple[Any, ...]:
    return tuple((part is None, part if part is not None else 0) for part in key)


def _reading(kpi: Kpi, at: dict[str, Any], key: Key, found: dict[str, dict[Key, Any]]) -> Reading | None:
    if kpi.percentile:
        return _percentile_reading(kpi, at, key, found)
    tallies = {tally.key: found.get(tally.key, {}).get(key) for tally in kpi.tallies}
    if at and all(value is None for value in tallies.values()):
        return None
    if all(value is None for value in tallies.values()):
        return Reading(kpi, at, None, None, None, n=0)
    known = {name: value if value is not None else 0 for name, value in tallies.items()}
    top = kpi.top.of(known) if kpi.top else None
    bottom = kpi.bottom.of(known) if kpi.bottom else None
    has_evidence = kpi.evidence is None or kpi.evidence.of(known) > 0
    value = kpi.value(top, bottom) if has_evidence else None
    counted = kpi.counted or kpi.bottom or kpi.top
    maturing, provisional = _provisional(kpi, known)
    return Reading(
        kpi,
        at,
        value,
        top,
        bottom,
        n=int(counted.of(known)) if counted else 0,
        interval=_interval(kpi, value, top, bottom, known),
        maturing=maturing,
        provisional=provisional,
    )


def _percentile_reading(kpi: Kpi, at: dict[str, Any], key: Key, found: dict[str, dict[Key, Any]]) -> Reading | None:
    what, share = kpi.percentile or ("", 0.0)
    counts = found.get(what, {}).get(key, [])
    n = sum(counts)
    if at and not n:
        return None
    return Reading(kpi, at, histogram.percentile(counts, share), None, None, n, histogram=tuple(counts))


def _provisional(kpi: Kpi, known: dict[str, Number]) -> tuple[int, float | None]:
    if not kpi.provisional:
        return 0, None
    top, bottom = (total.of(known) for total in kpi.provisional)
    matured = int(kpi.bottom.of(known)) if kpi.bottom else 0
    return int(bottom) - matured, kpi.value(top, bottom)


def _interval(
    kpi: Kpi, value: float | None, top: Number | None, bottom: Number | None, known: dict[str, Number]
) -> tuple[float, float] | None:
    if value is None or top is None or bottom is None:
        return None
    if kpi.spread is Spread.WILSON:
        return statistics.wilson(float(top), float(bottom))
    if kpi.spread is Spread.DIFFERENCE and kpi.top:
        plus, minus = (float(known[tally.key]) for tally, _sign in kpi.top.terms)
        return statistics.difference_of_shares(plus, minus, float(bottom))
    if kpi.squares is None:
        return None
    spread = statistics.log_mean if kpi.spread is Spread.MEAN else statistics.scale_mean
    return spread(float(top), float(known[kpi.squares.key]), float(bottom))
