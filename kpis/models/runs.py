"""The log of the runs that write the roll-ups."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.scoping import EVERYTHING, NOTHING, ScopedQuerySet, Viewer


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
