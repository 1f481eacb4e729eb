"""What KPIs should reach."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Agent
from people.scoping import EVERYTHING, NOTHING, ScopedQuerySet, Viewer, visible_rows


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
