"""Facts: contact legs, agent states, shifts, survey answers, complaints."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.utils.translation import gettext_lazy as _

from interactions.buckets import bucket_of
from people.days import holds_on
from people.models import Channel, Queue, Reason
from people.scoping import ScopedModel, ScopedQuerySet, Viewer, visible_rows


def duration(verbose_name: Any, **options) -> models.DecimalField:
    """A duration in seconds, exact to the millisecond, never negative."""
    return models.DecimalField(verbose_name, max_digits=12, decimal_places=3, **options)


HANDLE = F("talk_seconds") + F("hold_seconds") + F("wrap_seconds")


def derived(expression: Any, output_field: models.Field, **options: Any) -> models.GeneratedField:
    """A column that the database keeps by itself, from others of the same row."""
    return models.GeneratedField(expression=expression, output_field=output_field, db_persist=True, **options)


class Outcome(models.TextChoices):
    ANSWERED = "answered", _("Answered")
    ABANDONED = "abandoned", _("Abandoned")
    WAITING = "waiting", _("Still waiting")


class ContactQuerySet(ScopedQuerySet):
    """Contact legs."""

    def with_rules(self) -> Self:
        """Joins, as ``rules``, the thresholds that held in the contact's queue on the day it was offered."""
        return self.annotate(rules=rules_of_the_day())


def rules_of_the_day(contact: str = "") -> FilteredRelation:
    """The queue rules in force on a contact's day; ``contact`` is the path to it, such as ``contact__``."""
    path = f"{contact}queue__rules"
    return FilteredRelation(
        path,
        condition=holds_on(F(f"{contact}day"), start=f"{path}__valid_from", end=f"{path}__valid_until"),
    )


class Contact(ScopedModel):
    """One leg of a customer's contact: in one queue, handled by at most one agent.

    Instants are UTC. The business day and the half-hour slot (0–47) belong to the queue's site and are
    kept with the row, so a day of 23 or 25 hours is right. ``team`` is the agent's team on the day of
    answering, or the queue's owner team where nobody answered. ``owner_team`` owned the queue when the contact
    was taken in, whoever answered: what was offered to the queue counts for it.
    """

    source = models.ForeignKey(
        "interactions.Source", models.PROTECT, db_index=False, related_name="contacts", verbose_name=_("source")
    )
    external_id = models.CharField(_("external id"), max_length=200)
    conversation_id = models.CharField(
        _("conversation"), max_length=200, blank=True, help_text=_("Shared by the legs of one customer's call.")
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    queue = models.ForeignKey(Queue, models.PROTECT, db_index=False, related_name="contacts", verbose_name=_("queue"))
    owner_team = models.ForeignKey(
        "people.Team",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("owner team"),
    )
    reason = models.ForeignKey(
        Reason,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="contacts",
        verbose_name=_("reason"),
    )
    customer = models.BigIntegerField(
        _("customer"), null=True, blank=True, help_text=_("A keyed hash; the caller's number is never stored.")
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)

    offered_at = models.DateTimeField(_("offered"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    day = models.DateField(_("day offered"))
    slot = models.PositiveSmallIntegerField(_("half-hour offered"))
    answered_day = models.DateField(_("day answered"), null=True, blank=True)
    answered_slot = models.PositiveSmallIntegerField(_("half-hour answered"), null=True, blank=True)
    ended_day = models.DateField(_("day ended"), null=True, blank=True)
    due_day = models.DateField(_("day due"), null=True, blank=True)

    wait_seconds = duration(_("wait"), default=0)
    ring_seconds = duration(_("ring"), default=0)
    talk_seconds = duration(_("talk"), default=0)
    hold_seconds = duration(_("hold"), default=0)
    wrap_seconds = duration(_("wrap"), default=0)
    # The sum of three needs more digits than each.
    handle_seconds = derived(HANDLE, models.DecimalField(max_digits=14, decimal_places=3), verbose_name=_("handle"))
    wait_bucket = derived(bucket_of(F("wait_seconds")), models.SmallIntegerField())
    handle_bucket = derived(bucket_of(HANDLE), models.SmallIntegerField())

    is_transferred = models.BooleanField(_("transferred out"), default=False)
    is_resolved = models.BooleanField(
        _("resolved"), null=True, blank=True, help_text=_("As coded by the agent; empty where nobody coded it.")
    )
    is_reopened = models.BooleanField(_("reopened"), default=False)
    sale_amount = models.DecimalField(_("sale"), max_digits=14, decimal_places=2, null=True, blank=True)
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=4, null=True, blank=True)

    source_version = models.CharField(
        max_length=40,
        blank=True,
        help_text=_("When the platform last changed the record; an older copy never replaces a newer one."),
    )
    next_contact_at = models.DateTimeField(
        _("next contact of the same customer and reason"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Found by the nightly run, as far as the longest window for repeat contacts reaches."),
    )

    objects: ClassVar[Any] = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["-offered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="contact_once_per_source", fields=["source", "external_id"]),
            models.CheckConstraint(
                name="contact_times_are_not_negative",
                condition=Q(
                    wait_seconds__gte=0,
                    ring_seconds__gte=0,
                    talk_seconds__gte=0,
                    hold_seconds__gte=0,
                    wrap_seconds__gte=0,
                ),
            ),
            models.CheckConstraint(
                name="contact_ends_after_it_is_offered",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("offered_at")),
            ),
            models.CheckConstraint(
                name="answered_contact_has_its_moment",
                condition=Q(outcome=Outcome.ANSWERED, answered_at__isnull=False, answered_day__isnull=False)
                | (~Q(outcome=Outcome.ANSWERED) & Q(answered_at__isnull=True, answered_day__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(name="contact_day_queue", fields=["day", "queue"]),
            models.Index(name="contact_answered_team", fields=["answered_day", "team"]),
            models.Index(name="contact_agent_answered", fields=["agent", "answered_day"]),
            models.Index(
                name="contact_customer_reason",
                fields=["customer", "reason", "offered_at"],
                condition=Q(customer__isnull=False, reason__isnull=False),
            ),
            models.Index(name="contact_conversation", fields=["conversation_id"], condition=~Q(conversation_id="")),
            models.Index(name="ticket_ended", fields=["ended_day", "day"], condition=Q(channel=Channel.TICKET)),
            models.Index(name="ticket_due", fields=["due_day"], condition=Q(channel=Channel.TICKET)),
        ]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return self.external_id


class AgentState(ScopedModel):
    """A span of time that an agent spent in one state."""

    class State(models.TextChoices):
        ON_CONTACT = "on_contact", _("On contact")
        READY = "ready", _("Ready")
        WRAP = "wrap", _("Wrap-up")
        BREAK = "break", _("Break")
        LUNCH = "lunch", _("Lunch")
        TRAINING = "training", _("Training")
        MEETING = "meeting", _("Meeting")
        OFFLINE = "offline", _("Offline")

    source = models.ForeignKey(
        "interactions.Source", models.PROTECT, db_index=False, related_name="+", verbose_name=_("source")
    )
    external_id = models.CharField(_("external id"), max_length=200)
    state = models.CharField(_("state"), max_length=12, choices=State.choices)
    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"))
    day = models.DateField(_("day"))
    seconds = duration(_("duration"))
    cost = models.DecimalField(
        _("cost"),
        max_digits=12,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("Paid time at the agent's hourly cost when the row came in."),
    )

    class Meta:
        ordering = ["started_at"]
        constraints = [
            models.UniqueConstraint(name="state_once_per_source", fields=["source", "external_id"]),
            models.CheckConstraint(name="state_ends_after_start", condition=Q(ended_at__gte=F("started_at"))),
        ]
        indexes = [
            models.Index(name="state_day", fields=["day"]),
            models.Index(name="state_agent_day", fields=["agent", "day"]),
        ]
        verbose_name = _("agent state")
        verbose_name_plural = _("agent states")

    def __str__(self) -> str:
        return f"{self.agent} {self.state} {self.started_at:%Y-%m-%d %H:%M}"


class Shift(ScopedModel):
    """A span of time for which one activity was scheduled."""

    class Activity(models.TextChoices):
        WORK = "work", _("Work")
        BREAK = "break", _("Break")
        LUNCH = "lunch", _("Lunch")
        TRAINING = "training", _("Training")
        MEETING = "meeting", _("Meeting")
        LEAVE = "leave", _("Planned leave")

    source = models.ForeignKey(
        "interactions.Source", models.PROTECT, db_index=False, related_name="+", verbose_name=_("source")
    )
    external_id = models.CharField(_("external id"), max_length=200)
    activity = models.CharField(_("activity"), max_length=12, choices=Activity.choices, default=Activity.WORK)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    day = models.DateField(_("day"))
    seconds = duration(_("duration"))
    adherent_seconds = duration(
        _("time in the right state"), default=0, editable=False, help_text=_("Found by the nightly run.")
    )

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(name="shift_once_per_source", fields=["source", "external_id"]),
            models.CheckConstraint(name="shift_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
        ]
        indexes = [
            models.Index(name="shift_day", fields=["day"]),
            models.Index(name="shift_agent_day", fields=["agent", "day"]),
        ]
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")

    def __str__(self) -> str:
        return f"{self.agent} {self.activity} {self.starts_at:%Y-%m-%d %H:%M}"


class ContactFactQuerySet(ScopedQuerySet):
    """Rows that hang on a contact."""

    def with_rules(self) -> Self:
        """Joins, as ``rules``, the thresholds that held in the contact's queue on the day it was offered."""
        return self.annotate(rules=rules_of_the_day("contact__"))


class ContactFact(models.Model):
    """Something a customer said about one contact; it belongs to whoever the contact belongs to."""

    source = models.ForeignKey(
        "interactions.Source", models.PROTECT, db_index=False, related_name="+", verbose_name=_("source")
    )
    external_id = models.CharField(_("external id"), max_length=200)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="%(class)ss", verbose_name=_("contact"))
    received_at = models.DateTimeField(_("received"))

    objects = ContactFactQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def visible_rows(cls, viewer: Viewer) -> Q:
        """As the contact's."""
        return visible_rows(viewer, team="contact__team", agent="contact__agent")


class SurveyAnswer(ContactFact):
    """A customer's answers about one contact. They come late."""

    csat = models.PositiveSmallIntegerField(_("satisfaction (1–5)"), null=True, blank=True)
    nps = models.PositiveSmallIntegerField(_("recommendation (0–10)"), null=True, blank=True)
    ces = models.PositiveSmallIntegerField(
        _("effort (1–7)"), null=True, blank=True, help_text=_("7 means that it was very easy.")
    )
    is_resolved = models.BooleanField(_("resolved, says the customer"), null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(name="survey_once_per_source", fields=["source", "external_id"]),
            models.CheckConstraint(
                name="survey_answers_are_on_their_scales",
                condition=(Q(csat__isnull=True) | Q(csat__range=(1, 5)))
                & (Q(nps__isnull=True) | Q(nps__range=(0, 10)))
                & (Q(ces__isnull=True) | Q(ces__range=(1, 7))),
            ),
        ]
        verbose_name = _("survey answer")
        verbose_name_plural = _("survey answers")

    def __str__(self) -> str:
        return self.external_id


class Complaint(ContactFact):
    """A complaint, booked to the contact that caused it."""

    text = models.TextField(_("text"), blank=True)

    class Meta:
        ordering = ["-received_at"]
        constraints = [models.UniqueConstraint(name="complaint_once_per_source", fields=["source", "external_id"])]
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")

    def __str__(self) -> str:
        return self.external_id


class DirtyDay(models.Model):
    """A mark: facts of this business day changed since its KPIs were computed.

    Whoever writes facts adds a mark in the same transaction; writers only ever add, so they never wait for
    each other. A run claims the marks it finds at its start; the transaction that computes a day deletes the
    day's marks claimed by that run or an earlier one. A change that comes in meanwhile keeps its mark.
    """

    day = models.DateField(_("day"), db_index=True)
    marked_at = models.DateTimeField(_("marked"), auto_now_add=True)
    claimed_by = models.BigIntegerField(null=True, blank=True, help_text=_("The number of the KPI run at work on it."))

    class Meta:
        ordering = ["day"]
        verbose_name = _("changed day")
        verbose_name_plural = _("changed days")

    def __str__(self) -> str:
        return str(self.day)
