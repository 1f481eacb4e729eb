"""Why a ratio of a whole changed: because its parts changed, or because their weights did."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Ratio:
    """A part's top and bottom in one period; a bottom of 0 means that the part was not there."""

    top: Fraction
    bottom: Fraction


Parts = Mapping[Hashable, Ratio]


@dataclass(frozen=True)
class Effect:
    """What one part did to the whole's change, in the whole's unit: by its weight (mix) and by itself (rate)."""

    mix: Fraction
    rate: Fraction


def mix_and_rate(before: Parts, now: Parts) -> dict[Hashable, Effect]:
    """The effects of each part on Σtop/Σbottom; together they are its change exactly.

    Midpoint decomposition (Kitagawa 1955, Journal of the American Statistical Association 50, 1168–1194): the
    change of a weight counts at the mean of both rates, the change of a rate at the mean of both weights. Mix is
    taken against the mean of the whole, so that a part which grows is credited for being better than the whole, not
    for being. A part that was there in one period only has no change of rate: all of its effect is mix. Raises
    ValueError where a period has nothing below its line.
    """
    whole_before, whole_now = _whole(before), _whole(now)
    middle = (whole_before + whole_now) / 2
    weights_before, weights_now = _weights(before), _weights(now)
    effects = {}
    for part in {**before, **now}:
        earlier, later = weights_before.get(part, Fraction(0)), weights_now.get(part, Fraction(0))
        rates = [ratio.top / ratio.bottom for ratio in (before.get(part), now.get(part)) if ratio and ratio.bottom]
        if not rates:
            continue
        effects[part] = Effect(
            mix=(later - earlier) * ((rates[0] + rates[-1]) / 2 - middle),
            rate=(rates[-1] - rates[0]) * (earlier + later) / 2,
        )
    return effects


def _whole(parts: Parts) -> Fraction:
    bottom = sum((ratio.bottom for ratio in parts.values()), Fraction(0))
    if bottom <= 0:
        raise ValueError("Without anything below the line there is no ratio to explain.")
    return sum((ratio.top for ratio in parts.values() if ratio.bottom), Fraction(0)) / bottom


def _weights(parts: Parts) -> dict[Hashable, Fraction]:
    bottom = sum((ratio.bottom for ratio in parts.values()), Fraction(0))
    return {part: ratio.bottom / bottom for part, ratio in parts.items()}
