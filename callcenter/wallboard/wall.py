"""What a wall shows of one day: few figures, the course over its half-hours, and how far they can be trusted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kpis.dashboards.board import Board
from kpis.dashboards.tiles import why_nothing
from kpis.definitions import KPIS
from kpis.kpi import Kpi
from kpis.measure import Reading
from kpis.models import Run
from kpis.period import Period
from kpis.services import marked_days
from kpis.text import format_sample, format_step, format_target, format_value
from kpis.verdict import Verdict, verdict

HEADLINE = "service_level"
# In this order, as far as the team or queue has them; those of a channel it does not serve stay away.
FIGURES = (
    "contacts_offered",
    "contacts_answered",
    "contacts_abandoned",
    "average_speed_of_answer",
    "average_response_time",
    "average_handle_time",
    "backlog",
)
OWN_SHARE = ("contacts_handled", "average_handle_time")
ALWAYS = {"contacts_offered", "contacts_answered", "contacts_abandoned", "average_handle_time", *OWN_SHARE}
DAYS_SEARCHED = 60  # for the last day with data


@dataclass(frozen=True)
class Figure:
    """One large number with its verdict."""

    kpi: Kpi
    text: str
    note: str
    target: str
    verdict: Verdict | None
    is_pale: bool


@dataclass(frozen=True)
class HalfHour:
    """A column of the course; heights are percent of the fullest half-hour, or of all for the service level."""

    name: str
    words: str
    offered: float
    answered: float
    level: float | None
    is_level_pale: bool
    slot: int

    @property
    def is_full_hour(self) -> bool:
        """Whether it gets a mark on the axis."""
        return self.slot % 2 == 0

    @property
    def is_odd_hour(self) -> bool:
        """Whether its mark gives way where there is little room."""
        return self.slot % 4 == 2

    @property
    def above_offered(self) -> float:
        """Where its bar begins, from above."""
        return 100 - self.offered

    @property
    def above_answered(self) -> float:
        """The same for what was answered."""
        return 100 - self.answered

    @property
    def above_level(self) -> float:
        """The same for the service level."""
        return 100 - (self.level or 0)


@dataclass(frozen=True)
class Course:
    """The half-hours from the first to the last with contacts; ``target`` is a percentage from above, if any."""

    half_hours: list[HalfHour]
    target: float | None
    most: str
    has_abandoned: bool
    has_level: bool


@dataclass(frozen=True)
class Wall:
    """One day of a team or queue. Without data ``figures`` is empty: nothing is better than a false zero."""

    day: dt.date
    is_today: bool
    headline: Figure | None
    figures: list[Figure]
    course: Course | None
    reaches_to: str  # the end of the last half-hour with contacts
    run: Run | None
    is_waiting: bool  # whether the day has changed since it was computed
    last_day: dt.date | None  # the last earlier day with data, where this one has none
    is_own_share: bool

    @property
    def has_data(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.figures)


def wall_of(board: Board, *, today: dt.date) -> Wall:
    """The wall of the board's day."""
    day = board.selection.period.start
    keys = OWN_SHARE if board.sees_own_share else (HEADLINE, *FIGURES)
    readings = {reading.kpi.key: reading for reading in board.read([KPIS[key] for key in keys])}
    volume = readings.get(OWN_SHARE[0] if board.sees_own_share else FIGURES[0])
    has_data = volume is not None and bool(volume.value)
    figures = [_figure(board, readings[key]) for key in keys if key in readings and _belongs(readings[key])]
    course, last_slot = _course(board) if has_data else (None, None)
    return Wall(
        day,
        day == today,
        headline=next((figure for figure in figures if has_data and figure.kpi.key == HEADLINE), None),
        figures=[figure for figure in figures if has_data and figure.kpi.key != HEADLINE],
        course=course,
        reaches_to=format_step("slot", last_slot + 1) if last_slot is not None else "",
        run=board.run,
        is_waiting=day in marked_days(),
        last_day=None if has_data else _last_day_with_data(board, before=day),
        is_own_share=board.sees_own_share,
    )


def _belongs(reading: Reading) -> bool:
    """Whether the figure has anything to do with this team or queue: a queue of e-mails has no speed of answer."""
    return reading.value is not None or reading.kpi.key in ALWAYS


def _figure(board: Board, reading: Reading) -> Figure:
    kpi, target = reading.kpi, board.targets.get(reading.kpi.key)
    beside = target.value if target else None
    is_counted = bool(kpi.bottom) and reading.value is not None
    return Figure(
        kpi,
        format_value(kpi, reading.value, beside=beside),
        why_nothing(reading) if reading.value is None else format_sample(kpi, reading.n) if is_counted else "",
        _("Target %(target)s") % {"target": format_target(kpi, target.value, beside=reading.value)} if target else "",
        verdict(reading, target),
        is_counted and reading.is_small,
    )


def _course(board: Board) -> tuple[Course | None, int | None]:
    """The half-hours of the day, and the last that has contacts."""
    offered, answered = (OWN_SHARE[0],) * 2 if board.sees_own_share else ("contacts_offered", "contacts_answered")
    found: dict[int, dict[str, Reading]] = {}
    for reading in board.read([KPIS[key] for key in dict.fromkeys((offered, answered, HEADLINE))], "slot"):
        found.setdefault(reading.at["slot"], {})[reading.kpi.key] = reading
    busy = [slot for slot, cells in found.items() if offered in cells and cells[offered].value]
    if not busy:
        return None, None
    most = max(_count(found[slot], offered) for slot in busy)
    half_hours = [
        _half_hour(slot, found.get(slot, {}), offered, answered, most) for slot in range(min(busy), max(busy) + 1)
    ]
    has_level = any(half_hour.level is not None for half_hour in half_hours)
    target = board.targets.get(HEADLINE)
    place = round(100 * (1 - target.value), 1) if target and has_level else None
    most_words = format_sample(KPIS[offered], round(most))
    return Course(half_hours, place, most_words, not board.sees_own_share, has_level), max(busy)


def _half_hour(slot: int, cells: dict[str, Reading], offered: str, answered: str, most: float) -> HalfHour:
    level = cells.get(HEADLINE)
    shown = [cells[key] for key in dict.fromkeys((offered, answered, HEADLINE)) if key in cells]
    return HalfHour(
        format_step("slot", slot),
        ", ".join(f"{reading.kpi.name} {format_value(reading.kpi, reading.value)}" for reading in shown)
        or str(_("no contacts")),
        round(100 * _count(cells, offered) / most, 1),
        round(100 * _count(cells, answered) / most, 1),
        round(100 * level.value, 1) if level and level.value is not None else None,
        level is not None and level.is_small,
        slot,
    )


def _count(cells: dict[str, Reading], key: str) -> float:
    return (cells[key].value or 0) if key in cells else 0


def _last_day_with_data(board: Board, *, before: dt.date) -> dt.date | None:
    """The latest day before this one on which the team or queue had contacts, as far back as one would look."""
    reach = board.selection.reach
    if reach is None:
        return None
    last = min(reach, before - dt.timedelta(days=1))
    searched = Period(last - dt.timedelta(days=DAYS_SEARCHED - 1), last)
    volume = KPIS[OWN_SHARE[0] if board.sees_own_share else FIGURES[0]]
    days: Sequence[dt.date] = [r.at["day"] for r in board.read([volume], "day", period=searched) if r.value]
    return max(days, default=None)
