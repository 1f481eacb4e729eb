"""What becomes of tickets."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpis import tallies as t
from kpis.kpi import Better, Kpi, Sample, Spread, Unit

GROUP = _("Tickets")

KPIS = (
    Kpi(
        "tickets_opened",
        _("Tickets opened"),
        _("How many tickets came in?"),
        _("tickets offered in the period"),
        _("Counted on the day of opening."),
        Unit.COUNT,
        Better.NEITHER,
        GROUP,
        top=+t.tickets_opened,
        sample=Sample.TICKETS,
    ),
    Kpi(
        "tickets_closed",
        _("Tickets closed"),
        _("How many tickets were finished?"),
        _("tickets whose end lies in the period"),
        _("Counted on the day of closing, whenever they were opened."),
        Unit.COUNT,
        Better.HIGHER,
        GROUP,
        top=+t.tickets_closed,
        sample=Sample.TICKETS,
    ),
    Kpi(
        "tickets_closed_rate",
        _("Tickets closed to opened"),
        _("Do we close as many tickets as come in?"),
        _("tickets closed in the period ÷ tickets opened in the period"),
        _("A view of the flow: above 100 % the backlog shrinks. It does not follow single tickets."),
        Unit.SHARE,
        Better.HIGHER,
        GROUP,
        top=+t.tickets_cleared,
        bottom=+t.tickets_opened,
        sample=Sample.TICKETS,
    ),
    Kpi(
        "backlog",
        _("Backlog"),
        _("How many tickets are open?"),
        _("tickets opened and not closed at the end of the period"),
        _("A level, not a flow: over time its last value counts and is never added up."),
        Unit.COUNT,
        Better.LOWER,
        GROUP,
        top=+t.tickets_open,
        sample=Sample.TICKETS,
    ),
    Kpi(
        "reopen_rate",
        _("Reopen rate"),
        _("Which share of closed tickets had to be opened again?"),
        _("closed tickets that were reopened ÷ tickets closed"),
        _("Follows the tickets closed in the period, whenever they are reopened; so the last days may still rise."),
        Unit.SHARE,
        Better.LOWER,
        GROUP,
        top=+t.tickets_reopened,
        bottom=+t.tickets_closed,
        spread=Spread.WILSON,
        sample=Sample.TICKETS,
    ),
    Kpi(
        "overdue_rate",
        _("Overdue rate"),
        _("Which share of due tickets was not finished in time?"),
        _("tickets due in the period and not closed by then ÷ tickets due in the period"),
        _("Counted on the due day, whenever the ticket is closed afterwards."),
        Unit.SHARE,
        Better.LOWER,
        GROUP,
        top=+t.tickets_overdue,
        bottom=+t.tickets_due,
        spread=Spread.WILSON,
        sample=Sample.TICKETS,
    ),
)
