"""What customers say."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpis import tallies as t
from kpis.definitions.sources import DIXON, ISO, REICHHELD
from kpis.kpi import Better, Kpi, Sample, Spread, Unit

GROUP = _("Customer's voice")

KPIS = (
    Kpi(
        "csat",
        _("Customer satisfaction"),
        _("Which share of customers are satisfied?"),
        _("answers from the queue's “satisfied from” mark (4 of 5) up ÷ answers"),
        _(
            "Booked to the day on which the contact was answered, however late the survey comes. A share from few "
            "answers is wide: mind its interval. The mean of the answers is a KPI of its own."
        ),
        Unit.SHARE,
        Better.HIGHER,
        GROUP,
        top=+t.csat_satisfied,
        bottom=+t.csat_answers,
        spread=Spread.WILSON,
        sample=Sample.ANSWERS,
        source=ISO,
    ),
    Kpi(
        "csat_mean",
        _("Mean satisfaction"),
        _("Which mark from 1 to 5 do customers give?"),
        _("sum of marks ÷ answers"),
        _("The scale runs from 1 (worst) to 5 (best)."),
        Unit.SCORE,
        Better.HIGHER,
        GROUP,
        top=+t.csat_points,
        bottom=+t.csat_answers,
        squares=t.csat_squared,
        spread=Spread.SCALE_MEAN,
        sample=Sample.ANSWERS,
        source=ISO,
    ),
    Kpi(
        "nps",
        _("Net promoter score"),
        _("Do more customers recommend us than warn of us?"),
        _("share of answers 9–10 − share of answers 0–6"),
        _("From −100 to 100. Twice as uncertain as a simple share of the same number of answers."),
        Unit.POINTS,
        Better.HIGHER,
        GROUP,
        top=t.nps_promoters - t.nps_detractors,
        bottom=+t.nps_answers,
        spread=Spread.DIFFERENCE,
        sample=Sample.ANSWERS,
        source=REICHHELD,
    ),
    Kpi(
        "ces",
        _("Customer effort score"),
        _("How easy was it for the customer?"),
        _("sum of marks ÷ answers"),
        _("The scale runs from 1 (very hard) to 7 (very easy): higher is better here; others turn it round."),
        Unit.SCORE,
        Better.HIGHER,
        GROUP,
        top=+t.ces_points,
        bottom=+t.ces_answers,
        squares=t.ces_squared,
        spread=Spread.SCALE_MEAN,
        sample=Sample.ANSWERS,
        source=DIXON,
    ),
    Kpi(
        "complaint_rate",
        _("Complaint rate"),
        _("How many contacts lead to a complaint?"),
        _("complaints ÷ contacts handled"),
        _("A complaint is booked to the contact that caused it, and to its day."),
        Unit.SHARE,
        Better.LOWER,
        GROUP,
        top=+t.complaints,
        bottom=+t.contacts_handled,
        spread=Spread.WILSON,
        source=ISO,
    ),
)
