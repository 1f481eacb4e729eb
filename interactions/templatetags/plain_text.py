"""Days, counts and durations in templates; the words come from interactions/text.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django import template

from interactions import text
from interactions.models import Contact

register = template.Library()
register.filter("number", text.format_number)
register.filter("day", text.format_day)
register.filter("amount", text.format_amount)


@register.filter
def duration(seconds: Decimal | float | None) -> str:
    """Seconds as m:ss; "–" for none."""
    return text.NOTHING if seconds is None else text.format_seconds(seconds)


@register.filter
def moment(instant: dt.datetime | None, zone: str = "") -> str:
    """An instant by the clock of a time zone; "–" for none."""
    return text.NOTHING if instant is None else text.format_moment(instant, zone)


@register.filter
def clock(instant: dt.datetime, zone: str = "") -> str:
    """The time of day of an instant, by the clock of a time zone."""
    return text.format_clock(instant, zone)


@register.filter
def clock_name(instant: dt.datetime, zone: str) -> str:
    """The clock of a time zone at an instant, such as "Africa/Johannesburg, UTC+2"."""
    return text.format_zone(instant, zone)


@register.simple_tag
def several_zones(contacts: Iterable[Contact]) -> bool:
    """Whether the clocks of the contacts' sites differ, so that a time needs its zone."""
    return len({contact.queue.site.time_zone for contact in contacts}) > 1
