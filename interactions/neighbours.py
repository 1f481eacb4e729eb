"""The contacts around one: other legs of its conversation, and the same customer's for the same reason.

What the viewer may not open is there all the same, as a moment without a name: a supervisor who asks why a
contact does not count as resolved should not look for a repeat that seems not to exist.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interactions.models import Contact
from interactions.text import format_number, format_seconds
from people.models import User

NEAREST = 10
MOST_LEGS = 12
RELATED = ("queue__site", "agent", "team", "reason")


@dataclass(frozen=True)
class Neighbour:
    """A contact near another; ``contact`` is None where the viewer may not open it."""

    contact: Contact | None
    offered_at: dt.datetime
    distance: str = ""
    is_within: bool = False  # whether it makes the earlier of the two a repeated one


@dataclass(frozen=True)
class Conversation:
    """The legs around a contact, it among them, in order, and how many more came before and after those."""

    legs: list[Neighbour]
    earlier: int = 0
    later: int = 0


def conversation(contact: Contact, viewer: User) -> Conversation:
    """The legs of the same conversation, the nearest where they are many; without legs for a single one."""
    if not contact.conversation_id:
        return Conversation([])
    same = Contact.objects.filter(source=contact.source_id, conversation_id=contact.conversation_id)
    before = same.filter(_comes("lt", contact)).order_by("-offered_at", "-pk")
    after = same.filter(_comes("gt", contact)).order_by("offered_at", "pk")
    most = MOST_LEGS - 1
    # One more than is shown tells whether there are more.
    earlier, later = (list(rows.values_list("pk", "offered_at")[: most + 1]) for rows in (before, after))
    if not earlier and not later:
        return Conversation([])
    # As many on either side, or more on one where the other has fewer.
    kept = min(len(earlier), max(most // 2, most - len(later)))
    found = [*reversed(earlier[:kept]), (contact.pk, contact.offered_at), *later[: most - kept]]
    seen = _seen([pk for pk, _moment in found], viewer)
    legs = [Neighbour(seen.get(pk), moment) for pk, moment in found]
    is_all = len(earlier) + len(later) <= most
    return Conversation(legs) if is_all else Conversation(legs, before.count() - kept, after.count() - (most - kept))


def _comes(side: str, contact: Contact) -> Q:
    """That a leg comes before (``lt``) or after (``gt``) another: by its moment, legs of one moment by their keys."""
    at_once = Q(offered_at=contact.offered_at, **{f"pk__{side}": contact.pk})
    return Q(**{f"offered_at__{side}": contact.offered_at}) | at_once


def repeats(contact: Contact, viewer: User) -> list[Neighbour]:
    """The same customer's contacts for the same reason, the nearest before and after.

    The other legs of its own conversation are none.
    """
    if contact.customer is None or contact.reason_id is None:
        return []
    same = Contact.objects.filter(customer=contact.customer, reason=contact.reason_id).exclude(pk=contact.pk)
    if contact.conversation_id:
        same = same.exclude(source=contact.source_id, conversation_id=contact.conversation_id)
    rows = same.with_rules().annotate(window=F("rules__fcr_window_days")).values_list("pk", "offered_at", "window")
    before = rows.filter(offered_at__lte=contact.offered_at).order_by("-offered_at", "-pk")[:NEAREST]
    after = rows.filter(offered_at__gt=contact.offered_at).order_by("offered_at", "pk")[:NEAREST]
    found = [*reversed(before), *after]
    seen = _seen([pk for pk, *_rest in found], viewer)
    own_window = _window(contact) if after else None
    return [
        _neighbour(contact, seen.get(pk), moment, window if moment <= contact.offered_at else own_window)
        for pk, moment, window in found
    ]


def _neighbour(contact: Contact, seen: Contact | None, moment: dt.datetime, window: int | None) -> Neighbour:
    gap = moment - contact.offered_at
    words = _("%(time)s later") if gap > dt.timedelta() else _("%(time)s earlier")
    is_within = window is not None and abs(gap) <= dt.timedelta(days=window)
    return Neighbour(seen, moment, words % {"time": format_distance(abs(gap))}, is_within)


def _window(contact: Contact) -> int | None:
    """The days in which a further contact counts as a repeat of this one, by the rules of its queue on its day."""
    rows = Contact.objects.filter(pk=contact.pk).with_rules().annotate(window=F("rules__fcr_window_days"))
    window: int | None = rows.values_list("window", flat=True).get()
    return window


def _seen(keys: list[int], viewer: User) -> dict[int, Contact]:
    """Those that the viewer may open, by key."""
    rows: QuerySet[Contact] = Contact.objects.filter(pk__in=keys).visible_to(viewer).select_related(*RELATED)
    return {contact.pk: contact for contact in rows}


def format_distance(gap: dt.timedelta) -> str:
    """A time between two moments: "2 days 3 h" from a day on, else m:ss or h:mm:ss."""
    if not gap.days:
        return format_seconds(gap.total_seconds())
    days = ngettext("%(days)s day", "%(days)s days", gap.days) % {"days": format_number(gap.days)}
    hours = round(gap.seconds / 3_600)
    return _("%(days)s %(hours)s h") % {"days": days, "hours": hours} if hours else days
