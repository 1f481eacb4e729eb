"""What agents' time goes into."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpis import tallies as t
from kpis.definitions.sources import CLEVELAND
from kpis.kpi import Better, Kpi, Sample, Unit

GROUP = _("Agents' time")
HOUR = 3_600

KPIS = (
    Kpi(
        "occupancy",
        _("Occupancy"),
        _("Which share of their available time are agents busy with contacts?"),
        _("(talk + hold + wrap-up) ÷ (talk + hold + wrap-up + ready)"),
        _(
            "From the agents' states, so that two chats at a time are not counted twice. Where it stays above 85 to "
            "90 %, people burn out: high is not simply good. Agents' time has no queue, so it cannot be split by queue."
        ),
        Unit.SHARE,
        Better.NEITHER,
        GROUP,
        top=+t.contact_state_seconds,
        bottom=t.contact_state_seconds + t.ready_seconds,
        sample=Sample.SECONDS,
        minimum=8 * HOUR,
        source=CLEVELAND,
    ),
    Kpi(
        "utilisation",
        _("Utilisation"),
        _("Which share of the paid time is productive?"),
        _("(on contact + ready + wrap-up) ÷ paid time"),
        _("Paid time is every state but lunch and offline. The word has several senses; this is ours."),
        Unit.SHARE,
        Better.HIGHER,
        GROUP,
        top=+t.productive_seconds,
        bottom=+t.paid_seconds,
        sample=Sample.SECONDS,
        minimum=8 * HOUR,
        source=CLEVELAND,
    ),
    Kpi(
        "adherence",
        _("Schedule adherence"),
        _("Were people where the schedule wanted them, when it wanted them?"),
        _("scheduled time spent in the right state ÷ scheduled time"),
        _("Span by span: an hour worked at another time does not help. None where nothing was scheduled."),
        Unit.SHARE,
        Better.HIGHER,
        GROUP,
        top=+t.adherent_seconds,
        bottom=+t.scheduled_seconds,
        sample=Sample.SECONDS,
        minimum=8 * HOUR,
        source=CLEVELAND,
    ),
    Kpi(
        "conformance",
        _("Schedule conformance"),
        _("Did people work as long as was scheduled?"),
        _("(on contact + ready + wrap-up) ÷ scheduled work"),
        _("How much, not when: overtime may lift it above 100 %."),
        Unit.SHARE,
        Better.NEITHER,
        GROUP,
        top=+t.productive_seconds,
        bottom=+t.work_seconds,
        sample=Sample.SECONDS,
        minimum=8 * HOUR,
        source=CLEVELAND,
    ),
    Kpi(
        "shrinkage",
        _("Shrinkage"),
        _("Which share of the paid time are people not available to customers?"),
        _("(break + training + meeting) ÷ paid time"),
        _("Inside the paid time of people at work; absence and leave are not in it."),
        Unit.SHARE,
        Better.LOWER,
        GROUP,
        top=+t.unavailable_seconds,
        bottom=+t.paid_seconds,
        sample=Sample.SECONDS,
        minimum=8 * HOUR,
        source=CLEVELAND,
    ),
    Kpi(
        "contacts_per_hour",
        _("Contacts per hour"),
        _("How many contacts does an agent handle in an hour on duty?"),
        _("contacts handled ÷ hours on contact, ready and in wrap-up"),
        _("Depends on how many contacts arrive, not on effort alone."),
        Unit.PER_HOUR,
        Better.NEITHER,
        GROUP,
        top=+t.contacts_handled,
        bottom=+t.productive_seconds,
        scale=HOUR,
        sample=Sample.SECONDS,
        minimum=8 * HOUR,
        source=CLEVELAND,
    ),
)
