"""Forms of people and structure."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from people.models import Role, Site, Theme, User
from people.services import in_order, lift_lock_out


class RolesField(forms.MultipleChoiceField):
    """Several roles, as checkboxes; cleaned to the order in which roles are listed."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=Role.choices, required=False, label=_("roles"), **options)

    def clean(self, value: Any) -> list[str]:
        return in_order(super().clean(value))


class LanguageField(forms.ChoiceField):
    """One of the product's languages, or the browser's."""

    def __init__(self, **options: Any) -> None:
        choices = [("", _("As the browser says")), *settings.LANGUAGES]
        super().__init__(choices=choices, required=False, **{"label": _("language"), **options})


class NewUserForm(AdminUserCreationForm):
    """An administrator makes a login."""

    roles = RolesField()

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "roles"]


class UserForm(UserChangeForm):
    """An administrator changes a login. Nobody locks themselves out of the administration."""

    roles = RolesField()
    language = LanguageField()
    editor: User

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "roles", "language", "is_active"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance == self.editor and not self.editor.is_superuser:
            if Role.ADMINISTRATOR not in self.cleaned_data.get("roles", []):
                self.add_error("roles", _("You cannot take the administrator's role from yourself."))
            if not self.cleaned_data.get("is_active"):
                self.add_error("is_active", _("You cannot close your own login."))
        return cleaned


class PasswordForm(AdminPasswordChangeForm):
    """An administrator gives a user another password."""

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit)
        lift_lock_out(user)
        return user


class SiteForm(forms.ModelForm):
    """A site, with its weekdays as checkboxes."""

    working_weekdays = forms.TypedMultipleChoiceField(
        label=_("working weekdays"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Site
        fields = ["code", "name", "time_zone", "country", "subdivision", "working_weekdays"]

    def clean_time_zone(self) -> str:
        """The days and half-hours of contacts were found by the site's clock, so it stays."""
        zone: str = self.cleaned_data["time_zone"]
        before = self.initial.get("time_zone")
        if before and zone != before and self.instance.queues.filter(contacts__isnull=False).exists():
            raise ValidationError(
                _("There are contacts whose days follow %(zone)s. Make another site for another time zone."),
                params={"zone": before},
            )
        return zone


class AccountForm(forms.ModelForm):
    """What everybody may change about themselves."""

    language = LanguageField(label=_("Language"))
    theme = forms.ChoiceField(
        label=_("Light or dark"), choices=[("", _("As the device says")), *Theme.choices], required=False
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name", "language", "theme"]
