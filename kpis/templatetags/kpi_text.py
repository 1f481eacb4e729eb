"""Readings in templates; the words come from kpis/text.py."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from django import template
from django.utils import timezone

from kpis import text
from kpis.dashboards.filters import FilterField
from kpis.kpi import Kpi
from kpis.measure import Reading
from kpis.models import Run
from kpis.reconciliation import in_words

register = template.Library()


@register.filter
def active(fields: Iterable[FilterField]) -> int:
    """How many of the filters are set: the first option of each is what holds without it."""
    return sum(not field.options[0].is_chosen for field in fields)


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


@register.filter
def exact(reading: Reading) -> str:
    """The value with more digits, to compare with another system."""
    return text.format_exact(reading.kpi, reading.value)


@register.filter
def exact_change(kpi: Kpi, change: Fraction) -> str:
    """A difference of the KPI's values with more digits."""
    return text.format_exact_change(kpi, float(change))


@register.filter
def least_sample(kpi: Kpi) -> str:
    """The sample below which a value is not judged."""
    return text.format_sample(kpi, kpi.minimum)


@register.filter
def run_duration(run: Run) -> str:
    """How long a run took, or takes so far."""
    return text.format_seconds(((run.finished_at or timezone.now()) - run.started_at).total_seconds())


@register.filter
def counted(side: str) -> str:
    """One side of what does not reconcile, in words."""
    return in_words(side)
