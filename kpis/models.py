"""Roll-ups of tallies, and the log of the runs that write them.

A row of a roll-up holds the tallies of one kind of fact for its dimensions, and nothing in the columns of
the others; a sum over rows does not care, and writing needs no merging. `QueueSlot` and `AgentDay` keep the
histogram bucket of every contact as a short list, `QueueDay` keeps counts per bucket (kpis/histogram.py).
`QueueDay` and `TeamDay` are added up from the finer two.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kpis.explore.models import SavedView as SavedView  # Django looks for an app's tables here
from kpis.kpi import Fact, Tally
from kpis.lasting.models import LastingChange as LastingChange
from kpis.tallies import tallies_of
from people.models import Agent, Channel
from people.scoping import EVERYTHING, NOTHING, ScopedModel, ScopedQuerySet, Viewer, visible_rows


def tally_column(tally: Tally) -> models.Field:
    """The column that keeps a tally: a decimal for amounts, an integer for counts; empty in rows of other facts."""
    if tally.is_amount:
        return models.DecimalField(max_digits=30, decimal_places=6, null=True)
    return models.BigIntegerField(null=True)


def keeps(*facts: Fact) -> Any:
    """Class decorator: gives a roll-up one column for every tally of these facts."""

    def add_columns(model: Any) -> Any:
        model.facts = facts
        model.tallies = tallies_of(*facts)
        for tally in model.tallies:
            tally_column(tally).contribute_to_class(model, tally.key)
        return model

    return add_columns


def bucket_list() -> ArrayField:
    """The histogram bucket of each contact counted in the row."""
    return ArrayField(models.SmallIntegerField(), null=True)


def derived_key(to: str, **options: Any) -> models.ForeignKey:
    """A reference kept without constraint and index: roll-ups are written anew, a day at a time."""
    return models.ForeignKey(
        to, models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+", **options
    )


CONTACT_FACTS = (Fact.OFFERED, Fact.HANDLED, Fact.SURVEYED, Fact.COMPLAINED)
TICKET_FACTS = (Fact.CLOSED, Fact.DUE, Fact.OPEN)


class TeamRollup(models.Model):
    """What the roll-ups without agents share."""

    facts: ClassVar[tuple[Fact, ...]]
    tallies: ClassVar[tuple[Tally, ...]]

    day = models.DateField(_("day"))
    team = derived_key("people.Team")

    objects: Any = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.day} {self.team}"

    @classmethod
    def visible_rows(cls, viewer: Viewer) -> Q:
        """By team; a person who may only see themselves reads nothing here."""
        return visible_rows(viewer, agent=None)


@keeps(Fact.STATE, Fact.SHIFT)
class TeamDay(TeamRollup):
    """The agents' time per day and team: added up from `AgentDay`, so that a page of thousands reads a few rows."""

    dimensions = ("day", "team")

    class Meta:
        indexes = [models.Index(name="team_day_day", fields=["day"])]


class QueueRollup(TeamRollup):
    """What the roll-ups of queues share."""

    queue = derived_key("people.Queue")
    channel = models.CharField(max_length=10, choices=Channel.choices)

    class Meta:
        abstract = True


@keeps(*CONTACT_FACTS)
class QueueSlot(QueueRollup):
    """Tallies per day, half-hour, queue, channel and team: what heatmaps read."""

    slot = models.PositiveSmallIntegerField(_("half-hour"))

    dimensions = ("day", "slot", "queue", "channel", "team")

    wait_buckets = bucket_list()
    handle_buckets = bucket_list()

    class Meta:
        indexes = [
            models.Index(name="queue_slot_day", fields=["day", "queue"]),
            models.Index(name="queue_slot_team", fields=["team", "day"]),
        ]


@keeps(*CONTACT_FACTS, *TICKET_FACTS)
class QueueDay(QueueRollup):
    """Tallies and histograms per day, queue, channel and team. A year of it is small, so its pages are quick."""

    wait_histogram = ArrayField(models.IntegerField(), null=True)
    handle_histogram = ArrayField(models.IntegerField(), null=True)

    dimensions = ("day", "queue", "channel", "team")

    class Meta:
        indexes = [
            models.Index(name="queue_day_day", fields=["day", "queue"]),
            # Since when there is a backlog is asked of all history. The day comes first: the earliest of several
            # teams, or of all, is found without reading the rest, and a team that never had one in this index alone.
            models.Index(
                name="queue_day_backlog",
                fields=["day", "team", "queue"],
                condition=Q(tickets_open__isnull=False),
            ),
        ]


@keeps(Fact.HANDLED, Fact.SURVEYED, Fact.COMPLAINED)
class ReasonDay(QueueRollup):
    """Tallies of handled work per day, queue, channel, team and contact reason: why customers contact."""

    reason = derived_key("people.Reason")

    dimensions = ("day", "queue", "channel", "team", "reason")

    class Meta:
        indexes = [models.Index(name="reason_day_day", fields=["day", "queue"])]


@keeps(Fact.HANDLED, Fact.SURVEYED, Fact.COMPLAINED, Fact.CLOSED, Fact.DUE, Fact.STATE, Fact.SHIFT)
class AgentDay(ScopedModel):
    """Tallies per day, team, agent, queue and channel. An agent's states and shifts have no queue."""

    facts: ClassVar[tuple[Fact, ...]]
    tallies: ClassVar[tuple[Tally, ...]]

    day = models.DateField(_("day"))
    team = derived_key("people.Team")
    agent = derived_key("people.Agent")
    queue = derived_key("people.Queue")
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True, db_default="")
    handle_buckets = bucket_list()

    dimensions = ("day", "team", "agent", "queue", "channel")

    class Meta:
        indexes = [
            models.Index(name="agent_day_day", fields=["day"]),
            models.Index(name="agent_day_agent", fields=["agent", "day"]),
            models.Index(name="agent_day_team", fields=["team", "day"]),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.agent}"


# Smallest first: `measure()` reads the first that has all asked dimensions.
ROLLUPS: tuple[Any, ...] = (TeamDay, QueueDay, ReasonDay, QueueSlot, AgentDay)


class Run(models.Model):
    """One computation of KPIs: which days, how far, how long, and whether the views reconcile."""

    class Kind(models.TextChoices):
        NIGHTLY = "nightly", _("Nightly")
        CHANGES = "changes", _("Changed days")
        REBUILD = "rebuild", _("Rebuild")

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        UNRECONCILED = "unreconciled", _("Views do not reconcile")
        FAILED = "failed", _("Failed")
        INTERRUPTED = "interrupted", _("Interrupted")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    horizon = models.DateField(_("data to"), null=True, blank=True)
    days_planned = models.PositiveIntegerField(_("days"), default=0)
    message = models.TextField(_("message"), blank=True)

    objects: Any = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        permissions = [("recompute_kpis", "Can recompute KPIs")]
        verbose_name = _("run")
        verbose_name_plural = _("runs")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.started_at:%Y-%m-%d %H:%M}"

    @classmethod
    def visible_rows(cls, viewer: Viewer) -> Q:
        """The log names who started what and holds totals of the centre: it is for those who see all of it."""
        sees = viewer.is_authenticated and viewer.is_active and viewer.sees_everything
        return EVERYTHING if sees else NOTHING


class RunDay(models.Model):
    """One day that a run computed."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="days", verbose_name=_("run"))
    day = models.DateField(_("day"))
    seconds = models.FloatField(_("duration (s)"))
    finished_at = models.DateTimeField(_("finished"), auto_now=True)
    differences = models.JSONField(
        _("differences"), default=list, help_text=_("What does not reconcile on this day; empty when all is well.")
    )

    class Meta:
        ordering = ["run", "day"]
        constraints = [models.UniqueConstraint(name="a_run_computes_a_day_once", fields=["run", "day"])]
        verbose_name = _("day of a run")
        verbose_name_plural = _("days of runs")

    def __str__(self) -> str:
        return f"{self.run}: {self.day}"


class Target(models.Model):
    """What a KPI should reach in a slice from a date on. Set by hand, or published by an approved goal."""

    kpi = models.SlugField(_("KPI"), max_length=60)
    team = models.ForeignKey("people.Team", models.CASCADE, null=True, blank=True, verbose_name=_("team"))
    agent = models.ForeignKey("people.Agent", models.CASCADE, null=True, blank=True, verbose_name=_("agent"))
    queue = models.ForeignKey("people.Queue", models.CASCADE, null=True, blank=True, verbose_name=_("queue"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True, help_text=_("The first day it no longer holds."))
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=6)
    tolerance = models.DecimalField(_("tolerance"), max_digits=16, decimal_places=6, default=0)

    objects: Any = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["kpi", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                name="one_target_per_slice_and_start",
                fields=["kpi", "team", "agent", "queue", "starts_on"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="target_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=models.F("starts_on")),
                violation_error_message=_("The target ends before it starts."),
            ),
        ]
        verbose_name = _("target")
        verbose_name_plural = _("targets")

    def __str__(self) -> str:
        return f"{self.kpi}: {self.value}"

    @classmethod
    def visible_rows(cls, viewer: Viewer) -> Q:
        """Those of own teams and agents; those of the centre and of queues are no secret among who may sign in."""
        if not viewer.is_authenticated or not viewer.is_active:
            return NOTHING
        if viewer.sees_everything:
            return EVERYTHING
        own = visible_rows(viewer) | Q(agent__in=Agent.objects.visible_to(viewer))
        return own | Q(team__isnull=True, agent__isnull=True)
