"""Administration of targets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kpis.definitions import KPIS, UnknownKpi, kpi
from kpis.measure import can_measure
from kpis.models import Target

PARTS = ("team", "agent", "queue")


class TargetForm(forms.ModelForm):
    """A target for a KPI that exists, in a slice in which it can be measured."""

    class Meta:
        model = Target
        fields = ["kpi", *PARTS, "starts_on", "ends_on", "value", "tolerance"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", "–"), *((key, entry.name) for key, entry in KPIS.items())]
        self.fields["kpi"] = forms.CharField(label=_("KPI"), widget=forms.Select(choices=choices))
        self.fields["value"].help_text = _("Shares from 0 to 1 (0.8 is 80 %), times in seconds.")

    def clean_kpi(self) -> str:
        """The key, if it names a KPI."""
        try:
            return kpi(self.cleaned_data["kpi"]).key
        except UnknownKpi as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        parts = [part for part in PARTS if cleaned.get(part)]
        if "kpi" in cleaned and not can_measure(kpi(cleaned["kpi"]), parts):
            for part in parts:
                if not can_measure(kpi(cleaned["kpi"]), [part]):
                    self.add_error(part, _("This KPI is not measured for this."))
            if not self.errors:
                raise forms.ValidationError(_("This KPI is not measured for all of this together."))
        return cleaned


@admin.register(Target)
class TargetAdmin(admin.ModelAdmin):
    form = TargetForm
    list_display = ["shown_kpi", "team", "agent", "queue", "starts_on", "ends_on", "value", "tolerance"]
    list_filter = ["kpi", "team"]
    list_select_related = ["team", "agent", "queue"]
    autocomplete_fields = ["agent", "queue"]
    date_hierarchy = "starts_on"

    @admin.display(description=_("KPI"), ordering="kpi")
    def shown_kpi(self, target: Target) -> Any:
        return KPIS[target.kpi].name if target.kpi in KPIS else target.kpi

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"tolerance": 0} | super().get_changeform_initial_data(request)
