"""Writes to saved views, each by its owner. The pages hand in no views but the owner's own."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy

from kpis.explore.models import SavedView
from people.models import Team, User

NOT_LED = gettext_lazy("Views are shared with teams that you lead.")


def save_view(*, name: str, query: str, team: Team | None, by: User) -> SavedView:
    """Keep a question under a name. Raises ValidationError for a name in use and for a team that is not the owner's."""
    view = SavedView(name=name.strip(), query=query, team=team, owner=by)
    _check_team(team, by)
    view.full_clean()
    view.save()
    return view


def change_view(view: SavedView, *, name: str, team: Team | None, by: User) -> None:
    """Another name, or other readers. Raises ValidationError as `save_view` does, PermissionDenied for strangers."""
    _check_owner(view, by)
    if team != view.team:
        _check_team(team, by)
    view.name, view.team = name.strip(), team
    view.full_clean()
    view.save()


def replace_view(view: SavedView, *, query: str, by: User) -> None:
    """Another question under the same name. Raises PermissionDenied for strangers."""
    _check_owner(view, by)
    view.query = query
    view.save(update_fields=["query", "changed_at"])


def delete_view(view: SavedView, *, by: User) -> None:
    """Forget it, for everybody it was shared with too. Raises PermissionDenied for strangers."""
    _check_owner(view, by)
    view.delete()


def _check_owner(view: SavedView, by: User) -> None:
    if view.owner_id != by.pk:
        raise PermissionDenied


def _check_team(team: Team | None, by: User) -> None:
    if team and not Team.objects.visible_to(by).filter(pk=team.pk).exists():
        raise ValidationError({"team": NOT_LED})
