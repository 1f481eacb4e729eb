"""What is off with the data, as sentences with the next step; the gravest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callcenter.data_health.days import Days
from callcenter.data_health.log import DAYS_LATE, Log, kind_name
from interactions.models import Import
from interactions.text import format_day, format_moment, format_number
from kpis.models import Run
from kpis.verdict import ICONS
from people.models import Role, User

DAYS_NAMED = 5
LATELY_UNUSUAL = 14  # days; older ones stay visible in the strip
MAY_WAIT = dt.timedelta(minutes=30)  # changed days are computed every few minutes


@dataclass(frozen=True)
class Finding:
    """One sentence and what to do about it; ``url`` is where, "" where the viewer has no such page."""

    tone: str  # bad or warn, as the icon says too
    title: str
    step: str
    url: str = ""

    @property
    def icon(self) -> str:
        """The icon of the tone."""
        return ICONS[self.tone]


def findings(log: Log, days: Days, *, viewer: User) -> list[Finding]:
    """Everything that needs a hand; empty when all is well."""
    is_administrator = viewer.has_role(Role.ADMINISTRATOR)
    found = [
        *_runs(log),
        *_waiting(log),
        *_troubles(log),
        *_gaps(days, is_administrator=is_administrator),
        *_failed(log, is_administrator=is_administrator),
        *_unknown(log, is_administrator=is_administrator),
        *_late(log, is_administrator=is_administrator),
        *_unusual(days),
    ]
    order = list(ICONS)
    return sorted(found, key=lambda finding: order.index(finding.tone))


def _runs(log: Log) -> Iterator[Finding]:
    url = reverse("kpis:run_list")
    step = _("See the runs. If none starts, the clock (Celery's beat) or the workers are down.")
    if log.is_night_missing and log.last_night:
        moment = format_moment(log.last_night.started_at)
        yield Finding(
            "bad", _("The nightly run is missing: the last one began %(moment)s.") % {"moment": moment}, step, url
        )
    elif log.is_night_missing:
        yield Finding("bad", _("No nightly run has ended yet."), step, url)
    if log.last_run and log.last_run.state in (Run.State.FAILED, Run.State.INTERRUPTED):
        words = {"state": log.last_run.get_state_display(), "moment": format_moment(log.last_run.started_at)}
        title = _("The last run, of %(moment)s, did not end well: %(state)s.") % words
        step = _("Its days keep their marks and are computed again by themselves. Read its message.")
        yield Finding("bad", title, step, reverse("kpis:run_detail", args=[log.last_run.pk]))


def _waiting(log: Log) -> Iterator[Finding]:
    if not log.waiting_since or log.now - log.waiting_since <= MAY_WAIT:
        return
    title = ngettext(
        "%(days)s changed day has been waiting to be computed since %(moment)s: %(named)s.",
        "%(days)s changed days have been waiting to be computed, the first since %(moment)s: %(named)s.",
        len(log.waiting),
    ) % {
        "days": format_number(len(log.waiting)),
        "moment": format_moment(log.waiting_since),
        "named": _named(log.waiting),
    }
    step = _("Changed days are computed every five minutes: see whether a run is at work on them.")
    yield Finding("bad", title, step, reverse("kpis:run_list"))


def _troubles(log: Log) -> Iterator[Finding]:
    if not log.troubles:
        return
    title = ngettext(
        "%(days)s day does not reconcile: %(named)s.", "%(days)s days do not reconcile: %(named)s.", len(log.troubles)
    ) % {"days": format_number(len(log.troubles)), "named": _named([trouble.day for trouble in log.troubles])}
    step = _("The run says which counts differ. Compute these days anew; if they still differ, report it.")
    yield Finding("bad", title, step, reverse("kpis:run_detail", args=[log.troubles[-1].run_id]))


def _gaps(days: Days, *, is_administrator: bool) -> Iterator[Finding]:
    for site, missing in days.gaps.items():
        title = ngettext(
            "%(site)s has no contacts on %(days)s working day: %(named)s.",
            "%(site)s has no contacts on %(days)s working days: %(named)s.",
            len(missing),
        ) % {"site": site, "days": format_number(len(missing)), "named": _named(missing)}
        step = _("Send the files of these days, or enter them in the site's calendar as days off.")
        yield Finding("bad", title, step, reverse("interactions:import_create") if is_administrator else "")


def _failed(log: Log, *, is_administrator: bool) -> Iterator[Finding]:
    if not log.failed:
        return
    last = log.failed[0]
    title = ngettext(
        "%(imports)s import failed lately, the last one %(moment)s: %(file)s.",
        "%(imports)s imports failed lately, the last one %(moment)s: %(file)s.",
        len(log.failed),
    ) % {"imports": format_number(len(log.failed)), "moment": format_moment(last.created_at), "file": last.file_name}
    yield Finding("bad", title, last.message or _("Send the file again."), _import_url(last, is_administrator))


def _unknown(log: Log, *, is_administrator: bool) -> Iterator[Finding]:
    for name in log.unknown:
        title = ngettext(
            "The %(kind)s “%(name)s” is not known: %(rows)s row of %(file)s was rejected.",
            "The %(kind)s “%(name)s” is not known: %(rows)s rows of %(file)s were rejected.",
            name.rows,
        ) % {
            "kind": kind_name(name.kind),
            "name": name.value,
            "rows": format_number(name.rows),
            "file": name.delivery.file_name,
        }
        step = _("Enter the name, or mend it in the rejected rows, and send these again.")
        yield Finding("warn", title, step, _import_url(name.delivery, is_administrator))


def _late(log: Log, *, is_administrator: bool) -> Iterator[Finding]:
    for delivery in log.late:
        title = ngettext(
            "%(file)s brought %(rows)s new row more than %(late)s days late: its days begin %(first)s.",
            "%(file)s brought %(rows)s new rows more than %(late)s days late: its days begin %(first)s.",
            delivery.rows_new,
        ) % {
            "file": delivery.file_name,
            "rows": format_number(delivery.rows_new),
            "late": DAYS_LATE,
            "first": format_day(delivery.first_day) if delivery.first_day else "–",
        }
        step = _("The figures of those days were computed again: what was reported of them before may differ.")
        yield Finding("warn", title, step, _import_url(delivery, is_administrator))


def _unusual(days: Days) -> Iterator[Finding]:
    recent = {entry.day for entry in days.days[-LATELY_UNUSUAL:]}
    for entry in days.of("low", "high"):
        if entry.day in recent:
            step = _("If the day was not unusual, a delivery is missing or came twice under other ids.")
            url = f"{reverse('interactions:contact_list')}?from={entry.day}&to={entry.day}"
            yield Finding("warn", entry.text, step, url)


def _import_url(delivery: Import, is_administrator: bool) -> str:
    return reverse("interactions:import_detail", args=[delivery.pk]) if is_administrator else ""


def _named(days: Sequence[dt.date]) -> str:
    """The latest days by name, and that there are more."""
    named = [format_day(day) for day in sorted(days)[-DAYS_NAMED:]]
    return _("… and %(days)s") % {"days": ", ".join(named)} if len(days) > DAYS_NAMED else ", ".join(named)
