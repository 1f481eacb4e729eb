"""Numbers in words: times as m:ss, shares with one decimal, everything by the reader's locale."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache, lru_cache

from babel.dates import format_interval, format_skeleton
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from interactions.text import NOTHING, format_day, format_digits, format_number, format_seconds, language, locale
from kpis.kpi import Better, Kpi, Sample, Unit
from kpis.period import Period

MINUS = "−"
# The digits after the point that a reader can use.
DIGITS = {Unit.COUNT: 0, Unit.SCORE: 2, Unit.MONEY: 2, Unit.PER_HOUR: 1}
MOST_DIGITS = 4
# How many digits more than usual may be shown to tell a value from its target.
MOST_MORE = 3
SECONDS_AN_HOUR = 3_600


UNIT_NAMES = {
    Unit.COUNT: _("number"),
    Unit.POINTS: _("points, −100 to 100"),
    Unit.SCORE: _("mean mark"),
    Unit.MONEY: _("amount"),
    Unit.PER_HOUR: _("per hour"),
}


# What of a date names a step of time, in Unicode's letters.
STEP_SKELETONS = {"month": "yMMM", "quarter": "yQQQ", "year": "y"}


def unit_name(kpi: Kpi, most: float = 0.0) -> str:
    """The unit in words, for an axis that reaches to ``most``; "" where the numbers carry it themselves."""
    return clock_name(most) if kpi.unit is Unit.SECONDS else str(UNIT_NAMES.get(kpi.unit, ""))


def clock_name(most: float) -> str:
    """What the places of times up to ``most`` (seconds) are, as `format_seconds` writes them."""
    return gettext("hours : minutes : seconds") if most >= SECONDS_AN_HOUR else gettext("minutes : seconds")


def format_value(kpi: Kpi, value: float | None, *, beside: float | None = None) -> str:
    """A KPI's value for people; "–" for nothing to measure.

    With as many digits more as it takes to tell it from the value ``beside`` it: 79.96% where the target is 80.00%.
    """
    return NOTHING if value is None else _format(kpi.unit, float(value), _more_digits(kpi.unit, value, beside))


def format_exact(kpi: Kpi, value: float | None) -> str:
    """The same with more digits, times in seconds: what one compares with another system."""
    if value is None:
        return NOTHING
    if kpi.unit is Unit.SECONDS:
        return gettext("%(seconds)s s") % {"seconds": format_digits(value, 2)}
    if kpi.unit in (Unit.SHARE, Unit.POINTS):
        return format_percent(value, 2)
    return format_digits(value, _digits_that_say_something(value))


def format_change(kpi: Kpi, change: float | None, *, of: float | None = None) -> str:
    """A difference with its sign: points for shares, time for times, percent ``of`` the earlier value for counts.

    What is too small to be seen has the sign ±.
    """
    if change is None:
        return ""
    size = _size_of_change(kpi.unit, abs(change), of)
    is_none = size == _no_change(language(), kpi.unit, is_relative=bool(of))
    return ("±" if is_none else "+" if change > 0 else MINUS) + size


@cache
def _no_change(_language: str, unit: Unit, *, is_relative: bool) -> str:
    """How no change at all is written in the reader's language."""
    return _size_of_change(unit, 0, 1 if is_relative else None)


def format_exact_change(kpi: Kpi, change: float) -> str:
    """The same with more digits: what one adds up."""
    size = format_exact(kpi, abs(change))
    if kpi.unit is Unit.SHARE:
        size = gettext("%(points)s pts") % {"points": size.removesuffix("%")}
    return (MINUS if change < 0 else "+" if change > 0 else "±") + size


def _size_of_change(unit: Unit, size: float, of: float | None) -> str:
    if unit is Unit.SHARE:
        return gettext("%(points)s pts") % {"points": _hundredfold(size, 1)}
    if unit is Unit.COUNT and of:
        return format_percent(size / abs(of), 1)
    return _format(unit, size)


def format_between(kpi: Kpi, interval: tuple[float, float] | None) -> str:
    """An interval, such as 72.1–81.4%; empty where there is none."""
    if interval is None:
        return ""
    return f"{_format(kpi.unit, interval[0])} – {_format(kpi.unit, interval[1])}"


def format_sample(kpi: Kpi, n: int) -> str:
    """A sample with what it counts: 412 answers, 38 h."""
    return _sample_in(language(), kpi.sample, n)


@lru_cache(maxsize=10_000)  # small samples stand in thousands of cells, and are looked up faster than put into words
def _sample_in(_language: str, sample: Sample, n: int) -> str:
    """The same in the reader's language, which is named only to tell its words from those of others."""
    if sample is Sample.SECONDS:
        return gettext("%(hours)s h") % {"hours": format_number(n / 3_600)}
    if sample is Sample.ANSWERS:
        words = ngettext("%(n)s answer", "%(n)s answers", n)
    elif sample is Sample.TICKETS:
        words = ngettext("%(n)s ticket", "%(n)s tickets", n)
    else:
        words = ngettext("%(n)s contact", "%(n)s contacts", n)
    return words % {"n": format_number(n)}


def format_target(kpi: Kpi, target: float, *, beside: float | None = None) -> str:
    """A target with its direction, such as ≥ 80.0%; told apart from the value ``beside`` it."""
    sign = {Better.HIGHER: "≥ ", Better.LOWER: "≤ ", Better.NEITHER: ""}[kpi.better]
    return sign + format_value(kpi, target, beside=beside)


def format_period(period: Period) -> str:
    """A period without what its two ends share, such as 14 – 20 Nov 2026."""
    if period.start == period.end:
        return format_day(period.start)
    return format_interval(period.start, period.end, "yMMMd", locale=locale())


def format_start(day: dt.date) -> str:
    """The day on which something began, with its weekday, such as Mon, 5 Oct 2026."""
    return format_skeleton("yMMMEd", day, locale=locale())


def format_step(step: str, start: object) -> str:
    """The name of a step of time (or weekday, half-hour) that begins at ``start``."""
    if step == "weekday":
        return locale().days["stand-alone"]["wide"][int(str(start))]
    if step == "slot":
        minutes = int(str(start)) * 30
        return f"{minutes // 60}:{minutes % 60:02}"
    assert isinstance(start, dt.date)  # every other step begins on a day
    if step == "day":
        return format_day(start)
    if step == "week":
        return gettext("week of %(day)s") % {"day": format_day(start)}
    return format_skeleton(STEP_SKELETONS[step], start, locale=locale())


def format_tick(step: str, start: dt.date) -> str:
    """The same, short enough for an axis."""
    return format_skeleton(STEP_SKELETONS.get(step, "MMMd"), start, locale=locale())


def format_percent(share: float, digits: int) -> str:
    """A share as percent, with so many digits after the point."""
    return _hundredfold(share, digits) + "%"


def _format(unit: Unit, value: float, more: int = 0) -> str:
    """A value with its usual digits and so many ``more``."""
    if unit is Unit.SECONDS:
        return format_seconds(value, more)
    if unit is Unit.SHARE:
        return format_percent(value, 1 + more)
    if unit is Unit.POINTS:
        return _hundredfold(value, 1 + more).replace("-", MINUS)
    return format_digits(value, DIGITS[unit] + more)


def _more_digits(unit: Unit, value: float, beside: float | None) -> int:
    """How many digits more tell two values apart that look equal; 0 where they are, or nearly."""
    if beside is None or value == beside:
        return 0
    shown = ((more, _format(unit, value, more), _format(unit, beside, more)) for more in range(MOST_MORE + 1))
    return next((more for more, text, other in shown if text != other), 0)


def _hundredfold(share: float, digits: int) -> str:
    """A hundred times a share; moved as a decimal, so that no float's rest decides how it is rounded."""
    return format_digits(Decimal(str(share)).scaleb(2), digits)


def _digits_that_say_something(value: float) -> int:
    """How many digits after the point are worth telling: at most MOST_DIGITS, no zeros at the end."""
    return len(f"{Decimal(str(value)):.{MOST_DIGITS}f}".rstrip("0").partition(".")[2])
