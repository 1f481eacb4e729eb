"""How agents handle contacts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpis import tallies as t
from kpis.definitions.sources import CLEVELAND
from kpis.kpi import Better, Kpi, Spread, Unit

GROUP = _("Handling")

KPIS = (
    Kpi(
        "average_handle_time",
        _("Average handle time"),
        _("How long does a contact take?"),
        _("(talk + hold + wrap-up) ÷ contacts handled"),
        _(
            "Queue and ring time are not in it. Handle times are skewed: look at the median and the 90th percentile "
            "beside it. Lower is not always better; watch first contact resolution with it."
        ),
        Unit.SECONDS,
        Better.LOWER,
        GROUP,
        top=+t.handle_seconds,
        bottom=+t.contacts_handled,
        squares=t.handle_squared,
        spread=Spread.MEAN,
        source=CLEVELAND,
    ),
    Kpi(
        "handle_p50",
        _("Median handle time"),
        _("How long does a typical contact take?"),
        _("50th percentile of talk + hold + wrap-up"),
        _("Read from a histogram whose buckets grow by 19 %, interpolated; usually exact to within 3 %."),
        Unit.SECONDS,
        Better.LOWER,
        GROUP,
        percentile=("handle", 0.5),
        source=CLEVELAND,
    ),
    Kpi(
        "handle_p90",
        _("90th percentile of handle time"),
        _("How long do the longest tenth of contacts take at least?"),
        _("90th percentile of talk + hold + wrap-up"),
        _("Read from a histogram whose buckets grow by 19 %, interpolated; usually exact to within 3 %."),
        Unit.SECONDS,
        Better.LOWER,
        GROUP,
        percentile=("handle", 0.9),
        source=CLEVELAND,
    ),
    Kpi(
        "average_talk_time",
        _("Average talk time"),
        _("How long do agents talk?"),
        _("talk ÷ contacts handled"),
        _("Per handled contact, without hold and wrap-up."),
        Unit.SECONDS,
        Better.LOWER,
        GROUP,
        top=+t.talk_seconds,
        bottom=+t.contacts_handled,
        source=CLEVELAND,
    ),
    Kpi(
        "average_hold_time",
        _("Average hold time"),
        _("How long are customers put on hold?"),
        _("hold ÷ contacts handled"),
        _("Per handled contact, not per held contact: contacts without hold count as zero."),
        Unit.SECONDS,
        Better.LOWER,
        GROUP,
        top=+t.hold_seconds,
        bottom=+t.contacts_handled,
        source=CLEVELAND,
    ),
    Kpi(
        "average_wrap_time",
        _("Average wrap-up time"),
        _("How long does the work after a contact take?"),
        _("wrap-up ÷ contacts handled"),
        _("Per handled contact; contacts without wrap-up count as zero."),
        Unit.SECONDS,
        Better.LOWER,
        GROUP,
        top=+t.wrap_seconds,
        bottom=+t.contacts_handled,
        source=CLEVELAND,
    ),
    Kpi(
        "hold_rate",
        _("Hold rate"),
        _("In which share of contacts was the customer put on hold?"),
        _("contacts with hold ÷ contacts handled"),
        _("How often, not how long: see the average hold time."),
        Unit.SHARE,
        Better.LOWER,
        GROUP,
        top=+t.contacts_held,
        bottom=+t.contacts_handled,
        spread=Spread.WILSON,
        source=CLEVELAND,
    ),
    Kpi(
        "transfer_rate",
        _("Transfer rate"),
        _("Which share of contacts was passed on?"),
        _("legs transferred out ÷ contacts handled"),
        _("A transfer to the right skill is no failure: look at where it comes from before judging."),
        Unit.SHARE,
        Better.LOWER,
        GROUP,
        top=+t.contacts_transferred,
        bottom=+t.contacts_handled,
        spread=Spread.WILSON,
        source=CLEVELAND,
    ),
)
