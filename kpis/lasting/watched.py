"""The KPIs that are watched without being asked for, and how each varies."""

from __future__ import annotations

from kpis.kpi import Kpi, Unit
from kpis.statistics import Scale

# Of where customers wait in a line, of where they write, and of both; a selection has those that its channels have.
WATCHED = (
    "service_level",
    "average_speed_of_answer",
    "abandonment_rate",
    "average_response_time",
    "overdue_rate",
    "reopen_rate",
    "average_handle_time",
    "first_contact_resolution",
    "csat",
    "transfer_rate",
)
# Of single people: what they can change themselves, the most telling first.
OF_PEOPLE = ("average_handle_time", "first_contact_resolution", "csat")


def scale_of(kpi: Kpi) -> Scale | None:
    """How a KPI varies; None for a level and for a greatest value, whose neighbours are no independent points."""
    if kpi.is_snapshot or kpi.is_maximum:
        return None
    if kpi.unit is Unit.SHARE and kpi.bottom:
        return Scale.SHARE
    return Scale.LOGARITHM if kpi.unit is Unit.SECONDS else Scale.PLAIN
