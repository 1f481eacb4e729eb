"""What contacts bring in and cost."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpis import tallies as t
from kpis.definitions.sources import CLEVELAND
from kpis.kpi import Better, Kpi, Spread, Unit

GROUP = _("Sales and cost")

KPIS = (
    Kpi(
        "cost_per_contact",
        _("Cost per contact"),
        _("What does a handled contact cost?"),
        _("(cost of paid time + costs booked to contacts) ÷ contacts handled"),
        _(
            "Paid time at the agent's hourly cost when the time was recorded, plus what the platform charges per "
            "contact. Overhead that is not booked to contacts is not in it."
        ),
        Unit.MONEY,
        Better.LOWER,
        GROUP,
        top=t.paid_cost + t.contact_cost,
        bottom=+t.contacts_handled,
        evidence=t.paid_cost + t.contact_cost,
        source=CLEVELAND,
    ),
    Kpi(
        "sales",
        _("Sales"),
        _("How many contacts led to a sale?"),
        _("handled contacts with a sale above zero"),
        _("Counted on the day on which the contact was answered."),
        Unit.COUNT,
        Better.HIGHER,
        GROUP,
        top=+t.sales,
    ),
    Kpi(
        "sales_amount",
        _("Sales amount"),
        _("What were the sales worth?"),
        _("sum of sale amounts"),
        _("In the currency in which the amounts came in."),
        Unit.MONEY,
        Better.HIGHER,
        GROUP,
        top=+t.sales_amount,
        counted=+t.sales,
    ),
    Kpi(
        "conversion_rate",
        _("Conversion rate"),
        _("Which share of sales contacts ends in a sale?"),
        _("contacts with a sale ÷ handled outbound and sales contacts"),
        _("A sales contact is an outbound one or one with a sale amount, be it zero."),
        Unit.SHARE,
        Better.HIGHER,
        GROUP,
        top=+t.sales,
        bottom=+t.sales_contacts,
        spread=Spread.WILSON,
    ),
    Kpi(
        "revenue_per_contact",
        _("Revenue per contact"),
        _("What does a handled contact bring in?"),
        _("sum of sale amounts ÷ contacts handled"),
        _("Over all handled contacts, with and without a sale."),
        Unit.MONEY,
        Better.HIGHER,
        GROUP,
        top=+t.sales_amount,
        bottom=+t.contacts_handled,
        evidence=+t.sales_contacts,
    ),
)
