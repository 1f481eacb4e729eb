"""The page on which people make and revoke API tokens."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from people.access import SignedInRequest
from people.models import Role, User
from people.tokens.forms import TokenForm
from people.tokens.models import ApiToken
from people.tokens.services import revoke_token


def tokens_of(viewer: User) -> QuerySet[ApiToken]:
    """An administrator's are all tokens; anybody else's are their own."""
    tokens = ApiToken.objects.select_related("user")
    return tokens if viewer.has_role(Role.ADMINISTRATOR) else tokens.filter(user=viewer)


@never_cache
@require_http_methods(["GET", "POST"])
def token_list(request: SignedInRequest) -> HttpResponse:
    """Tokens with their last use and end, and a form for the next. A new token is shown here and never again."""
    form = TokenForm(request.POST or None, viewer=request.user)
    made = form.create() if request.method == "POST" and form.is_valid() else None
    context = {
        "form": TokenForm(viewer=request.user) if made else form,
        "made": made,
        "tokens": tokens_of(request.user),
        "can_make": form.has_scopes,
    }
    return render(request, "people/token_list.html", context)


@require_POST
def token_revoke(request: SignedInRequest, digest: str) -> HttpResponse:
    """End a token at once."""
    token = get_object_or_404(tokens_of(request.user), digest=digest)
    revoke_token(token=token, by=request.user)
    messages.success(request, _("The token “%(name)s” is revoked.") % {"name": token})
    return redirect("tokens:list")
