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

    queue = models.ForeignKey("people.Queue", models.CASCADE, null=True, db_index=False, related_name="+")
    kpi = models.SlugField(max_length=60)
    level_from = models.DateField()  # when the level before began
    since = models.DateField()  # the Monday of the first week on the new level
    until = models.DateField()  # the last day of the weeks that were looked at
    started_on = models.DateField(null=True)  # where the whole course is that of somebody new: their first day
    side = models.SmallIntegerField()  # 1 where the new level is higher, −1 where it is lower
    before = models.FloatField()  # the value of the level before; of somebody new, of their first weeks
    after = models.FloatField()  # the value since; of somebody new, of their last weeks
    n = models.BigIntegerField()  # the sample from then up to ``until``
    lately = models.FloatField(null=True)  # where it is over: the last seven days' value, back at the level before
    is_shared = models.BooleanField(default=False)  # an agent's: the team changed alike at the same time

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
