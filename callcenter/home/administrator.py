"""The administrator's part: what came in, what was computed, whether the data is whole, and what to do first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from callcenter.data_health.days import last_days
from callcenter.data_health.findings import Finding, findings
from callcenter.data_health.log import Log, read_log
from callcenter.home.section import Section
from interactions.models import Contact, Import
from kpis.models import Run
from people.models import Agent, Site, User

LATEST = 5


@dataclass(frozen=True)
class Step:
    """One thing to do before there are numbers."""

    name: str
    text: str
    url: str
    is_done: bool


@dataclass(frozen=True)
class Operation:
    """What the section shows."""

    reach: dt.date | None
    steps: list[Step]
    log: Log
    off: list[Finding]
    imports: list[Import]
    runs: list[Run]

    @property
    def has_begun(self) -> bool:
        """Whether anything came in or was computed yet."""
        return bool(self.reach or self.imports or self.runs or self.log.waiting)


def administrator_section(viewer: User, reach: dt.date | None) -> Section:
    """Latest imports and runs, what is off with the data; before the first numbers, the steps to them."""
    runs = Run.objects.all().visible_to(viewer).annotate(days_done=Count("days")).order_by("-pk")
    log = read_log(viewer, now=timezone.now())
    days = last_days(viewer, until=timezone.localdate(), waiting=log.waiting)
    content = Operation(
        reach,
        [] if reach else _steps(viewer),
        log,
        findings(log, days, viewer=viewer),
        list(Import.objects.select_related("source")[:LATEST]),
        list(runs[:LATEST]),
    )
    return Section(
        "administrator",
        _("Data and runs"),
        "",
        content,
        url=reverse("data_health:health"),
        action=_("Data health"),
    )


def _steps(viewer: User) -> list[Step]:
    people = reverse("people:import")
    contacts = reverse("interactions:import_create")
    has_contacts = Contact.objects.all().visible_to(viewer).exists()
    return [
        Step(
            _("Create a site"),
            _("Its time zone and its calendar decide which day and half-hour a contact belongs to."),
            reverse("admin:people_site_add"),
            Site.objects.exists(),
        ),
        Step(
            _("Import teams and agents"),
            _("From a file of your personnel system; who leads a team is set in the administration."),
            people,
            Agent.objects.visible_to(viewer).exists(),
        ),
        Step(
            _("Import contacts"),
            _("CSV, XLSX, Parquet, or what your call platform writes. Programs send rows by REST."),
            contacts,
            has_contacts,
        ),
        Step(
            _("Read the first numbers"),
            _("They are computed by themselves within minutes of the first import."),
            reverse("kpis:run_list") if has_contacts else "",
            False,
        ),
    ]
