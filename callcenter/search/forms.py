"""What was typed into the search field, checked."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 100  # characters


class SearchForm(forms.Form):
    """A few words."""

    q = forms.CharField(label=_("Search"), max_length=LONGEST, required=False)

    @property
    def words(self) -> list[str]:
        """What to look for; nothing where the text cannot be looked for."""
        return self.cleaned_data.get("q", "").split() if self.is_valid() else []
