"""What a course says beyond chance, in a sentence."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.dashboards.board import Board
from kpis.dashboards.changes import news_of, news_title
from kpis.dashboards.usual import Usual, usual
from kpis.definitions import KPIS
from kpis.kpi import Better, Kpi
from kpis.lasting.watched import WATCHED
from kpis.text import format_day, format_value
from kpis.verdict import is_missed

FEWEST_LATEST = 3


def side_of(usual: Usual) -> int:
    """On which side of its usual range the course lies now, by its latest points beyond.

    0 where the latest quarter of the steps is as usual: what passed weeks ago needs nobody today.
    """
    latest = usual.starts[-max(FEWEST_LATEST, len(usual.starts) // 4) :]
    total = sum(usual.beyond.get(start, 0) for start in latest)
    return (total > 0) - (total < 0)


def standing_out(board: Board) -> Kpi | None:
    """The watched KPI that is most clearly unusual: a lasting change first, the worse ones before the better."""
    lasting = {key: change for key, change in news_of(board).items() if change.lately is None}
    changed = {key: change.side for key, change in lasting.items() if board.can(KPIS[key], board.selection.step)}
    courses = usual(board, [KPIS[key] for key in WATCHED])
    beyond = {key: side for key, course in courses.items() if key not in changed and (side := side_of(course))}
    ranked = sorted(
        (key not in changed, KPIS[key].is_gain(side) is not False, WATCHED.index(key))
        for key, side in (changed | beyond).items()
    )
    return KPIS[WATCHED[ranked[0][-1]]] if ranked else None


def course_in_words(board: Board, kpi: Kpi, usually: Usual | None) -> str:
    """What is to be said of a KPI's course: its lasting change, else how it kept to its range; "" where nothing is."""
    if change := news_of(board).get(kpi.key):
        return news_title(change)
    return sentence(usually, board.selection.step, missed=_missed(board, kpi)) if usually else ""


def _missed(board: Board, kpi: Kpi) -> float | None:
    """The target that the whole period missed, if it did."""
    target, reading = board.targets.get(kpi.key), board.now.get(kpi.key)
    return target.value if target and reading and is_missed(reading, target) else None


def sentence(usual: Usual, step: str, *, missed: float | None = None) -> str:
    """How the course kept to its range, such as "Average handle time left its usual range in 2 of 12 weeks".

    ``missed`` is the target if the whole period missed it: what is as usual is not therefore well.
    """
    kpi = str(usual.kpi.name)
    if not usual.beyond:
        return _within(usual.kpi, missed)
    if len(usual.beyond) == 1:
        return _beyond_once(kpi, step, *next(iter(usual.beyond.items())))
    judged = sum(band is not None for band in usual.bands)
    words = (
        ngettext(
            "%(kpi)s left its usual range on %(n)s of %(all)s day",
            "%(kpi)s left its usual range on %(n)s of %(all)s days",
            judged,
        )
        if step == "day"
        else ngettext(
            "%(kpi)s left its usual range in %(n)s of %(all)s week",
            "%(kpi)s left its usual range in %(n)s of %(all)s weeks",
            judged,
        )
    )
    return words % {"kpi": kpi, "n": len(usual.beyond), "all": judged}


def _within(kpi: Kpi, missed: float | None) -> str:
    words = {"kpi": kpi.name, "target": format_value(kpi, missed)}
    if missed is None:
        return _("%(kpi)s stays within its usual range") % words
    if kpi.better is Better.HIGHER:
        return _("%(kpi)s stays within its usual range, but below the target of %(target)s") % words
    return _("%(kpi)s stays within its usual range, but above the target of %(target)s") % words


def _beyond_once(kpi: str, step: str, start: dt.date, side: int) -> str:
    if step == "day":
        words = (
            _("%(kpi)s was above its usual range on %(day)s")
            if side > 0
            else _("%(kpi)s was below its usual range on %(day)s")
        )
    else:
        words = (
            _("%(kpi)s was above its usual range in the week of %(day)s")
            if side > 0
            else _("%(kpi)s was below its usual range in the week of %(day)s")
        )
    return words % {"kpi": kpi, "day": format_day(start)}
