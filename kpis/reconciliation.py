"""Do the views of a day agree with each other and with the facts?"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from interactions.models import Contact, DirtyDay
from kpis.models import AgentDay, CentreDay, CentreSlot, QueueDay, QueueSlot
from kpis.period import Period
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
    "centre": pgettext_lazy("view", "centre"),
    "centre by half-hour": _("centre by half-hour"),
}


def differences(period: Period) -> dict[dt.date, list[dict[str, str]]]:
    """What does not reconcile on each day: every entry names two counts and their values. Empty when all is well.

    A day that changed since it was computed will be computed again, and is not judged.
    """
    facts = {
        "offered": _counted(Contact.objects.filter(_within(period, "day")), "day"),
        "handled": _counted(Contact.objects.filter(_within(period, "answered_day")), "answered_day"),
    }
    views = {
        "by queue": _sums(QueueDay, period, *OFFERED, *HANDLED),
        "by agent": _sums(AgentDay, period, *HANDLED),
        "by half-hour": _sums(QueueSlot, period, *HANDLED),
        "centre": _sums(CentreDay, period, *HANDLED),
        "centre by half-hour": _sums(CentreSlot, period, *HANDLED),
    }
    changed = set(DirtyDay.objects.filter(_within(period, "day")).values_list("day", flat=True))
    return {day: [] if day in changed else _differences_of(day, facts, views) for day in period}


OFFERED = ("contacts_offered", "contacts_answered", "contacts_abandoned", "contacts_waiting")
HANDLED = ("contacts_handled", "handle_seconds")


def _differences_of(day: dt.date, facts: dict[str, Any], views: dict[str, Any]) -> list[dict[str, str]]:
    by_queue = views["by queue"].get(day, {})
    offered, *parts = (by_queue.get(column) or 0 for column in OFFERED)
    pairs = [
        ("offered, facts", facts["offered"].get(day, 0), "offered", offered),
        ("offered", offered, "answered + abandoned + waiting", sum(parts)),
        ("handled, facts", facts["handled"].get(day, 0), "handled, by queue", by_queue.get("contacts_handled") or 0),
    ]
    for view in ("by agent", "by half-hour", "centre", "centre by half-hour"):
        for column in HANDLED:
            value = views[view].get(day, {}).get(column) or 0
            pairs.append((f"{column}, by queue", by_queue.get(column) or 0, f"{column}, {view}", value))
    return [
        {"of": first, "is": str(one), "but": second, "was": str(other)}
        for first, one, second, other in pairs
        if one != other
    ]


def in_words(side: str) -> str:
    """One side of a difference, such as "handled, by queue", for people."""
    count, _comma, view = side.partition(", ")
    name = str(COUNTS.get(count) or TALLY_NAMES.get(count) or count)
    return gettext("%(count)s, %(view)s") % {"count": name, "view": VIEWS.get(view) or view} if view else name


def _within(period: Period, day: str) -> Q:
    return Q(**{f"{day}__range": (period.start, period.end)})


def _counted(contacts: QuerySet, day: str) -> dict[dt.date, int]:
    return dict(contacts.order_by().values_list(day).annotate(contacts=Count("*")))


def _sums(rollup: Any, period: Period, *columns: str) -> dict[dt.date, dict[str, Any]]:
    rows = rollup.objects.filter(_within(period, "day")).order_by().values("day")
    sums = rows.annotate(**{f"of_{column}": Sum(column) for column in columns})
    return {row["day"]: {column: row[f"of_{column}"] for column in columns} for row in sums}
