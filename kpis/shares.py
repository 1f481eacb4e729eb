"""A supervisor's share of others' queues: what may be told of it, for pages and API alike.

What was offered to a queue counts for the team that owns it (kpis/facts.py), so its supervisor reads it whole,
whoever answered. Of a queue of others a supervisor reads what their own teams answered, and nothing of what was
offered there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kpis.kpi import OF_THE_QUEUE, Kpi
from kpis.scope import NotMeasurable
from people.models import Queue, User


def is_of_handled_work(kpi: Kpi) -> bool:
    """Whether a KPI tells of nothing but work that somebody did: true for any share of a queue."""
    if kpi.percentile:
        return kpi.percentile[0] == "handle"
    return not any(tally.fact in OF_THE_QUEUE for tally in kpi.tallies)


def own_queues(viewer: User) -> frozenset[int] | None:
    """The queues that the viewer's teams own, which they see whole; None for a viewer without shares of queues.

    That is who sees everything, and who leads no team: an agent reads only what is their own anyway.
    """
    if viewer.sees_everything or not viewer.supervised_team_ids:
        return None
    owned = Queue.objects.visible_to(viewer).filter(owner_team__in=viewer.supervised_team_ids)
    return frozenset(owned.values_list("pk", flat=True))


def check_whole(kpis: Sequence[Kpi], *, viewer: User, where: Mapping[str, Collection[Any]]) -> None:
    """Raise NotMeasurable where a KPI of what was offered is kept to a queue of others: there is none to read."""
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
