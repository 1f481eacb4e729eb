"""Signing in and out, one's own account, the language."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language as remember_language

from people.access import viewer_of
from people.account import agent_record, recent_sign_ins, teams_led
from people.forms import AccountForm
from people.models import Theme
from people.services import choose_language, choose_theme

# Signing in needs no login: Django's view says so itself. After five wrong passwords django-axes answers 429.
login = LoginView.as_view(template_name="people/login.html", redirect_authenticated_user=True)


class OwnPasswordChange(PasswordChangeView):
    """Another password for oneself; other sessions of the same person end."""

    template_name = "people/password_change.html"
    success_url = reverse_lazy("people:account")

    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(self.request, _("The password is changed."))
        return response


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """What everybody sets for themselves, what an administrator gave them, and where they signed in."""
    viewer = viewer_of(request)
    form = AccountForm(request.POST or None, instance=viewer)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("people:account")
    page = {
        "form": form,
        "teams": teams_led(viewer),
        "record": agent_record(viewer),
        "tokens": viewer.auth_token_set.count(),
        "sign_ins": recent_sign_ins(viewer),
    }
    return render(request, "people/account.html", page)


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """The language switch of every page: kept with the browser and, for who is signed in, with the person."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        choose_language(request.user, language=language)
    return remember_language(request)


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """The switch between light and dark of every page, kept with the person; back to the page it was pressed on."""
    theme, back = request.POST.get("theme", ""), request.POST.get("next", "")
    if theme in Theme.values:
        choose_theme(request.user, theme=theme)
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL))
