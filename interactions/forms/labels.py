"""How forms call their fields: a label begins with a capital, an empty choice says what to do."""

from __future__ import annotations

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


def capitalise(form: forms.Form | forms.ModelForm) -> None:
    """Mend the labels and the empty choices of a form."""
    for field in form.fields.values():
        field.label = capfirst(str(field.label or ""))
        if isinstance(field, forms.ModelChoiceField) and field.empty_label is not None:
            field.empty_label = _("choose…")
