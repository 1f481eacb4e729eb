"""What happened around one contact: its own steps, the other legs, the customer's contacts before and after."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from interactions.models import Contact
from people.models import User

NEAREST = 10


@dataclass(frozen=True)
class Step:
    """A stretch of a contact; ``start`` and ``width`` are percent of the whole."""

    name: str
    seconds: float
    start: float
    width: float
    is_waiting: bool


def timeline(contact: Contact) -> list[Step]:
    """Wait, ring, talk, hold and wrap-up, one after the other. Hold is shown as one stretch, whenever it was."""
    stretches = [
        (_("Wait"), float(contact.wait_seconds), True),
        (_("Ring"), float(contact.ring_seconds), True),
        (_("Talk"), float(contact.talk_seconds), False),
        (_("Hold"), float(contact.hold_seconds), True),
        (_("Wrap-up"), float(contact.wrap_seconds), False),
    ]
    whole = sum(seconds for _name, seconds, _waits in stretches) or 1
    steps, start = [], 0.0
    for name, seconds, waits in stretches:
        width = 100 * seconds / whole
        steps.append(Step(name, seconds, round(start, 2), round(width, 2), waits))
        start += width
    return steps


def conversation(contact: Contact, viewer: User) -> list[Contact]:
    """The legs of the same conversation that the viewer may see, this one too, in order; empty for a single leg."""
    if not contact.conversation_id:
        return []
    same = Q(source=contact.source_id, conversation_id=contact.conversation_id)
    legs = list(_listed(viewer).filter(same).order_by("offered_at", "pk"))
    return legs if len(legs) > 1 else []


def repeats(contact: Contact, viewer: User) -> list[Contact]:
    """The same customer's contacts for the same reason, the nearest before and after, as far as the viewer may see."""
    if contact.customer is None or contact.reason_id is None:
        return []
    same = _listed(viewer).filter(customer=contact.customer, reason=contact.reason_id).exclude(pk=contact.pk)
    if contact.conversation_id:
        same = same.exclude(source=contact.source_id, conversation_id=contact.conversation_id)
    before = same.filter(offered_at__lte=contact.offered_at).order_by("-offered_at")[:NEAREST]
    after = same.filter(offered_at__gt=contact.offered_at).order_by("offered_at")[:NEAREST]
    return [*reversed(before), *after]


def _listed(viewer: User) -> QuerySet[Contact]:
    return Contact.objects.all().visible_to(viewer).select_related("queue__site", "agent", "team", "reason")
