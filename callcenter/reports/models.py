"""Which reports go to whom and when, and what became of each."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self
from zoneinfo import ZoneInfo

from babel.dates import format_time
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callcenter.reports.due import Frequency, Rhythm
from interactions.text import locale
from kpis.forms import COMPARISONS
from people.models import Team, User
from people.scoping import Viewer, visible_rows

LAST_MONTH_DAY = 28  # every month has it


class ReportScheduleQuerySet(models.QuerySet):
    """Schedules."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those of the viewer's teams; the centre's for who sees the whole centre."""
        return self.filter(visible_rows(viewer, agent=None))

    def due(self, moment: dt.datetime) -> Self:
        """Active ones whose moment has come."""
        return self.filter(is_active=True, next_at__lte=moment)

    def with_latest(self) -> Self:
        """With ``people`` (how many recipients), ``last_sent_at`` and ``last_state`` (of the latest delivery)."""
        latest = Delivery.objects.filter(schedule=OuterRef("pk")).order_by("-due_at", "-pk")
        return self.annotate(
            people=Count("recipients", distinct=True),
            last_sent_at=Max("deliveries__changed_at", filter=Q(deliveries__state=Delivery.State.SENT)),
            last_state=Subquery(latest.values("state")[:1]),
        )


class ReportSchedule(models.Model):
    """A report of the centre or of a team that goes out by itself."""

    class Attachment(models.TextChoices):
        PDF = "pdf", _("PDF attached")
        LINK = "link", _("link to the PDF")

    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="report_schedules", verbose_name=_("team")
    )
    frequency = models.CharField(_("how often"), max_length=10, choices=Frequency.choices, default=Frequency.WEEKLY)
    weekday = models.PositiveSmallIntegerField(_("weekday"), default=0, validators=[MaxValueValidator(6)])
    month_day = models.PositiveSmallIntegerField(
        _("day of the month"), default=1, validators=[MinValueValidator(1), MaxValueValidator(LAST_MONTH_DAY)]
    )
    hour = models.PositiveSmallIntegerField(_("hour"), default=7, validators=[MaxValueValidator(23)])
    compare = models.CharField(_("compared with"), max_length=10, choices=list(COMPARISONS.items()), default="before")
    attachment = models.CharField(_("PDF"), max_length=10, choices=Attachment.choices, default=Attachment.PDF)
    recipients = models.ManyToManyField(User, related_name="+", verbose_name=_("recipients"))
    is_active = models.BooleanField(_("active"), default=True)
    next_at = models.DateTimeField(_("next"))
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: Any = ReportScheduleQuerySet.as_manager()

    class Meta:
        ordering = ["team__name", "pk"]
        indexes = [models.Index(fields=["next_at"], name="report_due", condition=Q(is_active=True))]
        constraints = [
            models.CheckConstraint(name="report_hour_of_the_day", condition=Q(hour__lte=23)),
            models.CheckConstraint(name="report_weekday", condition=Q(weekday__lte=6)),
            models.CheckConstraint(
                name="report_day_of_every_month", condition=Q(month_day__gte=1, month_day__lte=LAST_MONTH_DAY)
            ),
        ]
        verbose_name = _("report schedule")
        verbose_name_plural = _("report schedules")

    def __str__(self) -> str:
        return self.subject_name

    @property
    def subject_name(self) -> str:
        """What it tells of."""
        return self.team.name if self.team else gettext("The whole centre")

    @property
    def zone_name(self) -> str:
        """A team's report goes by the clock of its site, the centre's by the setting TIME_ZONE."""
        return self.team.site.time_zone if self.team else settings.TIME_ZONE

    @property
    def rhythm(self) -> Rhythm:
        """When it is due."""
        return Rhythm(self.frequency, self.weekday, self.month_day, self.hour, ZoneInfo(self.zone_name))

    @property
    def rhythm_in_words(self) -> str:
        """How often, on which day, at what time of which clock."""
        time = format_time(dt.time(self.hour), "short", locale=locale())
        words = {"time": time, "zone": self.zone_name, "day": self.month_day}
        if self.frequency == Frequency.WEEKLY:
            words["weekday"] = locale().days["stand-alone"]["wide"][self.weekday]
            return gettext("every %(weekday)s at %(time)s (%(zone)s)") % words
        if self.frequency == Frequency.MONTHLY:
            return gettext("every month on day %(day)s at %(time)s (%(zone)s)") % words
        return gettext("every day at %(time)s (%(zone)s)") % words

    def get_absolute_url(self) -> str:
        return reverse("reports:detail", args=[self.pk])


class DeliveryQuerySet(models.QuerySet):
    """Deliveries."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those of the schedules that the viewer sees."""
        return self.filter(visible_rows(viewer, team="schedule__team", agent=None))

    def to_be_sent(self, moment: dt.datetime) -> Self:
        """Those that wait and whose time has come."""
        return self.filter(state=Delivery.State.WAITING, next_try_at__lte=moment)


class Delivery(models.Model):
    """One report to one person at one due moment: there is never a second."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        SKIPPED = "skipped", _("skipped")
        FAILED = "failed", _("failed")

    class Reason(models.TextChoices):
        LOST_RIGHT = "lost_right", _("may no longer see these figures")
        LEFT = "left", _("can no longer sign in")
        NO_ADDRESS = "no_address", _("has no e-mail address")
        REMOVED = "removed", _("is no longer a recipient")
        PAUSED = "paused", _("the schedule was paused")
        NOT_MADE = "not_made", _("the report could not be made; the server's log says why")
        INTERRUPTED = "interrupted", _("interrupted while being sent; whether it arrived is not known")

    schedule = models.ForeignKey(
        ReportSchedule, models.CASCADE, related_name="deliveries", verbose_name=_("report schedule")
    )
    recipient = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("recipient"))
    due_at = models.DateTimeField(_("due"))
    is_asked_for = models.BooleanField(_("sent at once"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices, blank=True)
    error = models.TextField(_("error"), blank=True)
    address = models.CharField(_("e-mail address"), max_length=254, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), auto_now_add=True)

    objects: Any = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-due_at", "-pk"]
        indexes = [
            models.Index(fields=["state"], name="delivery_unfinished", condition=Q(state__in=["waiting", "sending"]))
        ]
        constraints = [
            models.UniqueConstraint(name="one_delivery_per_moment", fields=["schedule", "due_at", "recipient"])
        ]
        verbose_name = _("report delivery")
        verbose_name_plural = _("report deliveries")

    def __str__(self) -> str:
        return f"{self.schedule} → {self.recipient}"

    @property
    def is_under_way(self) -> bool:
        """Whether it will be something else in a moment; one that failed waits for the next attempt."""
        return self.state == self.State.SENDING or (self.state == self.State.WAITING and not self.attempts)
