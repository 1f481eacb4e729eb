"""Whether what customers came for is settled."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpis import tallies as t
from kpis.definitions.sources import ISO
from kpis.kpi import Better, Kpi, Sample, Spread, Unit

GROUP = _("Resolution")

KPIS = (
    Kpi(
        "first_contact_resolution",
        _("First contact resolution"),
        _("Which share of contacts settles the customer's matter?"),
        _("handled contacts not followed by another of the same customer and reason in W days ÷ handled contacts"),
        _(
            "A further contact counts whether it was answered or abandoned; a transfer within the same conversation "
            "does not. W is the queue's window (7 days by default). Only contacts whose window has passed within the "
            "data are counted; the last days are maturing and shown as provisional. Contacts without a known customer "
            "or reason are left out. What agents code and what customers say are KPIs of their own."
        ),
        Unit.SHARE,
        Better.HIGHER,
        GROUP,
        top=+t.fcr_resolved,
        bottom=+t.fcr_matured,
        provisional=(t.fcr_resolved + t.fcr_maturing_resolved, t.fcr_matured + t.fcr_maturing),
        spread=Spread.WILSON,
        source=ISO,
    ),
    Kpi(
        "coded_resolution",
        _("Resolution coded by agents"),
        _("Which share of contacts do agents call resolved?"),
        _("contacts coded as resolved ÷ contacts coded"),
        _("Usually higher than what repeat contacts show; the gap is worth a look."),
        Unit.SHARE,
        Better.HIGHER,
        GROUP,
        top=+t.coded_resolved,
        bottom=+t.coded,
        spread=Spread.WILSON,
        source=ISO,
    ),
    Kpi(
        "surveyed_resolution",
        _("Resolution said by customers"),
        _("Which share of customers say that their matter was settled?"),
        _("answers “resolved” ÷ answers to that question"),
        _("Only those who answered the survey; they are seldom typical."),
        Unit.SHARE,
        Better.HIGHER,
        GROUP,
        top=+t.survey_resolved,
        bottom=+t.survey_resolved_answers,
        spread=Spread.WILSON,
        sample=Sample.ANSWERS,
        source=ISO,
    ),
)
