"""Which agents differ from the others beyond chance, given how much stands behind each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interactions.text import format_number
from kpis import charts
from kpis.dashboards.board import Board
from kpis.dashboards.columns import member_kpis
from kpis.dashboards.labels import DIMENSION_NAMES, Labels
from kpis.dashboards.parts import Part
from kpis.definitions import KPIS
from kpis.kpi import Kpi, Spread
from kpis.lasting.watched import OF_PEOPLE
from kpis.measure import Reading
from kpis.statistics import Z_95, Funnel, Member, funnel

FEWEST = 4
MOST_DRAWN = 200


@dataclass(frozen=True)
class Differing:
    """The agents of a team about its value, and those who lie outside the outer limits (99.8 %)."""

    kpi: Kpi
    shape: Funnel
    readings: list[Reading]
    outside: list[Reading]


def differing(board: Board, kpi: Kpi) -> Differing | None:
    """How the agents compare; None where the KPI has no interval, or fewer than four of them can be judged."""
    return board.once(("differing", kpi.key), lambda: _differing(board, kpi))


def _differing(board: Board, kpi: Kpi) -> Differing | None:
    if len(board.selection.where.get("team", ())) != 1:
        return None  # across teams the work differs, not only the people
    whole = board.now.get(kpi.key)
    if whole is None:
        return None
    columns = member_kpis(board, "agent")
    found = board.read(columns if kpi in columns else [kpi], "agent")
    return differing_from(whole, [reading for reading in found if reading.kpi is kpi and reading.at["agent"]])


def differing_from(whole: Reading, readings: Sequence[Reading]) -> Differing | None:
    """The same for one team's reading and those of its agents: the one rule by which people are said to differ.

    The limits are those of the funnel, widened by how far the agents of this team ordinarily differ; an interval of
    95 % would name one in twenty of people who are all alike.
    """
    kpi, deviation = whole.kpi, _deviation(whole)
    if whole.value is None or not deviation:
        return None
    known = [reading for reading in readings if reading.value is not None and reading.n]
    if _is_logarithmic(kpi):
        known = [reading for reading in known if reading.value]
    judged = [reading for reading in known if not reading.is_small]
    if len(judged) < FEWEST:
        return None
    members = [Member(reading.value or 0.0, reading.n) for reading in judged]
    shape = funnel(whole.value, members, deviation=deviation, is_logarithmic=_is_logarithmic(kpi))
    outside = [reading for reading in judged if shape.side(reading.value or 0.0, reading.n)]
    return Differing(kpi, shape, known, outside)


def _is_logarithmic(kpi: Kpi) -> bool:
    return kpi.spread is Spread.MEAN


def _deviation(whole: Reading | None) -> float | None:
    """The standard deviation of one contact, from the interval of the whole; relative to the mean for times."""
    if whole is None or whole.interval is None or not whole.value:
        return None
    if whole.kpi.spread is Spread.WILSON:
        return math.sqrt(whole.value * (1 - whole.value))
    low, high = whole.interval
    reach = math.log(high / low) / 2 if _is_logarithmic(whole.kpi) else (high - low) / 2
    return reach / Z_95 * math.sqrt(whole.n)


def people(board: Board) -> Part | None:
    """The funnel of a selection's agents: by the KPI asked for, else the first in which somebody stands out."""
    order = [board.chosen] if board.chosen else []
    order += [KPIS[key] for key in OF_PEOPLE]
    made = [found for kpi in order if (found := differing(board, kpi))]
    if not made:
        return None
    is_asked = made[0].kpi is board.chosen
    found = made[0] if is_asked else next((one for one in made if one.outside), made[0])
    drawn = _drawn(found)
    labels = Labels(board.viewer, board.selection, found.readings)
    named = [(labels.of(reading), labels.url("agent", reading.at["agent"]), reading) for reading in drawn]
    notes = [
        _("%(kpi)s by agent and volume") % {"kpi": found.kpi.name},
        _("inner lines 95%, outer lines 99.8%: within them it is like the whole"),
    ]
    if len(drawn) < len(found.readings):
        words = {"shown": format_number(len(drawn)), "all": format_number(len(found.readings))}
        notes.append(_("drawn: %(shown)s of %(all)s, those who differ and those with the most behind them") % words)
    return Part(
        "people",
        _title(found),
        found.readings,
        labels,
        ("agent",),
        " · ".join(notes),
        charts.funnel(found.kpi, found.shape, named, found.outside),
        head=str(DIMENSION_NAMES["agent"]),
    )


def _drawn(found: Differing) -> list[Reading]:
    """Who is drawn of a team with more agents than one can tell apart: all who differ, then who has the most behind."""
    if len(found.readings) <= MOST_DRAWN:
        return found.readings
    outside = set(map(id, found.outside))
    ranked = sorted(found.readings, key=lambda reading: (id(reading) not in outside, -reading.n))
    return ranked[: max(MOST_DRAWN, len(outside))]


def _title(found: Differing) -> str:
    n = len(found.outside)
    if not n:
        return _("Nobody differs beyond chance")
    return ngettext("%(n)s person differs beyond chance", "%(n)s people differ beyond chance", n) % {"n": n}
