"""Numbers in words: as Babel writes them by its own patterns, and rounded as decimals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel import numbers
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from interactions.text import format_digits, format_number
from kpis.definitions import kpi
from kpis.text import format_change, format_exact, format_percent, format_target, format_value

LANGUAGES = {"en": "en", "zh-hans": "zh_Hans"}
languages = st.sampled_from(list(LANGUAGES))
digits = st.integers(0, 4)
values = st.one_of(
    st.floats(-1e12, 1e12),
    st.floats(-2, 2),
    st.integers(-(10**9), 10**9),
    st.decimals(-(10**9), 10**9, places=5),  # among them many halves
    st.sampled_from([0.5, 1.5, 2.5, -0.5, 0.125, -0.0, 0.0005, 1e-9, 999.5, -1234.45]),
)


def pattern(places: int) -> str:
    return "#,##0" + "." * bool(places) + "0" * places


@given(values, digits, languages)
def test_numbers_are_written_as_babel_writes_them(value, places, language):
    with translation.override(language):
        assert format_digits(value, places) == numbers.format_decimal(value, pattern(places), LANGUAGES[language])


@given(values, digits, languages)
def test_shares_are_written_as_babel_writes_them(value, places, language):
    with translation.override(language):
        written = numbers.format_percent(value, f"{pattern(places)}%", LANGUAGES[language])
        assert format_percent(value, places) == written


@given(st.floats(-1e9, 1e9), languages)
def test_exact_numbers_have_up_to_four_digits_and_no_zeros_at_the_end(value, language):
    with translation.override(language):
        written = numbers.format_decimal(value, "#,##0.####", LANGUAGES[language])
        assert format_exact(kpi("csat_mean"), value) == written


@given(st.integers(-(10**12), 10**12))
def test_counts_have_their_thousands_separated(count):
    assert format_number(count) == f"{count:,}"


@pytest.mark.parametrize(
    ("key", "change", "says"),
    [
        # As a float, 100 × 0.0085 is 0.8500000000000001.
        ("service_level", -0.0085, "−0.8 pts"),
        ("service_level", 0.0004, "±0.0 pts"),
        ("nps", 0.0055, "+0.6"),
        ("nps", -0.0085, "−0.8"),
        ("average_handle_time", -27, "−0:27"),
        ("csat_mean", 0.125, "+0.12"),
    ],
)
def test_a_change_is_rounded_as_the_decimal_that_is_written(key, change, says):
    assert format_change(kpi(key), change) == says


def test_a_change_of_a_count_is_a_share_of_the_earlier_one():
    assert format_change(kpi("contacts_offered"), 5, of=400) == "+1.2%"


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [("nps", -0.575, "−57.5"), ("service_level", 0.0085, "0.8%"), ("csat_mean", Decimal("4.125"), "4.12")],
)
def test_a_value_is_rounded_as_the_decimal_that_is_written(key, value, says):
    assert format_value(kpi(key), value) == says


@pytest.mark.parametrize(
    ("key", "value", "target", "says"),
    [
        ("service_level", 0.79996, 0.8, ("79.996%", "≥ 80.000%")),
        ("service_level", 0.7996, 0.8, ("79.96%", "≥ 80.00%")),
        ("service_level", 0.784, 0.8, ("78.4%", "≥ 80.0%")),
        ("service_level", 0.8, 0.8, ("80.0%", "≥ 80.0%")),
        ("service_level", 0.8 - 1e-9, 0.8, ("80.0%", "≥ 80.0%")),
        ("average_handle_time", 300.4, 300, ("5:00.4", "≤ 5:00.0")),
        ("average_handle_time", 3_659.96, 3_660, ("1:00:59.96", "≤ 1:01:00.00")),
        ("csat_mean", 4.496, 4.5, ("4.496", "≥ 4.500")),
        ("nps", 0.2996, 0.3, ("29.96", "≥ 30.00")),
    ],
)
def test_a_value_is_told_apart_from_its_target(key, value, target, says):
    assert (format_value(kpi(key), value, beside=target), format_target(kpi(key), target, beside=value)) == says
