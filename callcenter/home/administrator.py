"""The administrator's part: what came in, what was computed, whether the data is whole, and what to do first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from callcenter.home.days import FOUR_WEEKS, WEEK, last_days
from callcenter.home.section import Section
from interactions.models import Contact, Import, RejectedRow
from kpis.definitions import KPIS
from kpis.measure import measure
from kpis.models import Run
from kpis.services import marked_days
from people.calendar import working_days
from people.models import Agent, Site, User

LATEST = 5
MOST_DAYS, MOST_REASONS = 5, 3
# A site that had contacts within these days is one that should have them on every working day.
SEEN_WITHIN = 12 * WEEK


@dataclass(frozen=True)
class Step:
    """One thing to do before there are numbers."""

    name: str
    text: str
    url: str
    is_done: bool


@dataclass(frozen=True)
class Silence:
    """A site's working days on which nothing came in: the last of them, and how many there are."""

    site: Site
    days: list[dt.date]
    count: int


@dataclass(frozen=True)
class Why:
    """Why rows were rejected lately, and how many."""

    reason: str
    rows: int


@dataclass(frozen=True)
class Operation:
    """What the section shows."""

    reach: dt.date | None
    waiting: list[dt.date]
    steps: list[Step]
    imports: list[Import]
    runs: list[Run]
    silences: list[Silence]
    rejected: list[Why]

    @property
    def has_begun(self) -> bool:
        """Whether anything came in or was computed yet."""
        return bool(self.reach or self.imports or self.runs or self.waiting)


def administrator_section(viewer: User, reach: dt.date | None) -> Section:
    """Latest imports and runs, the health of the data in short; before the first numbers, the steps to them."""
    runs = Run.objects.all().visible_to(viewer).annotate(days_done=Count("days")).order_by("-pk")
    content = Operation(
        reach,
        marked_days(),
        [] if reach else _steps(viewer),
        list(Import.objects.select_related("source")[:LATEST]),
        list(runs[:LATEST]),
        _silences(viewer, reach) if reach else [],
        _rejected(),
    )
    return Section("administrator", _("Data and runs"), "", content)


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


def _silences(viewer: User, reach: dt.date) -> list[Silence]:
    """Of each site that had contacts lately, the working days of the last four weeks on which nothing came in."""
    offered = measure(
        [KPIS["contacts_offered"]], viewer=viewer, period=last_days(reach, SEEN_WITHIN), by=("site", "day")
    )
    busy: dict[int, set[dt.date]] = {}
    for reading in offered:
        if reading.value and reading.at["site"]:
            busy.setdefault(reading.at["site"], set()).add(reading.at["day"])
    period = last_days(reach, FOUR_WEEKS)
    sites = Site.objects.filter(pk__in=busy)
    found = [(site, set(working_days(site, period.start, period.end)) - busy[site.pk]) for site in sites]
    return [_silence(site, days) for site, days in found if days]


def _silence(site: Site, days: Iterable[dt.date]) -> Silence:
    latest = sorted(days, reverse=True)
    return Silence(site, latest[:MOST_DAYS], len(latest))


def _rejected() -> list[Why]:
    """Why rows of the last four weeks were rejected, most rows first; unknown agents and queues are among these."""
    since = timezone.now() - dt.timedelta(days=FOUR_WEEKS)
    rows = RejectedRow.objects.filter(of__created_at__gte=since, kind=RejectedRow.Kind.REJECTED)
    counted = rows.order_by().values("reason").annotate(rows=Count("pk")).order_by("-rows", "reason")
    return [Why(**why) for why in counted[:MOST_REASONS]]
