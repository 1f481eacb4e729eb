"""Intervals, limits, effects and percentiles against published and hand-worked figures."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis import histogram
from kpis.statistics import (
    Change,
    Member,
    Point,
    Ratio,
    Scale,
    difference_of_shares,
    funnel,
    lasting_change,
    log_mean,
    mix_and_rate,
    scale_mean,
    usual_range,
    wilson,
)


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


def points(*values: float, n: float = 100, phases=(None,)) -> list[Point]:
    return [Point(value, n, phases[number % len(phases)]) for number, value in enumerate(values)]


def test_individuals_are_limited_by_their_median_moving_range():
    """Median 10, every moving range 2: 10 -/+ 3 x 2/0.9539 = 3.71 and 16.29."""
    (band,) = usual_range(points(*[9, 11] * 6), points(10), Scale.PLAIN)
    assert (band.low, band.middle, band.high) == pytest.approx((3.7100, 10, 16.2900), abs=1e-4)
    assert [band.side(value) for value in (3.7, 3.8, 10, 16.2, 16.3)] == [-1, 0, 0, 0, 1]


def test_one_unusual_day_in_the_baseline_does_not_widen_the_limits():
    (calm,) = usual_range(points(*[9, 11] * 8), points(10), Scale.PLAIN)
    (shaken,) = usual_range(points(*[9, 11] * 4, 90, *[9, 11] * 4), points(10), Scale.PLAIN)
    assert shaken.high - shaken.low == calm.high - calm.low


def test_times_are_limited_on_their_logarithm():
    """Between 100 and 400 s in turn: median of the logarithms 200 s, ranges ln 4; the limits divide and multiply."""
    (band,) = usual_range(points(*[100, 400] * 6), points(200), Scale.LOGARITHM)
    factor = math.exp(3 * math.log(4) / 0.9539)
    assert (band.low, band.middle, band.high) == pytest.approx((200 / factor, 200, 200 * factor))


def test_shares_without_more_than_chance_have_the_limits_of_a_p_chart():
    """p 0.8 of 100: three sigmas are 3 x 0.04 = 0.12; of 25 twice as much, ended at 1."""
    baseline = points(*[0.79, 0.81] * 6)
    wide, narrow = usual_range(baseline, [Point(0.8, 25), Point(0.8, 100)], Scale.SHARE)
    assert (narrow.low, narrow.high) == pytest.approx((0.68, 0.92))
    assert (wide.low, wide.high) == pytest.approx((0.56, 1.0))


def test_shares_that_vary_more_than_chance_have_wider_limits():
    """Between 0.7 and 0.9 in turn: 5 sigmas of 0.04 from day to day, so 5/0.9539 times as wide."""
    (band,) = usual_range(points(*[0.7, 0.9] * 6, n=400), points(0.8, n=400), Scale.SHARE)
    assert band.middle - band.low == pytest.approx(3 * 0.02 * 10 / 0.9539)


def test_each_weekday_is_judged_about_its_own_middle():
    """Mondays 200, other days 100, both ± 1: a day of 100 is usual, a Monday of 100 is not."""
    baseline = [
        Point(200 + change, 1, 0) if day == 0 else Point(100 + change, 1, day)
        for week in range(4)
        for day in range(5)
        for change in [(week + day) % 2 * 2 - 1]
    ]
    monday, tuesday = usual_range(baseline, [Point(100, 1, 0), Point(100, 1, 1)], Scale.PLAIN)
    assert (monday.side(100), tuesday.side(100)) == (-1, 0)


def test_too_few_points_say_nothing_about_what_is_usual():
    assert usual_range(points(*[9, 11] * 5), points(10), Scale.PLAIN) == [None]
    assert usual_range(points(*[9, 11] * 6), [None, Point(9, 1, "other phase")], Scale.PLAIN) == [None, None]


def test_one_bad_week_in_the_baseline_of_a_share_does_not_make_all_others_unusual():
    """Eleven weeks of 100 % and one of 60 %: the middle stays at 100 %, not at the 97 % of all together."""
    (band,) = usual_range(points(*[1.0] * 6, 0.6, *[1.0] * 5, n=1000), points(1.0, n=1000), Scale.SHARE)
    assert band.side(1.0) == 0
    assert band.side(0.97) == -1


def test_a_change_that_lasts_is_dated_to_its_first_point():
    """Forty points of 9 and 11 in turn, then six of 14 and 16: the clearest way to part them is after the fortieth."""
    change = lasting_change(points(*[9, 11] * 20, *[14, 16] * 3), Scale.PLAIN, looks=8)
    assert change == Change(before=0, since=40, side=1)


def test_three_points_are_a_level_and_two_are_an_episode():
    assert lasting_change(points(*[9, 11] * 20, 19, 21, 20), Scale.PLAIN) == Change(before=0, since=40, side=1)
    assert lasting_change(points(*[9, 11] * 20, 19, 21), Scale.PLAIN) is None


def test_what_has_gone_back_has_not_lasted():
    assert lasting_change(points(*[9, 11] * 20, *[14, 16] * 3, 9), Scale.PLAIN) is None


def test_an_episode_before_a_change_is_not_the_level_before_it():
    """Thirty points about 10, five about 7, eight about 14: the level before the 14 is that of twelve points."""
    change = lasting_change(points(*[9.8, 10.2] * 15, 6.8, 7.2, 7, 6.8, 7.2, *[13.8, 14.2] * 4), Scale.PLAIN)
    assert change == Change(before=23, since=35, side=1)


def test_a_share_of_few_weighs_less_than_one_of_many():
    """The last six are twice as high, but of two each: chance alone does as much."""
    steady = points(*[0.09, 0.11] * 20, n=400)
    assert lasting_change([*steady, *points(*[0.5, 0.0] * 3, n=2)], Scale.SHARE) is None
    assert lasting_change([*steady, *points(*[0.2, 0.25] * 3, n=400)], Scale.SHARE) == Change(0, 40, 1)


def test_a_course_that_does_not_vary_changes_when_it_does():
    assert lasting_change(points(*[5.0] * 20), Scale.PLAIN) is None
    assert lasting_change(points(*[10.1] * 20), Scale.LOGARITHM) is None
    assert lasting_change(points(*[5.0] * 20, *[6.0] * 5), Scale.PLAIN) == Change(0, 20, 1)


@pytest.mark.parametrize(("noise", "most"), [("normal", 0.01), ("heavy tails", 0.015), ("carried over", 0.04)])
def test_steady_courses_are_seldom_said_to_have_changed(noise, most):
    """A thousand courses of 52 weeks, as one of eight of a page: measured 0.3, 0.4 and 2 %."""
    random = np.random.default_rng(7)
    drawn = random.standard_t(5, (1000, 52)) if noise == "heavy tails" else random.standard_normal((1000, 52))
    if noise == "carried over":
        for week in range(1, 52):
            drawn[:, week] = 0.2 * drawn[:, week - 1] + math.sqrt(1 - 0.2**2) * drawn[:, week]
    found = sum(lasting_change(points(*(100 + course)), Scale.PLAIN, looks=8) is not None for course in drawn)
    assert found / 1000 <= most


def test_a_funnel_has_the_limits_of_chance():
    """p 0.8 of 100: 95 % within ± 1.96 x 0.04, 99.8 % within ± 3.09 x 0.04 (Spiegelhalter 2005, section 2)."""
    found = funnel(0.8, [Member(0.8, 100), Member(0.82, 100)], deviation=0.4)
    assert found.limits(100, 1.959964) == pytest.approx((0.7216, 0.8784), abs=1e-4)
    assert found.limits(100, 3.090232) == pytest.approx((0.6764, 0.9236), abs=1e-4)
    assert [found.side(value, 100) for value in (0.67, 0.68, 0.92, 0.93)] == [-1, 0, 0, 1]


def test_members_who_ordinarily_differ_widen_the_funnel_but_one_alone_does_not():
    """Ten members 2 sigmas off on either side: φ = 4, twice as wide. One 10 sigmas off is drawn in to the rest."""
    apart = funnel(0.5, [Member(0.5 + side * 0.1, 100) for side in [1, -1] * 5], deviation=0.5)
    assert apart.width == pytest.approx(2)
    alone = funnel(0.5, [*[Member(0.5 + side * 0.04, 100) for side in [1, -1] * 10], Member(1.0, 100)], deviation=0.5)
    assert alone.width == 1
    assert alone.side(1.0, 100) == 1


def test_times_have_a_funnel_that_multiplies():
    """Relative deviation 0.5, n 25: 95 % within e^±0.196 of 200 s."""
    found = funnel(200.0, [Member(200.0, 25)], deviation=0.5, is_logarithmic=True)
    assert found.limits(25, 1.959964) == pytest.approx((200 * math.exp(-0.196), 200 * math.exp(0.196)), rel=1e-4)


def ratio(top: int, bottom: int) -> Ratio:
    return Ratio(Fraction(top), Fraction(bottom))


def test_both_segments_better_and_the_whole_worse_is_a_shift_of_the_mix():
    """85 → 86 % and 60 → 62 %, while the easy segment shrinks from 800 to 500 of 1,000.

    By hand: rate (1 x 0.65 + 2 x 0.35) = +1.35 points; mix (0.5 - 0.8) x (85.5 - 61) = -7.35 points; together 80 → 74.
    """
    before = {"easy": ratio(680, 800), "hard": ratio(120, 200)}
    now = {"easy": ratio(430, 500), "hard": ratio(310, 500)}
    effects = mix_and_rate(before, now)
    assert sum(effect.rate for effect in effects.values()) == Fraction(135, 10_000)
    assert sum(effect.mix for effect in effects.values()) == Fraction(-735, 10_000)


def test_a_part_of_one_period_only_is_mix():
    effects = mix_and_rate({"old": ratio(50, 100)}, {"old": ratio(50, 100), "new": ratio(90, 100)})
    assert (effects["new"].rate, effects["old"].rate) == (0, 0)
    assert sum(effect.mix for effect in effects.values()) == Fraction(140, 200) - Fraction(1, 2)


ratios = st.dictionaries(
    st.sampled_from("abcde"), st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=1
).filter(lambda parts: any(bottom for _top, bottom in parts.values()))


@given(ratios, ratios)
def test_the_effects_add_up_to_the_change_exactly(before, now):
    before, now = ({part: ratio(*pair) for part, pair in parts.items() if pair[1]} for parts in (before, now))
    whole = [
        sum(part.top for part in parts.values()) / sum(part.bottom for part in parts.values())
        for parts in (before, now)
    ]
    effects = mix_and_rate(before, now)
    assert sum(effect.mix + effect.rate for effect in effects.values()) == whole[1] - whole[0]


def test_without_anything_below_the_line_there_is_nothing_to_explain():
    with pytest.raises(ValueError, match="no ratio"):
        mix_and_rate({"a": ratio(0, 0)}, {"a": ratio(1, 2)})
