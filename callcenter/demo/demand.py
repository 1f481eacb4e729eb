"""When customers come: by season, weekday and half-hour of each queue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callcenter.demo.centre import BRIEFING, LIVE, QUEUES, REASON_CODES, WRITTEN, QueuePlan, site_of
from callcenter.demo.clock import DAY, Clock
from callcenter.demo.span import Span

# Monday to Sunday; a Saturday is shorter as well.
WEEKDAYS_LIVE = np.array([1.16, 1.04, 0.99, 0.96, 0.95, 0.38, 0.0])
WEEKDAYS_WRITTEN = np.array([1.18, 1.08, 1.02, 0.98, 0.92, 0.5, 0.42])
# The shape of a working day from opening to closing, and of a whole day on paper.
WORKING_DAY = np.array([0.42, 0.72, 0.98, 1.2, 1.24, 1.16, 1.06, 1.08, 1.18, 1.12, 0.95, 0.72, 0.5, 0.34])
NIGHT_AND_MORNING = (0.2, 0.12, 0.1, 0.1, 0.15, 0.3, 0.6, 1.0, 1.5, 1.8, 1.9, 1.8)
AFTERNOON_AND_EVENING = (1.6, 1.6, 1.6, 1.6, 1.5, 1.4, 1.3, 1.3, 1.2, 1.0, 0.7, 0.4)
WHOLE_DAY = np.array([*NIGHT_AND_MORNING, *AFTERNOON_AND_EVENING])
SATURDAY = (9.0, 17.0)


@dataclass(frozen=True)
class Arrivals:
    """New contacts in the order in which they come."""

    at: np.ndarray
    queue: np.ndarray
    reason: np.ndarray


def season(queue: QueuePlan, days: np.ndarray) -> np.ndarray:
    """How busy each day of the year is: a wave with the queue's own peak, and the weeks around Christmas sales."""
    day_of_year = (days.astype("datetime64[D]") - days.astype("datetime64[Y]").astype("datetime64[D]")).astype(int)
    wave = 1 + queue.season * np.cos(2 * np.pi * (day_of_year - queue.peak_day) / 365.25)
    sales = 1 + queue.season * np.exp(-(((day_of_year - 340) / 9.0) ** 2))
    return wave * sales


def hours_open(queue: QueuePlan, weekday: int) -> tuple[float, float]:
    """Opening and closing hour on a weekday."""
    if queue.channel in WRITTEN:
        return 0.0, 24.0
    return SATURDAY if weekday == 5 else (queue.opens, queue.closes)


def half_hours(queue: QueuePlan, weekday: int) -> np.ndarray:
    """How the contacts of a weekday spread over its 48 half-hours; sums to 1 on a full day."""
    opens, closes = hours_open(queue, weekday)
    shape = WHOLE_DAY if queue.channel in WRITTEN else WORKING_DAY
    middle = np.arange(48) / 2 + 0.25
    position = (middle - opens) / (closes - opens)
    share = np.interp(position, np.linspace(0, 1, len(shape)), shape)
    share[(position < 0) | (position > 1)] = 0
    share /= share.sum()
    if weekday == 0:
        share[int(BRIEFING[0] * 2) : int(BRIEFING[1] * 2)] *= queue.monday_morning
    return share


def expected(queue: QueuePlan, days: np.ndarray, holidays: frozenset[int]) -> np.ndarray:
    """The mean number of new contacts per day and half-hour."""
    weekday = (days + 3) % 7
    by_weekday = WEEKDAYS_LIVE if queue.channel in LIVE else WEEKDAYS_WRITTEN
    level = queue.volume * by_weekday[weekday] * season(queue, days)
    if queue.channel not in WRITTEN:
        is_open = np.isin(weekday, queue.weekdays) & ~np.isin(days, list(holidays))
        level = level * is_open
    shapes = np.stack([half_hours(queue, number) for number in range(7)])
    return level[:, None] * shapes[weekday]


def arrivals_of(
    queue: QueuePlan, *, span: Span, clock: Clock, holidays: frozenset[int], random: np.random.Generator
) -> np.ndarray:
    """The instants at which new contacts come to a queue, in order."""
    days = span.days
    counts = random.poisson(expected(queue, days, holidays))
    starts = (days[:, None] * DAY + np.arange(48) * 1800).ravel()
    local = np.repeat(starts, counts.ravel())
    local = local + random.integers(0, 1800, len(local))
    return np.sort(clock.utc(local))


def draw_arrivals(span: Span, clocks: dict[str, Clock], holidays: dict[str, frozenset[int]]) -> Arrivals:
    """The new contacts of every queue, in the order in which they come, each with its reason."""
    random = span.random(1)
    at, number, reason = [], [], []
    for index, queue in enumerate(QUEUES):
        site = site_of(queue)
        times = arrivals_of(queue, span=span, clock=clocks[site], holidays=holidays[site], random=random)
        codes = np.array([REASON_CODES.index(code) for code in queue.reasons])
        shares = np.array([share for share, _ in queue.reasons.values()])
        at.append(times)
        number.append(np.full(len(times), index))
        reason.append(random.choice(codes, len(times), p=shares / shares.sum()))
    order = np.argsort(np.concatenate(at), kind="stable")
    return Arrivals(np.concatenate(at)[order], np.concatenate(number)[order], np.concatenate(reason)[order])
