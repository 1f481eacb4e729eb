"""Who may call the API: tokens and sessions, and the scopes each call needs."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from redis import RedisError
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle

from people.models import User
from people.tokens.models import ApiToken, Scope
from people.tokens.scopes import scopes_of
from people.tokens.services import note_use

if TYPE_CHECKING:
    # REST framework itself loads this module while its views load.
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)


class ApiTokenAuthentication(TokenAuthentication):
    """``Authorization: Bearer <token>``. Says why a token is refused, and notes when it was used."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        """The token and its user; raises AuthenticationFailed with the reason."""
        digest = hash_token(token.decode(errors="replace"))
        found = ApiToken.objects.select_related("user").filter(digest=digest).first()
        if found is None:
            raise AuthenticationFailed(_("This token is not known. It may have been revoked."))
        if found.is_expired:
            ended = formats.date_format(timezone.localtime(found.expiry), "SHORT_DATETIME_FORMAT")
            raise AuthenticationFailed(
                _("The token “%(name)s” expired on %(ended)s.") % {"name": found, "ended": ended}
            )
        note_use(found)
        return self.validate_user(found)


class CallRate(UserRateThrottle):
    """So many calls in a while; without a cache to count them in, calls are not counted."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether the caller still has calls left."""
        try:
            return super().allow_request(request, view)
        except RedisError:
            logger.warning("The cache does not answer: calls are not counted.")
            return True


class TokenScope(BasePermission):
    """The call's scope must be held by the user's roles and, where a token is used, by the token.

    A view names its ``scope``, and ``write_scope`` where it also takes writes; one that names none is closed.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether this call is allowed; leaves a sentence in ``message`` where it is not."""
        needed = scope_needed(request.method or "", view)
        if not request.user.is_authenticated or needed is None:
            return False
        if needed not in scopes_of(request.user):
            self.message = _("Your roles do not include “%(scope)s”.") % {"scope": needed.value}
            return False
        if isinstance(request.auth, ApiToken) and needed not in request.auth.scopes:
            self.message = _("This token does not have the scope “%(scope)s”.") % {"scope": needed.value}
            return False
        return True


def scope_needed(method: str, view: Any) -> Scope | None:
    """The scope that a method on a view asks for."""
    is_reading = method in SAFE_METHODS
    return getattr(view, "scope" if is_reading else "write_scope", None)
