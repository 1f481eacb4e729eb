"""The vocabulary of measurement: a Tally adds, a Kpi divides."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, cast

from django.db.models import Count, DecimalField, Max, Q, Sum
from django.db.models.aggregates import Aggregate
from django.db.models.functions import Coalesce
from django.utils.functional import Promise

Text = str | Promise
Number = int | float | Decimal


class Unit(enum.StrEnum):
    COUNT = "count"
    SECONDS = "seconds"
    SHARE = "share"  # 0–1, shown as percent
    POINTS = "points"  # NPS: −1 to 1, shown as −100 to 100
    SCORE = "score"  # a mean on a scale
    MONEY = "money"
    PER_HOUR = "per_hour"


class Better(enum.StrEnum):
    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Spread(enum.StrEnum):
    """How a KPI's uncertainty is computed (kpis/statistics.py)."""

    NONE = "none"
    WILSON = "wilson"
    MEAN = "mean"  # central limit theorem on the log scale; wants `squares`
    SCALE_MEAN = "scale_mean"  # central limit theorem on the scale itself; wants `squares`
    DIFFERENCE = "difference"  # NPS: variance (p + d − (p − d)²)/n


class Sample(enum.StrEnum):
    """What a KPI's n counts."""

    CONTACTS = "contacts"
    ANSWERS = "answers"
    TICKETS = "tickets"
    SECONDS = "seconds"


class Fact(enum.StrEnum):
    """A kind of row together with the moment that decides its business day. Details: kpis/facts.py."""

    OFFERED = "offered"
    HANDLED = "handled"
    SURVEYED = "surveyed"
    COMPLAINED = "complained"
    CLOSED = "closed"
    CLEARED = "cleared"
    DUE = "due"
    OPEN = "open"
    STATE = "state"
    SHIFT = "shift"


# What counts for the team that owns the queue; all else counts for the team that did the work.
OF_THE_QUEUE = frozenset({Fact.OFFERED, Fact.CLEARED, Fact.OPEN})


@dataclass(frozen=True, eq=False)
class Tally:
    """A sum or a count over one kind of fact; a column of every roll-up that keeps that fact.

    ``where`` chooses the rows; ``add`` is what is added up, or None to count them. ``is_maximum`` keeps the
    greatest instead of the sum; ``is_snapshot`` is a level at the end of a day: over time its last value
    counts, never a sum.
    """

    key: str
    fact: Fact
    where: Q = field(default_factory=Q)
    add: Any = None
    is_maximum: bool = False
    is_snapshot: bool = False

    @property
    def is_amount(self) -> bool:
        """Whether the column holds an amount (decimal) rather than a count."""
        return self.add is not None

    def expression(self) -> Any:
        """The aggregate over fact rows."""
        if self.add is None:
            return Count("pk", filter=self.where)
        function: type[Aggregate] = Max if self.is_maximum else Sum
        amount = DecimalField(max_digits=30, decimal_places=6)
        return Coalesce(function(self.add, filter=self.where, output_field=amount), Decimal(0), output_field=amount)

    def __pos__(self) -> Total:
        return Total(((self, 1),))

    def __add__(self, other: Tally | Total) -> Total:
        return +self + other

    def __sub__(self, other: Tally | Total) -> Total:
        return +self - other


@dataclass(frozen=True, eq=False)
class Total:
    """Tallies added and subtracted: the top or the bottom of a KPI."""

    terms: tuple[tuple[Tally, int], ...]

    def __add__(self, other: Tally | Total) -> Total:
        return Total(self.terms + as_total(other).terms)

    def __sub__(self, other: Tally | Total) -> Total:
        return Total(self.terms + tuple((tally, -sign) for tally, sign in as_total(other).terms))

    def of(self, tallies: dict[str, Number]) -> Number:
        """The total, given the value of each tally by key."""
        total: Any = 0
        for tally, sign in self.terms:  # thousands of times a page, where a generator would take as long again
            total += tallies[tally.key] * sign
        return cast(Number, total)


def as_total(part: Tally | Total) -> Total:
    """A tally alone is a total of one term."""
    return part if isinstance(part, Total) else +part


@dataclass(frozen=True, eq=False)
class Kpi:
    """One KPI, defined once. ``value`` is the only division in the product.

    ``bottom=None`` means that the top is the value. ``percentile`` is (what, share) for a KPI read from
    the histogram of "wait" or "handle"; its top is None. ``provisional`` holds the top and bottom over the rows
    whose window has not passed yet. ``counted`` gives n where that is neither the bottom nor the top; without
    ``evidence`` above zero there is nothing to measure (no costs came in, so a cost of 0 would be a lie).
    ``scale`` multiplies the ratio (3,600 turns "per second" into "per hour").
    ``minimum`` is the sample (of what ``sample`` says) below which a value is neither ranked nor coloured.
    """

    key: str
    name: Text
    question: Text
    formula: Text
    definition: Text
    unit: Unit
    better: Better
    group: Text
    top: Total | None = None
    bottom: Total | None = None
    percentile: tuple[str, float] | None = None
    provisional: tuple[Total, Total] | None = None
    counted: Total | None = None
    evidence: Total | None = None
    squares: Tally | None = None
    spread: Spread = Spread.NONE
    scale: int = 1
    sample: Sample = Sample.CONTACTS
    minimum: int = 30
    source: Text = ""

    def value(self, top: Number | None, bottom: Number | None) -> float | None:
        """Top ÷ bottom; None ("nothing to measure", which is not zero) without a bottom."""
        if top is None:
            return None
        if self.bottom is None:
            return float(top)
        return self.scale * float(top) / float(bottom) if bottom and bottom > 0 else None

    def is_met(self, value: float | None, target: float | None) -> bool | None:
        """Whether the value reaches the target in this KPI's direction; None where that cannot be said."""
        if value is None or target is None or self.better is Better.NEITHER:
            return None
        return value >= target if self.better is Better.HIGHER else value <= target

    def is_gain(self, difference: Number | Fraction) -> bool | None:
        """Whether a difference is one for the better; None where there is none, or where neither direction is."""
        if self.better is Better.NEITHER or not difference:
            return None
        return (difference > 0) == (self.better is Better.HIGHER)

    @property
    def is_of_costs(self) -> bool:
        """Whether it tells what work costs, which is not for everyone (`User.sees_costs`)."""
        return any(tally.key.endswith("_cost") for tally in self.tallies)

    @property
    def is_maximum(self) -> bool:
        return any(tally.is_maximum for tally in self.tallies)

    @property
    def is_snapshot(self) -> bool:
        return any(tally.is_snapshot for tally in self.tallies)

    @cached_property
    def tallies(self) -> tuple[Tally, ...]:
        """Every tally this KPI reads, once."""
        totals = [self.top, self.bottom, self.counted, self.evidence, *(self.provisional or ())]
        found = {tally.key: tally for total in totals if total for tally, _ in total.terms}
        if self.squares:
            found[self.squares.key] = self.squares
        return tuple(found.values())
