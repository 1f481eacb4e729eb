"""Who sees what, decided once.

Every table whose rows belong to somebody derives from `ScopedModel`. Its rows are read through
`.visible_to(viewer)`, which answers with nothing unless a rule below says otherwise. Pages, API,
exports, charts and background reports all come through here. One figure of others leaves by another door, that
of an agent's own team where enough agents stand behind it: kpis/benchmark.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, Union

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from people.models import User

Viewer = Union["User", AnonymousUser]

NOTHING = Q(pk__in=[])
EVERYTHING = Q()


def visible_rows(viewer: Viewer, *, team: str = "team", agent: str | None = "agent") -> Q:
    """The condition that keeps a viewer to their own rows.

    ``team`` and ``agent`` are the paths from the row to the team and the agent of the time; a table
    without agents passes ``agent=None``, and then a person who may only see themselves sees nothing.
    Directors, QA analysts and administrators see every row; supervisors those of their teams and of
    the teams below; agents their own. Rights add up; without a role there is nothing.
    """
    if not viewer.is_authenticated or not viewer.is_active:
        return NOTHING
    if viewer.sees_everything:
        return EVERYTHING
    allowed = NOTHING
    if team_ids := viewer.supervised_team_ids:
        allowed |= Q(**{f"{team}__in": team_ids})
    if agent and viewer.own_agent_id:
        allowed |= Q(**{agent: viewer.own_agent_id})
    return allowed


class ScopedQuerySet(models.QuerySet):
    """Rows that belong to a team and perhaps an agent."""

    def visible_to(self, viewer: Viewer) -> Self:
        """The rows this viewer may see; none by default."""
        model: Any = self.model
        return self.filter(model.visible_rows(viewer))


class ScopedModel(models.Model):
    """A row that belongs to a team of the time and perhaps an agent. Tables add the indexes their reads need."""

    team = models.ForeignKey("people.Team", models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    agent = models.ForeignKey("people.Agent", models.PROTECT, null=True, blank=True, db_index=False, related_name="+")

    objects: Any = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def visible_rows(cls, viewer: Viewer) -> Q:
        """The condition for this table; a table with other paths overrides it."""
        return visible_rows(viewer)
