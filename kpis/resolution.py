"""Whether one contact counts as resolved at first contact, and why: by the very conditions that the KPI counts by."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import BooleanField, ExpressionWrapper, F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interactions.models import Contact
from interactions.text import format_day, format_moment, format_number
from kpis import tallies
from kpis.facts import FACTS
from kpis.horizon import horizon
from kpis.kpi import Fact
from kpis.period import Period


@dataclass(frozen=True)
class Resolution:
    """The verdict on a contact: a word with an icon (``tone`` repeats it in colour), and a sentence that says why."""

    word: str
    icon: str
    tone: str  # good, bad or ""
    why: str


def resolution_of(contact: Contact) -> Resolution:
    """How first contact resolution counts this contact, as far as the numbers are computed."""
    if contact.answered_day is None:
        return _not_counted(_("Nobody answered it, and only handled contacts are counted."))
    if contact.customer is None or contact.reason_id is None:
        return _not_counted(_("The customer or the reason is unknown, so repeats cannot be told."))
    reach = horizon()
    rows = FACTS[Fact.HANDLED].rows(Period(contact.answered_day, contact.answered_day), reach)
    found = (
        rows.filter(pk=contact.pk)
        .annotate(
            is_mature=ExpressionWrapper(tallies.IS_MATURE, output_field=BooleanField()),
            came_back=ExpressionWrapper(~tallies.NO_REPEAT, output_field=BooleanField()),
            window=F("rules__fcr_window_days"),
        )
        .values_list("is_mature", "came_back", "window")
        .first()
    )
    if reach is None or found is None or found[2] is None:
        return _not_counted(_("The numbers of its day are not computed yet."))
    is_mature, came_back, window = found
    return _verdict(contact, is_mature=is_mature, came_back=came_back, window=window, reach=reach)


def _not_counted(why: str) -> Resolution:
    return Resolution(_("not counted"), "minus", "", why)


def _verdict(contact: Contact, *, is_mature: bool, came_back: bool, window: int, reach: dt.date) -> Resolution:
    days = ngettext("%(days)s day", "%(days)s days", window) % {"days": format_number(window)}
    known = {"days": days, "reach": format_day(reach), "until": format_day(contact.day + dt.timedelta(days=window))}
    if came_back and contact.next_contact_at:
        moment = format_moment(contact.next_contact_at, contact.queue.site.time_zone)
        why = _("The customer came back for the same reason within %(days)s: %(moment)s.") % {**known, "moment": moment}
        if not is_mature:
            why += " " + _("It is counted as soon as the data reaches %(until)s; now it reaches %(reach)s.") % known
        return Resolution(_("not resolved"), "repeat", "bad", why)
    if not is_mature:
        why = _(
            "The customer has not come back so far. Whether it stays so within %(days)s is known once the data "
            "reaches %(until)s; now it reaches %(reach)s."
        )
        return Resolution(_("maturing"), "hourglass", "", why % known)
    return Resolution(
        _("resolved"), "check", "good", _("The customer did not come back for the same reason within %(days)s.") % known
    )
