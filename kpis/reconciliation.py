"""Do the views of one day agree with each other and with the facts?"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from interactions.models import Contact
from kpis.models import AgentDay, QueueDay, QueueSlot
from kpis.tally_names import TALLY_NAMES

# What is kept of a difference is read by programs too; people read it in their language.
COUNTS = {
    "offered": pgettext_lazy("count", "offered"),
    "handled": pgettext_lazy("count", "handled"),
    "answered + abandoned + waiting": _("answered + abandoned + waiting"),
}
VIEWS = {
    "facts": _("facts"),
    "by queue": _("by queue"),
    "by agent": _("by agent"),
    "by half-hour": _("by half-hour"),
}


def differences(day: dt.date) -> list[dict[str, Any]]:
    """What does not reconcile on a day: each entry names two counts and their values. Empty when all is well."""
    by_queue = _sums(QueueDay, day, "contacts_offered", "contacts_answered", "contacts_abandoned", "contacts_waiting")
    handled = _sums(QueueDay, day, "contacts_handled", "handle_seconds")
    counts = [
        ("offered, facts", Contact.objects.filter(day=day).count(), "offered", by_queue["contacts_offered"]),
        (
            "offered",
            by_queue["contacts_offered"],
            "answered + abandoned + waiting",
            by_queue["contacts_answered"] + by_queue["contacts_abandoned"] + by_queue["contacts_waiting"],
        ),
        (
            "handled, facts",
            Contact.objects.filter(answered_day=day).count(),
            "handled, by queue",
            handled["contacts_handled"],
        ),
    ]
    for rollup, name in ((AgentDay, "by agent"), (QueueSlot, "by half-hour")):
        for column, value in _sums(rollup, day, *handled).items():
            counts.append((f"{column}, by queue", handled[column], f"{column}, {name}", value))
    return [
        {"of": first, "is": str(one), "but": second, "was": str(other)}
        for first, one, second, other in counts
        if one != other
    ]


def in_words(side: str) -> str:
    """One side of a difference, such as "handled, by queue", for people."""
    count, _comma, view = side.partition(", ")
    name = str(COUNTS.get(count) or TALLY_NAMES.get(count) or count)
    return gettext("%(count)s, %(view)s") % {"count": name, "view": VIEWS.get(view) or view} if view else name


def _sums(rollup: Any, day: dt.date, *columns: str) -> dict[str, Any]:
    sums = rollup.objects.filter(day=day).aggregate(**{f"of_{column}": Sum(column) for column in columns})
    return {column: sums[f"of_{column}"] or 0 for column in columns}
