"""Roll-ups of tallies.

A row holds tallies for its dimensions; where it holds those of one kind of fact alone, the columns of the others are
empty: a sum over rows does not care, and writing needs no merging. `QueueSlot` and `AgentDay` keep the histogram
bucket of every contact as a short list, `QueueDay` and `CentreDay` keep counts per bucket (kpis/histogram.py).

    AgentDay ──► TeamDay
    QueueSlot ─► CentreSlot        each added up from the finer one before it
        └──────► QueueDay ──► CentreDay
    ReasonDay
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kpis.kpi import Fact, Tally
from kpis.tallies import tallies_of
from people.models import Channel
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
TICKET_FACTS = (Fact.CLOSED, Fact.CLEARED, Fact.DUE, Fact.OPEN)


class Rollup(models.Model):
    """What all roll-ups share."""

    facts: ClassVar[tuple[Fact, ...]]
    tallies: ClassVar[tuple[Tally, ...]]
    # By what its rows are told apart.
    dimensions: ClassVar[tuple[str, ...]]

    day = models.DateField(_("day"))

    objects: Any = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


class CentreRollup(Rollup):
    """What the roll-ups of the whole centre share: its pages read one row where queues and teams have hundreds."""

    channel = models.CharField(max_length=10, choices=Channel.choices)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.day} {self.channel}"

    @classmethod
    def visible_rows(cls, viewer: Viewer) -> Q:
        """Who does not see all of the centre is measured from rows that name the team."""
        sees = viewer.is_authenticated and viewer.is_active and viewer.sees_everything
        return EVERYTHING if sees else NOTHING


@keeps(*CONTACT_FACTS)
class CentreSlot(CentreRollup):
    """Tallies per day, half-hour and channel."""

    slot = models.PositiveSmallIntegerField(_("half-hour"))

    dimensions = ("day", "slot", "channel")

    class Meta:
        indexes = [models.Index(name="centre_slot_day", fields=["day"])]


@keeps(*CONTACT_FACTS, *TICKET_FACTS)
class CentreDay(CentreRollup):
    """Tallies and histograms per day and channel."""

    wait_histogram = ArrayField(models.IntegerField(), null=True)
    handle_histogram = ArrayField(models.IntegerField(), null=True)

    dimensions = ("day", "channel")

    class Meta:
        indexes = [models.Index(name="centre_day_day", fields=["day"])]


class TeamRollup(Rollup):
    """What the roll-ups without agents share."""

    team = derived_key("people.Team")

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
            models.Index(name="queue_slot_queue", fields=["queue", "day"]),
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
ROLLUPS: tuple[Any, ...] = (TeamDay, CentreDay, QueueDay, ReasonDay, CentreSlot, QueueSlot, AgentDay)
