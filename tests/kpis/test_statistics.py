"""Intervals and percentiles against published and hand-worked figures."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis import histogram
from kpis.statistics import difference_of_shares, log_mean, scale_mean, wilson


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_intervals(successes, n, low, high):
    """Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3."""
    assert wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


def test_a_share_of_nothing_has_no_interval():
    assert wilson(0, 0) is None


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_share_lies_within_its_interval(successes, n):
    successes = min(successes, n)
    low, high = wilson(successes, n)
    assert 0 <= low <= successes / n <= high <= 1


def test_the_net_promoter_score_of_nine_answers_is_wide():
    """5 promoters, 2 passives, 2 detractors: 33.3; variance (7/9 - 1/9)/9 = 0.0741, so 33.3 -/+ 53.3."""
    low, high = difference_of_shares(5, 2, 9)
    assert (low, high) == pytest.approx((1 / 3 - 0.5335, 1 / 3 + 0.5335), abs=5e-4)


def test_the_interval_of_a_mean_time_is_wider_upwards():
    """120, 200, 200, 200: mean 180, s = 40, standard error 20, so a factor of exp(1.96 * 20/180)."""
    low, high = log_mean(720, 120**2 + 3 * 200**2, 4)
    factor = math.exp(1.959964 * 20 / 180)
    assert (low, high) == pytest.approx((180 / factor, 180 * factor), rel=1e-6)
    assert high - 180 > 180 - low


def test_the_interval_of_marks_is_symmetric():
    """3, 4, 5: mean 4, s = 1, standard error 0.57735."""
    assert scale_mean(12, 50, 3) == pytest.approx((4 - 1.1316, 4 + 1.1316), abs=1e-4)


def test_one_value_has_no_interval():
    assert log_mean(120, 14_400, 1) is None
    assert scale_mean(4, 16, 1) is None


@given(st.lists(st.floats(1, 200_000), min_size=1, max_size=300), st.sampled_from([0.5, 0.9]))
def test_a_percentile_is_off_by_a_bucket_at_most(values, share):
    counts = np.bincount(np.searchsorted(histogram.EDGES, values, side="right"), minlength=histogram.SIZE)
    exact = sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
    assert histogram.percentile(counts.tolist(), share) == pytest.approx(exact, rel=2**0.25 - 1 + 1e-5)


def test_histograms_merge_by_adding():
    one, other = [0] * histogram.SIZE, [0] * histogram.SIZE
    one[10], other[10], other[40] = 3, 5, 2
    merged = [a + b for a, b in zip(one, other, strict=True)]
    assert histogram.percentile(merged, 0.5) == pytest.approx(
        histogram.percentile([8 if i == 10 else 2 if i == 40 else 0 for i in range(histogram.SIZE)], 0.5)
    )


def test_an_empty_histogram_has_no_percentile():
    assert histogram.percentile([0] * histogram.SIZE, 0.5) is None
