"""Days, counts and durations in words, by the reader's locale."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import get_decimal_symbol, get_group_symbol, get_minus_sign_symbol
from django.utils import timezone
from django.utils.translation import get_language, to_locale

NOTHING = "–"


def language() -> str:
    """The code of the reader's language."""
    return get_language() or "en"


def locale() -> Locale:
    """The reader's locale."""
    return _locale_of(language())


@cache
def _locale_of(code: str) -> Locale:
    try:
        return Locale.parse(to_locale(code))
    except UnknownLocaleError:
        return Locale("en")


def format_number(value: int | float | Decimal) -> str:
    """A count with its thousands separated."""
    return format_digits(round(value), 0)


def format_amount(value: int | float | Decimal) -> str:
    """An amount of money, in hundredths; what currency it is only its source knows."""
    return format_digits(value, 2)


def format_digits(value: int | float | Decimal, digits: int) -> str:
    """A number with so many digits after the point and its thousands separated, halves rounded to even.

    The same as Babel's format_decimal, which parses its pattern for every one of a page's thousands of numbers.
    """
    exact = Decimal(str(value) if isinstance(value, float) else value)
    text = f"{exact:,.{digits}f}"
    symbols = _symbols_of(language())
    return text.translate(symbols) if symbols else text


@cache
def _symbols_of(code: str) -> dict[int, str]:
    """Python's symbols in numbers → those of the language's locale; empty where they are the same."""
    where = _locale_of(code)
    theirs = {",": get_group_symbol(where), ".": get_decimal_symbol(where), "-": get_minus_sign_symbol(where)}
    return str.maketrans(theirs) if any(own != their for own, their in theirs.items()) else {}


def format_seconds(seconds: int | float | Decimal, digits: int = 0) -> str:
    """A duration as m:ss, from an hour on as h:mm:ss, with so many digits after the second."""
    whole, parts = divmod(round(seconds * 10**digits), 10**digits)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    return f"{clock}{get_decimal_symbol(locale())}{parts:0{digits}}" if digits else clock


def format_day(day: dt.date) -> str:
    """A day, such as 20 Nov 2026 in the reader's order."""
    return format_date(day, "medium", locale=locale())


def format_moment(moment: dt.datetime, zone: str = "") -> str:
    """An instant by the clock of a time zone (IANA name), or of the server's."""
    local = timezone.localtime(moment, ZoneInfo(zone) if zone else None)
    return format_datetime(local, "medium", locale=locale())


def format_clock(moment: dt.datetime, zone: str = "") -> str:
    """The time of day of an instant by the clock of a time zone (IANA name), or of the server's."""
    return format_time(timezone.localtime(moment, ZoneInfo(zone) if zone else None), "medium", locale=locale())


def format_zone(moment: dt.datetime, zone: str) -> str:
    """A time zone (IANA name) with its distance from UTC at an instant, so that two clocks can be compared."""
    offset = timezone.localtime(moment, ZoneInfo(zone)).utcoffset() or dt.timedelta()
    minutes = round(abs(offset).total_seconds() / 60)
    distance = f"{minutes // 60}:{minutes % 60:02}" if minutes % 60 else str(minutes // 60)
    return f"{zone}, UTC{'−' if offset < dt.timedelta() else '+'}{distance}"
