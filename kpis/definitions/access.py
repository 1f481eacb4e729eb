"""How easily customers reach somebody."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpis import tallies as t
from kpis.definitions.sources import GANS
from kpis.kpi import Better, Kpi, Spread, Unit

GROUP = _("Accessibility")

KPIS = (
    Kpi(
        "service_level",
        _("Service level"),
        _("How many customers were answered within the promised time?"),
        _("answered within T seconds ÷ (answered + abandoned − short abandoned)"),
        _(
            "A wait of exactly T seconds counts as met. Abandoned contacts count as missed, except the short ones; "
            "outbound contacts are not counted. At least five denominators are in use (abandons ignored, counted as "
            "met, counted as missed, short ones in or out); on one and the same day they give figures several points "
            "apart, so ask before comparing with others. T is the threshold that held in the queue on that day."
        ),
        Unit.SHARE,
        Better.HIGHER,
        GROUP,
        top=+t.answered_in_time,
        bottom=+t.contacts_judged,
        spread=Spread.WILSON,
        source=GANS,
    ),
    Kpi(
        "average_speed_of_answer",
        _("Average speed of answer"),
        _("How long do answered customers wait?"),
        _("waiting time of answered live contacts ÷ answered live contacts"),
        _(
            "Over answered contacts, not over offered ones: it would fall when people give up. Only where the customer "
            "waits on the line (voice, chat, callback); e-mails and tickets have a response time. The mean "
            "hides the tail; see the median, the 90th percentile and the longest wait beside it."
        ),
        Unit.SECONDS,
        Better.LOWER,
        GROUP,
        top=+t.wait_seconds,
        bottom=+t.answered_live,
        squares=t.wait_squared,
        spread=Spread.MEAN,
        source=GANS,
    ),
    Kpi(
        "wait_p50",
        _("Median wait"),
        _("Within which time are half of the answered customers served?"),
        _("50th percentile of the wait of answered live contacts"),
        _("Read from a histogram whose buckets grow by 19 %, interpolated; usually exact to within 3 %."),
        Unit.SECONDS,
        Better.LOWER,
        GROUP,
        percentile=("wait", 0.5),
        source=GANS,
    ),
    Kpi(
        "wait_p90",
        _("90th percentile of wait"),
        _("How long do the unluckiest tenth wait at least?"),
        _("90th percentile of the wait of answered live contacts"),
        _("Read from a histogram whose buckets grow by 19 %, interpolated; usually exact to within 3 %."),
        Unit.SECONDS,
        Better.LOWER,
        GROUP,
        percentile=("wait", 0.9),
        source=GANS,
    ),
    Kpi(
        "longest_wait",
        _("Longest wait"),
        _("What was the worst wait of all?"),
        _("greatest wait of any live contact"),
        _("Exact, over answered and abandoned voice, chat and callback contacts. One extreme contact decides it."),
        Unit.SECONDS,
        Better.LOWER,
        GROUP,
        top=+t.longest_wait,
        counted=+t.offered_live,
        evidence=+t.offered_live,
        minimum=1,
        source=GANS,
    ),
    Kpi(
        "average_response_time",
        _("Average response time"),
        _("How long do customers wait for an answer to what they wrote?"),
        _("time from arrival to answer of e-mails and tickets ÷ answered e-mails and tickets"),
        _("By the clock, nights and weekends included; working hours are not taken out."),
        Unit.SECONDS,
        Better.LOWER,
        GROUP,
        top=+t.response_seconds,
        bottom=+t.answered_written,
        squares=t.response_squared,
        spread=Spread.MEAN,
        source=GANS,
    ),
    Kpi(
        "abandonment_rate",
        _("Abandonment rate"),
        _("Which share of customers gave up?"),
        _("(abandoned − short abandoned) ÷ (offered − short abandoned)"),
        _(
            "Short abandons are left out above and below, outbound contacts too. There is none for single agents: who "
            "gave up had no agent yet. A team's figure covers the queues it owns."
        ),
        Unit.SHARE,
        Better.LOWER,
        GROUP,
        top=+t.abandoned_waiting,
        bottom=+t.offered_inbound,
        spread=Spread.WILSON,
        source=GANS,
    ),
)
