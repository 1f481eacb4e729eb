"""The kinds of fact: which rows they are, and which moment decides their business day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import DateField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from interactions.models import AgentState, Complaint, Contact, Shift, SurveyAnswer
from kpis.kpi import Fact
from kpis.period import Period
from people.models import Channel


@dataclass(frozen=True)
class FactRows:
    """Where the rows of a fact are and how they are laid out.

    ``paths`` names, for each dimension, the way from the row to it. ``within(start, end)`` is the condition
    that a row belongs to these business days.
    """

    model: Any
    paths: dict[str, Any]
    within: Callable[[dt.date, dt.date], Q]

    def rows(self, period: Period, horizon: dt.date | None) -> QuerySet:
        """The fact rows of a period, with the thresholds of the time and the horizon for tallies to name."""
        rows = self.model.objects.order_by()
        if hasattr(rows, "with_rules"):
            rows = rows.with_rules()
        reach = Value(horizon or dt.date.min, output_field=DateField())
        return rows.annotate(horizon=reach).filter(self.within(period.start, period.end))

    def has(self, dimension: str) -> bool:
        """Whether its rows can be told apart by this dimension."""
        return dimension in self.paths


def _by_day(path: str, condition: Q | None = None) -> Callable[[dt.date, dt.date], Q]:
    def within(start: dt.date, end: dt.date) -> Q:
        return Q(**{f"{path}__range": (start, end)}) & (condition or Q())

    return within


def _contact(day: str, slot: str | None = None) -> dict[str, Any]:
    paths: dict[str, Any] = {name: F(name) for name in ("team", "agent", "queue", "channel", "reason")}
    paths["day"] = F(day)
    return paths | ({"slot": F(slot)} if slot else {})


def _of_queue(day: str, slot: str | None = None) -> dict[str, Any]:
    """What waits in a queue counts for the team that owns it, whoever answers: else its abandons would stand alone."""
    paths = _contact(day, slot) | {"team": F("owner_team")}
    del paths["agent"]
    return paths


# What a customer said belongs to the moment the contact was answered, or offered where nobody answered.
_SAID_ABOUT = {
    "day": Coalesce("contact__answered_day", "contact__day"),
    "slot": Coalesce("contact__answered_slot", "contact__slot"),
    "team": F("contact__team"),
    "agent": F("contact__agent"),
    "queue": F("contact__queue"),
    "channel": F("contact__channel"),
    "reason": F("contact__reason"),
}


def _said_within(start: dt.date, end: dt.date) -> Q:
    return Q(contact__answered_day__range=(start, end)) | Q(
        contact__answered_day__isnull=True, contact__day__range=(start, end)
    )


def _open_at_the_end(start: dt.date, end: dt.date) -> Q:
    """Tickets open at the end of ``end``: a level has no other day than the last, and none beyond the facts."""
    return Q(channel=Channel.TICKET, day__lte=end, horizon__gte=end) & (
        Q(ended_day__isnull=True) | Q(ended_day__gt=end)
    )


_IS_TICKET = Q(channel=Channel.TICKET)
# Beyond the facts nobody knows whether it was finished in time.
_FELL_DUE = Q(due_day__lte=F("horizon"))
_AGENT_TIME = {"day": F("day"), "team": F("team"), "agent": F("agent")}

FACTS: dict[Fact, FactRows] = {
    Fact.OFFERED: FactRows(Contact, _of_queue("day", "slot"), _by_day("day")),
    Fact.HANDLED: FactRows(Contact, _contact("answered_day", "answered_slot"), _by_day("answered_day")),
    Fact.SURVEYED: FactRows(SurveyAnswer, _SAID_ABOUT, _said_within),
    Fact.COMPLAINED: FactRows(Complaint, _SAID_ABOUT, _said_within),
    Fact.CLOSED: FactRows(Contact, _contact("ended_day"), _by_day("ended_day", _IS_TICKET)),
    Fact.CLEARED: FactRows(Contact, _of_queue("ended_day"), _by_day("ended_day", _IS_TICKET)),
    Fact.DUE: FactRows(Contact, _contact("due_day"), _by_day("due_day", _IS_TICKET & _FELL_DUE)),
    Fact.OPEN: FactRows(Contact, _of_queue("day"), _open_at_the_end),
    Fact.STATE: FactRows(AgentState, _AGENT_TIME, _by_day("day")),
    Fact.SHIFT: FactRows(Shift, _AGENT_TIME, _by_day("day")),
}
