"""Who differs from the others beyond chance, given how much stands behind each."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

# Two-sided 95 % and 99.8 %, as funnel plots are drawn.
WARNING, ALARM = 1.959963984540054, 3.090232306167813
# What the ends are drawn in to before it is judged how far the members vary beyond chance.
TAIL = 0.1


@dataclass(frozen=True)
class Member:
    """A value with its sample."""

    value: float
    n: float


@dataclass(frozen=True)
class Funnel:
    """Limits about the whole's value, by sample: ``value ± z · width · deviation / √n``.

    ``deviation`` is that of a single contact; ``width`` (1 or more) says how much more than chance members of this
    group ordinarily differ. On a logarithmic scale the limits multiply.
    """

    value: float
    deviation: float
    width: float
    is_logarithmic: bool

    def limits(self, n: float, z: float) -> tuple[float, float]:
        """Between which values a member of sample ``n`` is like the others."""
        reach = z * self.width * self.deviation / math.sqrt(n)
        if self.is_logarithmic:
            return self.value * math.exp(-reach), self.value * math.exp(reach)
        return self.value - reach, self.value + reach

    def score(self, value: float, n: float) -> float:
        """How many standard errors, widened, a member of sample ``n`` lies from the whole; above it is positive."""
        distance = _distance(Member(value, n), self.value, self.is_logarithmic)
        return distance * math.sqrt(n) / (self.width * self.deviation)

    def side(self, value: float, n: float, z: float = ALARM) -> int:
        """Beyond which limit a member lies: −1, 0 or 1."""
        low, high = self.limits(n, z)
        return (value > high) - (value < low)


def funnel(value: float, members: Sequence[Member], *, deviation: float, is_logarithmic: bool = False) -> Funnel:
    """The funnel of members about the value of the whole.

    Spiegelhalter (2005), Statistics in Medicine 24, 1185–1202: limits from the standard error, times the root of the
    winsorised overdispersion φ where the members vary more than chance, for hundreds of contacts make every small
    difference between people "significant". ``deviation`` is the standard deviation of one contact, above zero; on a
    logarithmic scale it is relative to the mean, and ``value`` and the members' are above zero.
    """
    scores = _winsorised(
        [_distance(member, value, is_logarithmic) * math.sqrt(member.n) / deviation for member in members]
    )
    dispersion = sum(score * score for score in scores) / len(scores) if scores else 1.0
    return Funnel(value, deviation, math.sqrt(max(1.0, dispersion)), is_logarithmic)


def _distance(member: Member, value: float, is_logarithmic: bool) -> float:
    return math.log(member.value / value) if is_logarithmic else member.value - value


def _winsorised(scores: Sequence[float]) -> list[float]:
    """The scores with the outermost tenth at each end drawn in to the next."""
    if len(scores) < 2:
        return list(scores)
    cuts = statistics.quantiles(scores, n=round(1 / TAIL), method="inclusive")
    return [min(max(score, cuts[0]), cuts[-1]) for score in scores]
