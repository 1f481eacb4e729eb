"""Why a ratio changed against the comparison: by the mix of its parts, and by each part itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from kpis import charts
from kpis.dashboards.board import Board
from kpis.dashboards.causes import MOST, Cause, Step, Whole
from kpis.dashboards.labels import DIMENSION_NAMES, Labels
from kpis.dashboards.parts import Part
from kpis.kpi import Kpi
from kpis.measure import Reading
from kpis.period import Period
from kpis.statistics import Ratio, mix_and_rate
from kpis.text import format_change, format_period

# The parts that a change can be put down to; a day or an hour is no cause.
CAUSES = ("queue", "reason", "team", "channel", "agent", "site", "line_of_business")


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
    causes = sorted(found, key=lambda cause: -abs(cause.effect.rate))
    return _why(Whole(whole_before, whole, causes), labels, dimension, earlier)


def _why(whole: Whole, labels: Labels, dimension: str, earlier: Period) -> Why:
    steps, kpi, name = whole.steps(), whole.now.kpi, str(DIMENSION_NAMES[dimension])
    causes = tuple(replace(cause, is_sure=whole.is_sure([cause])) for cause in whole.causes)
    before, now = whole.before.value or 0.0, whole.now.value or 0.0
    unsure = {place for place, step in enumerate(steps) if step.is_sure is False}
    notes = [
        _("against %(period)s · mix: how many contacts fall to each %(dimension)s; the others: what changed within")
        % {"period": format_period(earlier), "dimension": name.lower()}
    ]
    if unsure:
        notes.append(_("pale: within chance"))
    return Why(
        "why",
        _title(kpi, now - before, steps, before),
        [_reading_now(cause) for cause in causes],
        labels,
        (dimension,),
        " · ".join(notes),
        charts.waterfall(kpi, before, now, [(step.name, step.size) for step in steps], unsure=unsure),
        head=name,
        causes=causes,
        more=[_effects(cause) for cause in causes],
    )


def _title(kpi: Kpi, change: float, steps: Sequence[Step], before: float) -> str:
    """The change, and the step that made more than half of it, if that is more than chance explains.

    How that is judged: kpis/statistics/differences.py. Where chance cannot be told nothing is named.
    """
    words = {"change": format_change(kpi, change, of=before)}
    if not change or all(step.is_sure is None for step in steps):
        return _("Why it changed by %(change)s") % words
    if not any(step.is_sure for step in steps):
        return _("Why it changed by %(change)s: no single part stands out from chance") % words
    # The mix and single parts can be named; "others" are no single part.
    named = [step for step in steps[: MOST + 1] if step.is_sure and float(step.size) / change > 0.5]
    if not named:
        return _("Why it changed by %(change)s: no single part made most of it") % words
    most = max(named, key=lambda step: abs(step.size))
    return _("Why it changed by %(change)s: most of it through %(cause)s") % (words | {"cause": most.name})


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


def _effects(cause: Cause) -> dict[str, float | bool | None]:
    """What its row in the CSV says beside the reading."""
    return {
        "value_before": cause.before.value if cause.before else None,
        "n_before": cause.before.n if cause.before else 0,
        "mix_effect": float(cause.effect.mix),
        "rate_effect": float(cause.effect.rate),
        "is_beyond_chance": cause.is_sure,
    }
