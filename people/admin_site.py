"""The administration: for administrators by role. For everyone else it is not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.views.decorators import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from people.models import Role


class AdministratorSite(AdminSite):
    """Opened by the administrator's role, not by `is_staff`; signs in through the product's own page."""

    site_header = _("Administration")
    site_title = _("Administration")
    index_title = _("People, structure and sources")

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the person holds the administrator's role."""
        user = request.user
        return bool(user.is_authenticated and user.is_active and user.has_role(Role.ADMINISTRATOR))

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        """A page of the administration: not there for who is signed in without the role."""
        gated = super().admin_view(view, cacheable)

        @wraps(gated)
        def for_administrators(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            if any("\0" in value for values in request.GET.lists() for value in values[1]):
                raise Http404  # filters of the admin hand it on to the database, which takes no such text
            response: HttpResponseBase = gated(request, *args, **kwargs)
            return response

        return for_administrators

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponseBase:
        """Signing in happens on one page only."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise Http404
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index"))
