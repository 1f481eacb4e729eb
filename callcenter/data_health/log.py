"""What the logs tell: runs, marks, imports and the rows they could not take."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Count, DateField, ExpressionWrapper, F, Min, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from interactions.definitions import COLUMNS, Kind
from interactions.mapping import parse_mapping
from interactions.models import DirtyDay, Import, RejectedRow
from kpis.horizon import horizon, last_day_of_facts
from kpis.models import Run, RunDay
from people.models import User

LATELY = dt.timedelta(days=30)
DAYS_LATE = 3  # from which on contacts count as having come late
IMPORTS_READ, NAMES_READ, LATE_READ = 20, 10, 3
WITHOUT_A_NIGHT = dt.timedelta(hours=26)


@dataclass(frozen=True)
class UnknownName:
    """A name in rejected rows that nobody bears: of which kind, how often, and in which import."""

    kind: Kind
    value: str
    rows: int
    delivery: Import


@dataclass(frozen=True)
class Trouble:
    """A day whose views do not reconcile, by the latest run that computed it."""

    day: dt.date
    run_id: int


@dataclass(frozen=True)
class Log:
    """Everything that was written down lately about the data's way into the figures."""

    now: dt.datetime
    facts_to: dt.date | None
    computed_to: dt.date | None
    waiting: list[dt.date]
    waiting_since: dt.datetime | None
    last_run: Run | None
    last_night: Run | None
    first_run: Run | None
    troubles: list[Trouble]
    failed: list[Import]
    late: list[Import]
    unknown: list[UnknownName]

    @property
    def is_night_missing(self) -> bool:
        """Whether a nightly run should have ended since: never in an installation younger than a day."""
        last = self.last_night or self.first_run
        return last is not None and self.now - last.started_at > WITHOUT_A_NIGHT


def read_log(viewer: User, *, now: dt.datetime) -> Log:
    """The logs as this viewer, who sees the whole centre, may read them."""
    runs: QuerySet[Run] = Run.objects.all().visible_to(viewer).order_by("-pk")
    over = runs.filter(state__in=[Run.State.DONE, Run.State.UNRECONCILED])
    marks = DirtyDay.objects.order_by("day").values_list("day").annotate(since=Min("marked_at"))
    waiting = dict(marks)
    lately = Import.objects.filter(created_at__gte=now - LATELY).select_related("source")
    return Log(
        now,
        last_day_of_facts(),
        horizon(),
        list(waiting),
        min(waiting.values(), default=None),
        runs.first(),
        over.filter(kind=Run.Kind.NIGHTLY).first(),
        runs.last(),
        _troubles(runs.filter(started_at__gte=now - LATELY)),
        list(lately.filter(state=Import.State.FAILED)[:IMPORTS_READ]),
        _late(lately),
        _unknown(lately),
    )


def _troubles(runs: QuerySet[Run]) -> list[Trouble]:
    """The days that did not reconcile and that no later run has put right."""
    computed = RunDay.objects.filter(run__in=runs.values("pk"))
    latest: dict[dt.date, tuple[int, bool]] = {}
    days = computed.exclude(differences=[]).values("day")
    rows = computed.filter(day__in=days).order_by("run").values_list("day", "run", "differences")
    for day, run_id, found in rows:
        latest[day] = (run_id, bool(found))
    return [Trouble(day, run_id) for day, (run_id, is_troubled) in sorted(latest.items()) if is_troubled]


def _late(lately: QuerySet[Import]) -> list[Import]:
    """Deliveries whose new or changed rows belong to days well before they came."""
    came = ExpressionWrapper(TruncDate("created_at") - dt.timedelta(days=DAYS_LATE), output_field=DateField())
    late = lately.filter(state=Import.State.DONE, rows_new__gt=0).annotate(came=came).filter(first_day__lt=F("came"))
    return list(late[:LATE_READ])


def _unknown(lately: QuerySet[Import]) -> list[UnknownName]:
    """The most frequent unknown agents, queues and reasons of the latest deliveries with rejected rows."""
    deliveries = {entry.pk: entry for entry in lately.filter(rows_rejected__gt=0)[:IMPORTS_READ]}
    rows = RejectedRow.objects.filter(of__in=deliveries, kind=RejectedRow.Kind.REJECTED).exclude(value="").order_by()
    kinds = {pk: _kinds_of_columns(delivery) for pk, delivery in deliveries.items()}
    columns = {column for known in kinds.values() for column in known}
    groups = rows.filter(column__in=columns).values("of", "column", "value").annotate(rows=Count("*"))
    # A column that names agents in one file may be a plain text in another.
    most = groups.order_by("-rows", "of", "column", "value")[: NAMES_READ * len(Kind)]
    return [
        UnknownName(kinds[group["of"]][group["column"]], group["value"], group["rows"], deliveries[group["of"]])
        for group in most
        if group["column"] in kinds[group["of"]]
    ][:NAMES_READ]


def _kinds_of_columns(delivery: Import) -> dict[str, Kind]:
    """Which columns of a delivery's file name agents, queues and reasons."""
    fact = delivery.source.fact
    try:
        fields = parse_mapping(fact, delivery.source.mapping).fields
    except ValidationError:
        fields = {}
    named = {name: " + ".join(field.columns) for name, field in fields.items()}
    return {
        named.get(column.name) or column.name: column.kind
        for column in COLUMNS[fact]
        if column.kind in (Kind.AGENT, Kind.QUEUE, Kind.REASON)
    }


def kind_name(kind: Kind) -> str:
    """What a name is the name of."""
    return {Kind.AGENT: _("agent"), Kind.QUEUE: _("queue")}.get(kind, _("reason"))
