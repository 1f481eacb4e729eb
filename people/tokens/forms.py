"""The form that makes an API token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from people.models import Role, User
from people.tokens.models import ApiToken, Scope
from people.tokens.scopes import scopes_of
from people.tokens.services import create_token

LASTS = (7, 30, 90, 365)  # days


class TokenForm(forms.Form):
    """Name, scopes and end; administrators also choose whose token it is."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("What uses it, such as “Data warehouse”."))
    user = forms.ModelChoiceField(
        label=_("For"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("The token reads what this user may read. Left empty, it is your own."),
    )
    scopes = forms.MultipleChoiceField(label=_("It may"), widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(label=_("It lasts"), coerce=int, initial=90)

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        fields: dict[str, Any] = self.fields
        held = scopes_of(viewer)
        fields["days"].choices = [
            (days, ngettext("%(days)d day", "%(days)d days", days) % {"days": days}) for days in LASTS
        ]
        fields["scopes"].choices = [(scope.value, scope.label) for scope in Scope if scope in held]
        self.has_scopes = bool(held)
        if viewer.has_role(Role.ADMINISTRATOR):
            fields["user"].queryset = User.objects.filter(is_active=True).order_by("username")
        else:
            del fields["user"]

    def create(self) -> tuple[ApiToken, str] | None:
        """The new token and its text; None where the rules refuse, with the reason at the field."""
        asked = self.cleaned_data
        user = asked.get("user") or self.viewer
        try:
            return create_token(
                name=asked["name"], user=user, scopes=asked["scopes"], days=asked["days"], by=self.viewer
            )
        except ValidationError as error:
            self.add_error(None, error)
            return None
