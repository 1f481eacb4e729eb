"""What a page can be asked to show, checked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from interactions.filters import DateInput, PlainlySpoken
from kpis.definitions import KPIS
from kpis.dimensions import DIMENSIONS
from kpis.period import Period
from people.models import Agent, Channel, Queue, Team, User

COMPARISONS = {
    "before": _("the period before"),
    "last_year": _("the same weeks last year"),
    "none": _("nothing"),
}
LONGEST = 3_660  # days
SOME_DAY = [MinValueValidator(dt.date(1990, 1, 1)), MaxValueValidator(dt.date(2100, 1, 1))]


class SelectionForm(PlainlySpoken):
    """Period, comparison and filters, as they stand in a page's address. Each field is checked by itself."""

    kpi = forms.ChoiceField(label=_("Charts show"), required=False)
    by = forms.ChoiceField(label=_("Split by"), choices=[(name, name) for name in DIMENSIONS], required=False)
    compare = forms.ChoiceField(label=_("Compared with"), choices=list(COMPARISONS.items()), required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=[("", _("all")), *Channel.choices], required=False)
    queue = forms.ModelChoiceField(
        label=_("Queue"), queryset=Queue.objects.none(), empty_label=_("all"), required=False
    )
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), empty_label=_("all"), required=False)
    agent = forms.ModelChoiceField(
        label=_("Agent"), queryset=Agent.objects.none(), empty_label=_("all"), required=False
    )

    def __init__(self, data: Any, *, viewer: User) -> None:
        super().__init__(data)
        fields: Any = self.fields
        fields["kpi"].choices = [(key, entry.name) for key, entry in KPIS.items()]
        # Their names are no Python words.
        for name, label in (("from", _("From")), ("to", _("to"))):
            fields[name] = forms.DateField(label=label, widget=DateInput(), validators=SOME_DAY, required=False)
        fields["queue"].queryset = Queue.objects.visible_to(viewer)
        fields["team"].queryset = Team.objects.visible_to(viewer).without_tree_fields()
        fields["agent"].queryset = Agent.objects.visible_to(viewer)

    def clean(self) -> dict[str, Any]:
        """Both ends of a period, in order, or neither."""
        found = super().clean() or {}
        start, end = found.get("from"), found.get("to")
        if start and end and end < start:
            self.add_error("to", _("The period ends before it starts."))
        elif start and end and (end - start).days >= LONGEST:
            self.add_error("to", _("The period is longer than ten years."))
        elif bool(start) != bool(end) and not {"from", "to"} & set(self.errors):
            self.add_error("to" if start else "from", _("Give both days of the period."))
        return found

    @property
    def period(self) -> Period | None:
        """The period that was asked for, if one was and it is whole."""
        start, end = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        return Period(start, end) if start and end else None


class RecomputeForm(PlainlySpoken):
    """Which days to compute anew: from–to, or none given for all."""

    first = forms.DateField(label=_("From"), widget=DateInput(), required=False)
    last = forms.DateField(label=_("to"), widget=DateInput(), required=False)

    def clean(self) -> dict[str, Any]:
        """Both ends or neither, in order."""
        found = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        if first and last and last < first:
            raise forms.ValidationError(_("The period ends before it starts."))
        if bool(first) != bool(last) and not self.errors:
            raise forms.ValidationError(_("Give both days, or neither to compute everything."))
        return found
