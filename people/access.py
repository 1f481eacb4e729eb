"""How pages and API keep the rules of people/scoping.py: what is not yours is not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from people.models import Role, User
from people.scoping import Viewer

M = TypeVar("M", bound=Model)
View = Callable[..., HttpResponseBase]


class SignedInRequest(HttpRequest):
    """A request behind the login: no view is reached by strangers unless it says so."""

    user: User  # type: ignore[assignment]


def viewer_of(request: HttpRequest) -> User:
    """Who asks. Strangers do not come so far: every page wants a login."""
    return cast(User, request.user)


def get_visible_or_404(model: type[M], viewer: Viewer, **lookup: Any) -> M:
    """The one row that matches ``lookup`` and that the viewer may see; else Http404, whichever was missing."""
    rows: Any = model._default_manager.all()
    found: M = get_object_or_404(rows.visible_to(viewer), **lookup)
    return found


def check_role(viewer: Viewer, *roles: Role) -> None:
    """Raise Http404 unless the viewer is signed in with one of ``roles``."""
    if not (viewer.is_authenticated and viewer.is_active and viewer.has_role(*roles)):
        raise Http404


def require_role(*roles: Role) -> Callable[[View], View]:
    """Decorator for a view function: without one of ``roles`` the page is not there."""

    def gate(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            check_role(request.user, *roles)
            return view(request, *args, **kwargs)

        return gated

    return gate
