"""Numbers in templates; the words come from kpis/text.py."""

from __future__ import annotations

from decimal import Decimal

from django import template

from kpis import text
from kpis.measure import Reading

register = template.Library()
register.filter("number", text.format_number)
register.filter("day", text.format_day)


@register.filter
def duration(seconds: Decimal | float | None) -> str:
    """Seconds as m:ss."""
    return text.NOTHING if seconds is None else text.format_seconds(seconds)


@register.filter
def value(reading: Reading) -> str:
    """The value of a reading."""
    return text.format_value(reading.kpi, reading.value)


@register.filter
def interval(reading: Reading) -> str:
    """The interval of a reading."""
    return text.format_between(reading.kpi, reading.interval)


@register.filter
def sample(reading: Reading) -> str:
    """The sample of a reading with what it counts."""
    return text.format_sample(reading.kpi, reading.n)
