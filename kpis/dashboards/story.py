"""One number's story: what it is made of, and whether the two views of the same work agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from kpis.dashboards.board import Board
from kpis.dashboards.spread import SPREADS
from kpis.kpi import Better, Fact, Kpi, Tally, Total, Unit
from kpis.measure import Reading
from kpis.tally_names import TALLY_NAMES
from kpis.text import format_value

# The unit of a tally's amount, by the end of its key; what has no such end is counted.
UNITS = {"_seconds": Unit.SECONDS, "_wait": Unit.SECONDS, "_cost": Unit.MONEY, "_amount": Unit.MONEY}
QUEUE_AND_AGENT_VIEW = ("contacts_offered", "contacts_answered", "contacts_abandoned", "contacts_handled")


@dataclass(frozen=True)
class Term:
    """One tally of a KPI's top or bottom, with its sign and a link to its rows."""

    sign: str
    name: str
    text: str
    url: str


@dataclass(frozen=True)
class Halves:
    """Top and bottom of a KPI, each as its terms."""

    top: list[Term]
    bottom: list[Term]


def told_with(kpi: Kpi) -> tuple[str, ...]:
    """The KPIs that the page of one reads: itself, those of the same times, and the two views of the same work."""
    times = [key for spread in SPREADS if kpi.key in spread.told_by for key in spread.told_by]
    return tuple(dict.fromkeys((kpi.key, *times, *QUEUE_AND_AGENT_VIEW)))


def halves(board: Board, kpi: Kpi) -> Halves:
    """What the KPI is made of, term by term; empty for a percentile, which has no top."""
    tallies = {tally.key: tally for total in (kpi.top, kpi.bottom) if total for tally, _sign in total.terms}
    values = {reading.kpi.key: reading for reading in board.read([as_kpi(tally) for tally in tallies.values()])}
    return Halves(_terms(board, kpi, kpi.top, values), _terms(board, kpi, kpi.bottom, values))


def _terms(board: Board, kpi: Kpi, total: Total | None, values: Mapping[str, Reading]) -> list[Term]:
    return [
        Term(
            "−" if sign < 0 else "+" if number else "",
            str(TALLY_NAMES[tally.key]),
            format_value(values[tally.key].kpi, values[tally.key].value),
            rows_url(board, kpi, tally.key),
        )
        for number, (tally, sign) in enumerate(total.terms if total else ())
        if tally.key in values
    ]


def as_kpi(tally: Tally) -> Kpi:
    """A tally alone, measured like any KPI."""
    unit = next((unit for ending, unit in UNITS.items() if tally.key.endswith(ending)), Unit.COUNT)
    name = TALLY_NAMES[tally.key]
    return Kpi(tally.key, name, name, name, name, unit, Better.NEITHER, "", top=+tally)


def rows_url(board: Board, kpi: Kpi, part: str) -> str:
    """The page of the rows behind a part of a KPI."""
    return f"{reverse('kpis:rows_behind', args=[kpi.key, part])}?{board.selection.query}"


def reconciliation(board: Board, kpi: Kpi) -> dict[str, int] | None:
    """The queue view (offered) beside the agent view (handled), for KPIs that rest on either.

    None where a selection has no queue view, as for one agent.
    """
    if not {tally.fact for tally in kpi.tallies} & {Fact.OFFERED, Fact.HANDLED}:
        return None
    found = {key: board.now[key].value for key in QUEUE_AND_AGENT_VIEW if key in board.now}
    if len(found) < len(QUEUE_AND_AGENT_VIEW) or None in found.values():
        return None
    counts = {key: round(value or 0) for key, value in found.items()}
    waiting = counts["contacts_offered"] - counts["contacts_answered"] - counts["contacts_abandoned"]
    return counts | {"waiting": waiting, "difference": counts["contacts_handled"] - counts["contacts_answered"]}
