"""Why a ratio changed against the comparison: by the mix of its parts, and by each part itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from kpis import charts
from kpis.dashboards.board import Board
from kpis.dashboards.labels import DIMENSION_NAMES, Labels
from kpis.dashboards.parts import Part
from kpis.kpi import Kpi
from kpis.measure import Reading
from kpis.statistics import Effect, Ratio, mix_and_rate
from kpis.text import format_change, format_period

# The parts that a change can be put down to; a day or an hour is no cause.
CAUSES = ("queue", "reason", "team", "channel", "agent", "site", "line_of_business")
MOST = 8


@dataclass(frozen=True)
class Cause:
    """A part of the whole in both periods (None where it was not there), and what it did to the change."""

    name: str
    url: str
    before: Reading | None
    now: Reading | None
    effect: Effect

    @property
    def total(self) -> Fraction:
        """Mix and rate together."""
        return self.effect.mix + self.effect.rate


@dataclass(frozen=True)
class Why(Part):
    """The part of a page that takes a change apart: the waterfall, and its causes for the table beside it."""

    causes: tuple[Cause, ...] = ()

    @property
    def mix(self) -> Fraction:
        """What the parts' weights did, together."""
        return sum((cause.effect.mix for cause in self.causes), Fraction(0))

    @property
    def rate(self) -> Fraction:
        """What changed within the parts, together."""
        return sum((cause.effect.rate for cause in self.causes), Fraction(0))

    @property
    def total(self) -> Fraction:
        """The whole change, exactly."""
        return self.mix + self.rate


def why(board: Board, kpi: Kpi, dimension: str) -> Why | None:
    """The change as a waterfall: before, the mix, each part's own change (the greatest first), now.

    None without a comparison, and for what is no ratio of sums over the parts of this dimension.
    """
    earlier, whole_before, whole = board.selection.comparison, board.before.get(kpi.key), board.now.get(kpi.key)
    if earlier is None or dimension not in CAUSES or kpi.bottom is None or not board.can(kpi, dimension):
        return None
    if whole_before is None or whole is None or whole_before.value is None or whole.value is None:
        return None
    before = {reading.at[dimension]: reading for reading in board.read([kpi], dimension, period=earlier)}
    now = {reading.at[dimension]: reading for reading in board.read([kpi], dimension)}
    # Parts that do not add up to the whole would explain another change than this one.
    if not (_adds_up(before, whole_before) and _adds_up(now, whole)):
        return None
    effects = mix_and_rate(_ratios(before), _ratios(now))
    labels = Labels(board.viewer, board.selection, [*before.values(), *now.values()])
    found = [
        Cause(labels.name(dimension, at), labels.url(dimension, at), before.get(at), now.get(at), effect)
        for at, effect in effects.items()
    ]
    causes = tuple(sorted(found, key=lambda cause: -abs(cause.effect.rate)))
    steps = _steps(causes)
    word = str(DIMENSION_NAMES[dimension]).lower()
    return Why(
        "why",
        _title(kpi, whole.value - whole_before.value, steps, whole_before.value),
        [_reading_now(cause) for cause in causes],
        labels,
        (dimension,),
        _("against %(period)s · mix: how many contacts fall to each %(dimension)s; the others: what changed within")
        % {"period": format_period(earlier), "dimension": word},
        charts.waterfall(kpi, whole_before.value, whole.value, steps),
        head=str(DIMENSION_NAMES[dimension]),
        causes=causes,
        more=[_effects(cause) for cause in causes],
    )


def _steps(causes: Sequence[Cause]) -> list[tuple[str, Fraction]]:
    """From before to now: the mix, the greatest changes within the parts, the rest of them."""
    steps = [(_("mix"), sum((cause.effect.mix for cause in causes), Fraction(0)))]
    steps += [(cause.name, cause.effect.rate) for cause in causes[:MOST]]
    if rest := causes[MOST:]:
        steps.append((_("others"), sum((cause.effect.rate for cause in rest), Fraction(0))))
    return steps


def _title(kpi: Kpi, change: float, steps: list[tuple[str, Fraction]], before: float) -> str:
    """The change, and the step that made more than half of it."""
    said = format_change(kpi, change, of=before)
    name, size = max(steps, key=lambda step: float(step[1]) * (1 if change > 0 else -1))
    if change and float(size) / change > 0.5:
        return _("Why it changed by %(change)s: most of it through %(cause)s") % {"change": said, "cause": name}
    return _("Why it changed by %(change)s") % {"change": said}


def _ratios(readings: dict[Any, Reading]) -> dict[Any, Ratio]:
    return {
        at: Ratio(reading.kpi.scale * Fraction(reading.top or 0), Fraction(reading.bottom or 0))
        for at, reading in readings.items()
        if reading.bottom
    }


def _adds_up(parts: dict[Any, Reading], whole: Reading) -> bool:
    """Whether nothing is missing from the parts, and none has less than nothing below its line."""
    if any((reading.bottom or 0) < 0 or (reading.top and not reading.bottom) for reading in parts.values()):
        return False
    top, bottom = (sum(getattr(reading, half) or 0 for reading in parts.values()) for half in ("top", "bottom"))
    return (top, bottom) == (whole.top, whole.bottom)


def _reading_now(cause: Cause) -> Reading:
    """The part's reading; empty where it is gone."""
    if cause.now:
        return cause.now
    assert cause.before  # a part was there in one of the two
    return replace(cause.before, value=None, top=0, bottom=0, n=0, interval=None, maturing=0, provisional=None)


def _effects(cause: Cause) -> dict[str, float | None]:
    """What its row in the CSV says beside the reading."""
    return {
        "value_before": cause.before.value if cause.before else None,
        "n_before": cause.before.n if cause.before else 0,
        "mix_effect": float(cause.effect.mix),
        "rate_effect": float(cause.effect.rate),
    }
