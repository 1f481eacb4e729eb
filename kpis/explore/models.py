"""Views that people keep."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.days import holds_on
from people.lineage import Lineage
from people.models import Membership, User
from people.readers import who_may_see
from people.scoping import NOTHING, ScopedQuerySet, Viewer


class SavedView(models.Model):
    """A question of Explore that somebody keeps under a name: private, or shared with the people of one team."""

    name = models.CharField(_("name"), max_length=80)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", verbose_name=_("owner")
    )
    query = models.TextField(_("question"), help_text=_("What stands in the address of the page."))
    team = models.ForeignKey(
        "people.Team",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("shared with"),
        help_text=_(
            "Its agents and supervisors, those of the teams below it, and who sees the whole centre find the view. "
            "Each reads in it only the figures that are theirs to see."
        ),
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects: Any = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_saved_view_of_a_name_per_owner",
                fields=["owner", "name"],
                violation_error_message=_("You have a view of this name already. Choose another."),
            )
        ]
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def visible_rows(cls, viewer: Viewer) -> Q:
        """The own ones, and those shared with a team that the viewer belongs to or leads; who sees all, sees all.

        What is shared with a team is shared as long as its owner may see the team.
        """
        if isinstance(viewer, User) and viewer.is_active and viewer.sees_figures:
            reach = Q(team__isnull=False) if viewer.sees_everything else Q(team__in=_teams_around(viewer))
            return Q(owner=viewer) | Q(pk__in=_still_shared(cls.objects.filter(reach)))
        return NOTHING


def _still_shared(views: models.QuerySet[SavedView]) -> list[int]:
    """Ids of those views whose owner may see the team."""
    of = {pk: (owner, team) for pk, owner, team in views.order_by().values_list("pk", "owner", "team")}
    held = who_may_see(of.values()) if of else set()
    return [pk for pk, pair in of.items() if pair in held]


def _teams_around(viewer: User) -> set[int]:
    """The teams that somebody leads or belongs to today, and those above: what is shared reaches the teams below."""
    today = timezone.localdate()
    own = Membership.objects.filter(holds_on(today), agent=viewer.own_agent_id).values_list("team", flat=True)
    return Lineage().of(*viewer.supervised_team_ids, *own)
