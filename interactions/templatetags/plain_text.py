"""Days, counts and durations in templates; the words come from interactions/text.py."""

from __future__ import annotations

from decimal import Decimal

from django import template

from interactions import text

register = template.Library()
register.filter("number", text.format_number)
register.filter("day", text.format_day)


@register.filter
def duration(seconds: Decimal | float | None) -> str:
    """Seconds as m:ss; "–" for none."""
    return text.NOTHING if seconds is None else text.format_seconds(seconds)
