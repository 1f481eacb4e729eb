"""What a page can be asked to show, checked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interactions.filters import PeriodForm
from kpis.definitions import KPIS
from kpis.dimensions import DIMENSIONS
from kpis.period import Period
from people.models import Agent, Channel, Queue, Team, User

COMPARISONS = {
    "before": _("the period before"),
    "last_year": _("the same weeks last year"),
    "none": _("nothing"),
}


class RecomputeForm(PeriodForm):
    """The days to compute anew; all of them only where that was said."""

    every_day = forms.BooleanField(label=_("every day"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.order_fields(["from", "to", "every_day"])

    def clean(self) -> dict[str, Any]:
        """Days, or every day; never everything by leaving the form empty."""
        found = super().clean()
        if not self.errors and bool(self.days) == bool(found.get("every_day")):
            raise forms.ValidationError(_("Give the days to compute, or tick “every day” to compute everything."))
        return found


class Listed(forms.SelectMultiple):
    """Values given several times, or with commas between them, as the addresses of pages and of REST have them."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """Each piece."""
        pieces = ",".join(data.getlist(name) if hasattr(data, "getlist") else data.get(name, ())).split(",")
        return [piece.strip() for piece in pieces if piece.strip()]


class SelectionForm(PeriodForm):
    """Period, comparison and filters, as they stand in a page's address. Each field is checked by itself."""

    kpi = forms.ChoiceField(label=_("Charts show"), required=False)
    by = forms.ChoiceField(label=_("Split by"), choices=[(name, name) for name in DIMENSIONS], required=False)
    sort = forms.ChoiceField(label=_("Sorted by"), required=False)
    columns = forms.MultipleChoiceField(label=_("Columns"), required=False, widget=Listed)
    compare = forms.ChoiceField(label=_("Compared with"), choices=list(COMPARISONS.items()), required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=[("", _("all")), *Channel.choices], required=False)
    queue = forms.ModelChoiceField(
        label=_("Queue"), queryset=Queue.objects.none(), empty_label=_("all"), required=False
    )
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), empty_label=_("all"), required=False)
    agent = forms.ModelChoiceField(
        label=_("Agent"), queryset=Agent.objects.none(), empty_label=_("all"), required=False
    )
    search = forms.CharField(label=_("Search by name"), required=False)

    def __init__(self, data: Any, *, viewer: User) -> None:
        super().__init__(data)
        fields: Any = self.fields
        fields["kpi"].choices = [(key, entry.name) for key, entry in KPIS.items()]
        fields["columns"].choices = fields["kpi"].choices
        fields["sort"].choices = [(sign + key, entry.name) for key, entry in KPIS.items() for sign in ("", "-")]
        fields["queue"].queryset = Queue.objects.visible_to(viewer)
        fields["team"].queryset = Team.objects.visible_to(viewer).without_tree_fields()
        fields["agent"].queryset = Agent.objects.visible_to(viewer)

    @property
    def period(self) -> Period | None:
        """The period that was asked for, if one was and it is whole."""
        return Period(*self.days) if self.days else None
