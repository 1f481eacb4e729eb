"""A supervisor's share of others' queues: what may be told of it, for pages and API alike.

Of a queue of others a supervisor sees the contacts that their own teams answered. What was offered there is not
theirs: their share of it would hold none of what was abandoned, a false figure, and is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kpis.kpi import Fact, Kpi
from kpis.measure import NotMeasurable, Reading
from people.models import Queue, User

# What a team answered, and what was said about it. What was offered to a queue of others is not theirs to see.
HANDLED_WORK = {Fact.HANDLED, Fact.SURVEYED, Fact.COMPLAINED}


def is_of_handled_work(kpi: Kpi) -> bool:
    """Whether a KPI tells of nothing but contacts that somebody answered: true for any share of a queue."""
    if kpi.percentile:
        return kpi.percentile[0] == "handle"
    return all(tally.fact in HANDLED_WORK for tally in kpi.tallies)


def own_queues(viewer: User) -> frozenset[int] | None:
    """The queues that the viewer's teams own, which they see whole; None for a viewer without shares of queues.

    That is who sees everything, and who leads no team: an agent reads only what is their own anyway.
    """
    if viewer.sees_everything or not viewer.supervised_team_ids:
        return None
    owned = Queue.objects.visible_to(viewer).filter(owner_team__in=viewer.supervised_team_ids)
    return frozenset(owned.values_list("pk", flat=True))


def check_whole(kpis: Sequence[Kpi], *, viewer: User, where: Mapping[str, Collection[Any]]) -> None:
    """Raise NotMeasurable where a KPI is kept to a queue of which the viewer sees only a share."""
    asked = set(where.get("queue", ()))
    told = next((kpi for kpi in kpis if not is_of_handled_work(kpi)), None)
    if not asked or told is None:
        return
    own = own_queues(viewer)
    if own is not None and asked - own:
        raise NotMeasurable(
            _("%(kpi)s is not told of a queue of others: your teams see only what they answered there.")
            % {"kpi": told.name}
        )


def without_shares(readings: Sequence[Reading], own: frozenset[int] | None) -> list[Reading]:
    """Readings split by queue, without those of which the viewer of these ``own`` queues sees only a share."""
    return [entry for entry in readings if own is None or entry.at["queue"] in own or is_of_handled_work(entry.kpi)]
