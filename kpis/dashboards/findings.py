"""What needs the reader: few sentences, the gravest first, each with its evidence and where to look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interactions.text import format_number
from kpis.dashboards.board import Board
from kpis.dashboards.hot_spot import hot_spot
from kpis.dashboards.labels import Labels
from kpis.dashboards.people import COMPARED, Differing, differing
from kpis.dashboards.signals import sentence, side_of
from kpis.dashboards.tiles import ICONS, change, verdict
from kpis.dashboards.usual import WATCHED, Usual, usual
from kpis.definitions import KPIS
from kpis.kpi import Kpi
from kpis.measure import Reading
from kpis.text import format_between, format_sample, format_target, format_value

MOST = 6


@dataclass(frozen=True)
class Finding:
    """One thing to look at: ``tone`` is bad, warn or good and repeats the icon in colour."""

    tone: str
    title: str
    text: str
    url: str

    @property
    def icon(self) -> str:
        """The icon of the tone."""
        return ICONS[self.tone]


def findings(board: Board) -> list[Finding]:
    """At most six: KPIs off target or unusual, lost hours, who differs beyond chance; good news last.

    What is new comes before what is merely still off target.
    """
    judged = [reading for key in WATCHED if (reading := board.now.get(key)) and _can_be_judged(reading)]
    courses = {key: course for key, course in usual(board, [KPIS[key] for key in WATCHED]).items() if side_of(course)}
    found = [
        *(_unusual(board, reading, courses[reading.kpi.key]) for reading in judged if reading.kpi.key in courses),
        *_hours(board),
        *_people(board),
        *(made for reading in judged if reading.kpi.key not in courses and (made := _missed(board, reading))),
    ]
    order = list(ICONS)
    return sorted(found, key=lambda finding: order.index(finding.tone))[:MOST]


def _can_be_judged(reading: Reading) -> bool:
    return reading.value is not None and not reading.is_small


def _unusual(board: Board, reading: Reading, course: Usual) -> Finding:
    """A course that left what is usual, with the target if it is missed as well."""
    judged = verdict(reading, board.targets.get(reading.kpi.key))
    tone = _tone(course, side_of(course), is_missed=judged is not None and judged.tone == "bad")
    title = sentence(course, board.selection.step)
    return Finding(tone, title, _evidence(board, reading, course), _story(board, reading.kpi.key))


def _missed(board: Board, reading: Reading) -> Finding | None:
    """A target that is missed by a course that is as it always was."""
    judged = verdict(reading, board.targets.get(reading.kpi.key))
    if judged is None or judged.tone != "bad":
        return None
    title = _("%(kpi)s is %(verdict)s") % {"kpi": reading.kpi.name, "verdict": judged.word}
    return Finding("bad", title, _evidence(board, reading, None), _story(board, reading.kpi.key))


def _tone(course: Usual, side: int, *, is_missed: bool) -> str:
    is_good = course.kpi.is_gain(side)
    if is_good is False:
        return "bad"
    return "warn" if is_good is None or is_missed else "good"


def _evidence(board: Board, reading: Reading, course: Usual | None) -> str:
    """Value, what is usual, target, change: what one says when asked how it is known."""
    kpi, middle = reading.kpi, _middle(course) if course else None
    parts = [format_value(kpi, reading.value)]
    if middle is not None:
        parts.append(_("usually %(value)s") % {"value": format_value(kpi, middle)})
    if target := board.targets.get(kpi.key):
        parts.append(_("target %(target)s") % {"target": format_target(kpi, target.value)})
    if moved := change(reading, board.before.get(kpi.key)):
        parts.append(_("%(change)s against the comparison") % {"change": moved.text})
    if extra := _extra_hours(reading, middle):
        parts.append(extra)
    return " · ".join(parts)


def _middle(course: Usual) -> float | None:
    """What would have been usual over the whole period: the steps' middles, weighed by their contacts."""
    judged = [
        (band.middle, course.course[start].n) for start, band in zip(course.starts, course.bands, strict=True) if band
    ]
    weight = sum(n for _middle, n in judged)
    return sum(middle * n for middle, n in judged) / weight if weight else None


def _extra_hours(reading: Reading, middle: float | None) -> str:
    """What a handle time longer than usual costs."""
    if middle is None or reading.value is None or reading.kpi.key != "average_handle_time":
        return ""
    hours = round((reading.value - middle) * reading.n / 3_600)
    if hours <= 0:
        return ""
    words = ngettext("about %(hours)s hour of work more", "about %(hours)s hours of work more", hours)
    return words % {"hours": format_number(hours)}


def _story(board: Board, key: str) -> str:
    return f"{reverse('kpis:kpi_detail', args=[key])}?{board.selection.query}"


def _hours(board: Board) -> Iterator[Finding]:
    """The hours of the week in which the service level is lost."""
    kpi, target = KPIS["service_level"], board.targets.get("service_level")
    if target is None or (spot := hot_spot(board, kpi, target.value)) is None:
        return
    title = _("%(when)s: service level %(value)s") % {"when": spot.when, "value": format_value(kpi, spot.value)}
    text = _("target %(target)s · %(sample)s · over the whole week %(whole)s") % {
        "target": format_target(kpi, target.value),
        "sample": format_sample(kpi, spot.n),
        "whole": format_value(kpi, board.now["service_level"].value),
    }
    yield Finding("bad", title, text, _story(board, "service_level"))


def _people(board: Board) -> Iterator[Finding]:
    """Which agents of a team differ beyond chance."""
    if "agent" in board.filters:
        return
    found = [made for key in COMPARED if (made := differing(board, KPIS[key]))]
    labels = Labels(board.viewer, board.selection, [reading for made in found for reading in made.outside])
    for made in found:
        for reading in made.outside:
            yield _person(made, reading, labels)


def _person(made: Differing, reading: Reading, labels: Labels) -> Finding:
    kpi, value = made.kpi, reading.value or 0.0
    title = _("%(name)s: %(kpi)s %(value)s, beyond chance") % {
        "name": labels.of(reading),
        "kpi": kpi.name,
        "value": format_value(kpi, value),
    }
    text = _("%(sample)s · %(interval)s · all together %(whole)s") % {
        "sample": format_sample(kpi, reading.n),
        "interval": format_between(kpi, reading.interval),
        "whole": format_value(kpi, made.shape.value),
    }
    return Finding(_tone_of_person(kpi, value, made), title, text, labels.url("agent", reading.at["agent"]))


def _tone_of_person(kpi: Kpi, value: float, made: Differing) -> str:
    is_good = kpi.is_gain(value - made.shape.value)
    return "warn" if is_good is None else "good" if is_good else "bad"
