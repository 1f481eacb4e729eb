"""A form for the style page: a field alone, with help, and with an error."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people.models import Channel


class SampleForm(forms.Form):
    """What fields look like; nothing is ever sent with it."""

    name = forms.CharField(label=_("Name"), help_text=_("What others read in lists."))
    days = forms.IntegerField(label=_("Days"), min_value=1)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    is_active = forms.BooleanField(label=_("active"), required=False)

    def __init__(self, theme: str) -> None:
        filled: dict[str, Any] = {"name": gettext("Refunds"), "days": "0", "channel": Channel.CHAT, "is_active": "on"}
        super().__init__(filled, auto_id=f"sample_%s_{theme}")
