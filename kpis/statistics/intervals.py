"""Intervals of single values. Each function names its source."""

from __future__ import annotations

import math
from statistics import NormalDist

Z_95 = 1.959963984540054  # the normal quantile of a two-sided 95 % interval


def z_among(looks: int) -> float:
    """The normal quantile of intervals that all hold at once in 95 % of cases, so many they are (Bonferroni)."""
    return NormalDist().inv_cdf(1 - 0.05 / 2 / looks)


def wilson(successes: float, n: float, z: float = Z_95) -> tuple[float, float] | None:
    """The score interval of a proportion, 0–1; None for n = 0.

    Wilson (1927), Journal of the American Statistical Association 22, 209–212.
    """
    if n <= 0:
        return None
    share = min(max(successes / n, 0.0), 1.0)
    middle = share + z * z / (2 * n)
    reach = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    width = 1 + z * z / n
    # At the ends the limits are 0 and 1 exactly; the formula only says so up to rounding.
    low = 0.0 if successes <= 0 else (middle - reach) / width
    return low, 1.0 if successes >= n else (middle + reach) / width


def _variance(total: float, squares: float, n: float) -> float:
    """The sample variance from Σx, Σx² and n; never below zero through rounding."""
    return max(0.0, (squares - total * total / n) / (n - 1))


def log_mean(total: float, squares: float, n: float, z: float = Z_95) -> tuple[float, float] | None:
    """An interval for the mean of a skewed, positive quantity: normal for the logarithm of the mean.

    By the delta method the standard error of ln(mean) is s / (mean·√n); see Casella & Berger, Statistical
    Inference (2002), section 5.5.4. Never below zero, wider upwards. None below two values or for a mean of 0.
    """
    if n < 2 or total <= 0:
        return None
    mean = total / n
    factor = math.exp(z * math.sqrt(_variance(total, squares, n) / n) / mean)
    return mean / factor, mean * factor


def scale_mean(total: float, squares: float, n: float, z: float = Z_95) -> tuple[float, float] | None:
    """The normal interval of a mean of answers on a scale; None below two values."""
    if n < 2:
        return None
    reach = z * math.sqrt(_variance(total, squares, n) / n)
    return total / n - reach, total / n + reach


def difference_of_shares(plus: float, minus: float, n: float, z: float = Z_95) -> tuple[float, float] | None:
    """The interval of (plus − minus)/n for answers that count +1, 0 or −1, such as the net promoter score.

    The variance of the mean of such an answer is (p + d − (p − d)²)/n. None for n = 0.
    """
    if n <= 0:
        return None
    p, d = plus / n, minus / n
    reach = z * math.sqrt(max(0.0, p + d - (p - d) ** 2) / n)
    return max(-1.0, p - d - reach), min(1.0, p - d + reach)
