"""How many contacts there were."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpis import tallies as t
from kpis.definitions.sources import CLEVELAND, GANS
from kpis.kpi import Better, Kpi, Unit

GROUP = _("Volume")

KPIS = (
    Kpi(
        "contacts_offered",
        _("Contacts offered"),
        _("How many contacts came in?"),
        _("contacts that entered a queue"),
        _(
            "Every leg counts in the queue it entered, on the half-hour it was offered. A transfer to another queue "
            "is a further leg. Contacts that the source sets aside are not counted."
        ),
        Unit.COUNT,
        Better.NEITHER,
        GROUP,
        top=+t.contacts_offered,
        source=GANS,
    ),
    Kpi(
        "contacts_answered",
        _("Contacts answered"),
        _("How many of the offered contacts did somebody answer?"),
        _("offered contacts that were answered"),
        _(
            "The queue view: counted on the half-hour in which the contact was offered. The agent view counts the same "
            "legs on the half-hour in which they were answered (contacts handled); over a long period the two agree, "
            "but for contacts that wait over midnight."
        ),
        Unit.COUNT,
        Better.NEITHER,
        GROUP,
        top=+t.contacts_answered,
        source=GANS,
    ),
    Kpi(
        "contacts_handled",
        _("Contacts handled"),
        _("How many contacts did agents handle?"),
        _("contacts answered, on the day of answering"),
        _(
            "The agent view: each leg counts for the agent who answered and on the half-hour of answering. A contact "
            "with two agents is two handled legs."
        ),
        Unit.COUNT,
        Better.NEITHER,
        GROUP,
        top=+t.contacts_handled,
        source=CLEVELAND,
    ),
    Kpi(
        "contacts_abandoned",
        _("Contacts abandoned"),
        _("How many customers gave up waiting?"),
        _("offered contacts that ended before anybody answered"),
        _("All of them, including the short ones that the abandonment rate leaves out."),
        Unit.COUNT,
        Better.LOWER,
        GROUP,
        top=+t.contacts_abandoned,
        source=GANS,
    ),
    Kpi(
        "short_abandoned",
        _("Short abandons"),
        _("How many hung up almost at once?"),
        _("abandoned contacts with a wait up to the queue's short-abandon threshold"),
        _("Wrong numbers and changes of mind. The threshold is the one that held in the queue on that day."),
        Unit.COUNT,
        Better.NEITHER,
        GROUP,
        top=+t.short_abandoned,
        source=GANS,
    ),
)
