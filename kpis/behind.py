"""The rows behind a number: whoever doubts it sees what it is made of, and the counts agree."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kpis.dimensions import column
from kpis.facts import FACTS
from kpis.horizon import horizon
from kpis.kpi import Kpi, Tally
from kpis.period import Period
from kpis.scope import NotMeasurable, Where, days_within, kept_to, scoped
from kpis.tallies import TALLIES
from people.models import User


def rows_behind(kpi: Kpi, part: str, *, viewer: User, period: Period, where: Where | None = None) -> QuerySet:
    """The fact rows behind one tally of a KPI: their number, or the sum of ``added``, is the reading's.

    ``part`` is "top", "bottom" or a tally's key (see `tally_of`). A level over time has the rows of its last day.
    Of a queue of their own a supervisor may open what their teams answered; the rest are `unlisted_behind`.
    """
    rows, team = _rows_of(tally_of(kpi, part), period, dict(where or {}))
    return scoped(rows, viewer, where or {}, team)


def unlisted_behind(kpi: Kpi, part: str, *, viewer: User, period: Period, where: Where | None = None) -> int:
    """How many rows are in the reading, but not the viewer's to open: what other teams answered in their queues."""
    if viewer.sees_everything or not viewer.supervised_team_ids:
        return 0
    rows, team = _rows_of(tally_of(kpi, part), period, dict(where or {}))
    counted = rows.filter(**{f"{team}__in": viewer.supervised_team_ids})
    return counted.exclude(counted.model.visible_rows(viewer)).count()


def _rows_of(tally: Tally, period: Period, where: dict[str, Collection[Any]]) -> tuple[QuerySet, str]:
    """Everybody's fact rows that a tally counts, and the way from them to the team that they count for."""
    layout = FACTS[tally.fact]
    reach = horizon()
    rows = layout.rows(period, reach)
    if tally.is_snapshot:
        last = (days_within(period, where, reach) or [period.start])[-1]
        rows = layout.rows(Period(last, last), reach)
        where = {name: chosen for name, chosen in where.items() if column(name) != "day"}
    rows = kept_to(rows.filter(tally.where), where, layout.paths)
    if tally.add is not None:
        rows = rows.annotate(added=tally.add).filter(added__isnull=False)
    return rows, layout.paths["team"].name


def tallies_behind(kpi: Kpi, part: str) -> tuple[Tally, ...]:
    """The tallies that a part of a KPI is made of: of its "top", its "bottom", or the one of that key.

    A percentile has no top of its own; behind it are the times its histogram is made of. Raises NotMeasurable
    where there is no such part.
    """
    total = {"top": kpi.top, "bottom": kpi.bottom}.get(part)
    if total:
        return tuple(tally for tally, _sign in total.terms)
    times = f"{kpi.percentile[0]}_seconds" if kpi.percentile else None
    known = [tally for tally in TALLIES if tally in kpi.tallies or tally.key in {times, "fcr_without_customer"}]
    found = tuple(tally for tally in known if tally.key == part or (part == "top" and tally.key == times))
    if not found:
        raise NotMeasurable(_("%(kpi)s has no part “%(part)s”.") % {"kpi": kpi.name, "part": part})
    return found


def tally_of(kpi: Kpi, part: str) -> Tally:
    """The one tally that a part of a KPI is made of; raises NotMeasurable where it is none or several."""
    first, *others = tallies_behind(kpi, part)
    if others:
        raise NotMeasurable(
            _("“%(part)s” of %(kpi)s is not one tally. Ask for one of: %(known)s.")
            % {"part": part, "kpi": kpi.name, "known": ", ".join(tally.key for tally in (first, *others))}
        )
    return first
