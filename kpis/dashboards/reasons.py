"""Why customers contact: the few reasons that make up most of the work."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis import charts
from kpis.dashboards.board import Board
from kpis.dashboards.labels import DIMENSION_NAMES, Labels
from kpis.dashboards.parts import Part
from kpis.definitions import KPIS
from kpis.text import format_percent

# Juran's "vital few": those that make up four fifths.
VITAL = 0.8


def reasons(board: Board) -> Part | None:
    """Handled contacts by reason, the greatest first; None where no contact has one."""
    kpi = KPIS["contacts_handled"]
    readings = [reading for reading in board.read([kpi], "reason") if reading.value]
    given = sorted((one for one in readings if one.at["reason"] is not None), key=lambda one: -(one.value or 0))
    if not given:
        return None
    without = [reading for reading in readings if reading.at["reason"] is None]
    labels = Labels(board.viewer, board.selection, readings)
    total, sum_of_few, few = sum(reading.value or 0 for reading in given), 0.0, 0
    # The few are chosen among what has a reason; their share is one of all contacts, as those of the bars are.
    whole = total + sum(reading.value or 0 for reading in without)
    while sum_of_few < VITAL * total:
        sum_of_few += given[few].value or 0
        few += 1
    title = ngettext(
        "%(few)s of %(all)s reason makes %(share)s of the contacts",
        "%(few)s of %(all)s reasons make %(share)s of the contacts",
        len(given),
    ) % {"few": few, "all": len(given), "share": format_percent(sum_of_few / whole, 1)}
    named = [(labels.of(reading), reading) for reading in given]
    rest = [(_("no reason coded"), reading) for reading in without]
    return Part(
        "reasons",
        title,
        [*given, *without],
        labels,
        ("reason",),
        _("contacts handled, the most frequent reasons first"),
        charts.pareto(named, rest, few=few),
        head=str(DIMENSION_NAMES["reason"]),
    )
