"""Making, using and revoking API tokens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import Role, User
from people.tokens.models import ApiToken
from people.tokens.scopes import scopes_of

LONGEST_DAYS = 366
USE_IS_NOTED_EVERY = dt.timedelta(minutes=1)


@transaction.atomic
def create_token(*, name: str, user: User, scopes: Collection[str], days: int, by: User) -> tuple[ApiToken, str]:
    """Make a token that ``user``'s programs may use for ``days`` days; returns it with its text, which is kept nowhere.

    Raises ValidationError where ``by`` may not make it, or where it would allow more than ``user`` may do.
    """
    if by != user and not by.has_role(Role.ADMINISTRATOR):
        raise ValidationError(_("Only an administrator makes tokens for others."))
    if not 1 <= days <= LONGEST_DAYS:
        raise ValidationError({"days": _("A token lasts from 1 to %(most)d days.") % {"most": LONGEST_DAYS}})
    if not scopes:
        raise ValidationError({"scopes": _("Choose at least one scope.")})
    if beyond := sorted(set(scopes) - scopes_of(user)):
        raise ValidationError(
            {
                "scopes": _("%(user)s may not do this, so a token may not either: %(scopes)s.")
                % {"user": user, "scopes": ", ".join(beyond)}
            }
        )
    draft = ApiToken(name=name, user=user, scopes=sorted(scopes))
    draft.full_clean(exclude=["digest", "token_key"])
    return ApiToken.objects.create(user, expiry=dt.timedelta(days=days), name=name, scopes=sorted(scopes))


def revoke_token(*, token: ApiToken, by: User) -> None:
    """End a token at once. Raises ValidationError where ``by`` is neither its user nor an administrator."""
    if by != token.user and not by.has_role(Role.ADMINISTRATOR):
        raise ValidationError(_("Only its user or an administrator revokes a token."))
    token.delete()


def note_use(token: ApiToken) -> None:
    """Keep when a token was last used, to the minute: a busy client must not write with every call."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at >= USE_IS_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
