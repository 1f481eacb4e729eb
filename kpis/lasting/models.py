"""The changes that were found."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.scoping import ScopedModel, Viewer, visible_rows

NEWS_WEEKS = 13


class LastingChange(ScopedModel):
    """The last change of level of a KPI in one place, if it lasts: in the centre, a team, a queue, or an agent's work.

    The centre has neither team, agent nor queue. A team's row stands for the teams below it, too; an agent's is of
    the work in one team. A queue's has its owner's team, so that those see it who see the whole queue.
    """

    queue = models.ForeignKey(
        "people.Queue", models.CASCADE, null=True, db_index=False, related_name="+", verbose_name=_("queue")
    )
    kpi = models.SlugField(_("KPI"), max_length=60)
    level_from = models.DateField(_("earlier level from"))
    since = models.DateField(_("since"), help_text=_("The Monday of the first week on the new level."))
    until = models.DateField(_("until"), help_text=_("The last day of the weeks that were looked at."))
    started_on = models.DateField(
        _("started on"), null=True, help_text=_("Where the whole course is that of somebody new: their first day.")
    )
    side = models.SmallIntegerField(_("side"), help_text=_("1 where the new level is higher, −1 where it is lower."))
    before = models.FloatField(_("earlier value"))
    after = models.FloatField(_("value since"))
    n = models.BigIntegerField(_("sample since"))
    is_shared = models.BooleanField(
        _("shared"), default=False, help_text=_("Whether the agent's team changed to the same side at the same time.")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_lasting_change_of_a_kpi",
                fields=["kpi", "team", "agent", "queue"],
                nulls_distinct=False,
            )
        ]
        verbose_name = _("lasting change")
        verbose_name_plural = _("lasting changes")

    def __str__(self) -> str:
        return f"{self.kpi} {self.since}"

    @classmethod
    def visible_rows(cls, viewer: Viewer) -> Q:
        """A person who may only see themselves reads their own rows: those of teams and queues name no agent."""
        return visible_rows(viewer)

    @property
    def is_news(self) -> bool:
        """Whether the change is younger than a quarter; a level that has held for longer is the usual one."""
        return self.since > self.until - dt.timedelta(weeks=NEWS_WEEKS)

    @property
    def weeks(self) -> int:
        """How many whole weeks the new level has lasted."""
        return ((self.until - self.since).days + 1) // 7
