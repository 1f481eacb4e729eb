"""What a course says beyond chance, in a sentence."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.dashboards.board import Board
from kpis.dashboards.usual import WATCHED, Usual, usual
from kpis.definitions import KPIS
from kpis.kpi import Kpi
from kpis.text import format_day

FEWEST_LATEST = 3


def side_of(usual: Usual) -> int:
    """On which side of what is usual the course lies now: its lasting run's, else that of its latest points beyond.

    0 where the latest quarter of the steps is as usual: what passed weeks ago needs nobody today.
    """
    if usual.run:
        return usual.run[1]
    latest = usual.starts[-max(FEWEST_LATEST, len(usual.starts) // 4) :]
    total = sum(usual.beyond.get(start, 0) for start in latest)
    return (total > 0) - (total < 0)


def standing_out(board: Board) -> Kpi | None:
    """The watched KPI whose course is most clearly unusual: a lasting run first, the worse ones before the better."""
    found = [course for course in usual(board, [KPIS[key] for key in WATCHED]).values() if side_of(course)]
    ranked = sorted(found, key=lambda course: (course.run is None, course.kpi.is_gain(side_of(course)) is not False))
    return ranked[0].kpi if ranked else None


def sentence(usual: Usual, step: str) -> str:
    """The course in a sentence, such as "Average handle time has stayed above its usual level since 5 Oct 2026"."""
    kpi = str(usual.kpi.name)
    if usual.run:
        since, side = usual.run
        words = (
            _("%(kpi)s has stayed above its usual level since %(day)s")
            if side > 0
            else _("%(kpi)s has stayed below its usual level since %(day)s")
        )
        return words % {"kpi": kpi, "day": format_day(since[0])}
    if not usual.beyond:
        return _("%(kpi)s stays within its usual range") % {"kpi": kpi}
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
