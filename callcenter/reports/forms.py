"""The form of a report schedule."""

from __future__ import annotations

import datetime as dt
from typing import Any

from babel.dates import format_time
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcenter.reports.models import LAST_MONTH_DAY, ReportSchedule
from callcenter.reports.services import NOT_A_READER, save_schedule
from interactions.text import locale
from people.models import Team, User
from people.readers import readers_of

# A report on another team is offered to other people; those already chosen stay chosen.
OFFER_ANEW = {
    "hx-get": "?",
    "hx-include": "[name=recipients]:checked",
    "hx-target": "#div_id_recipients",
    "hx-select": "#div_id_recipients",
    "hx-swap": "outerHTML",
}


class RecipientsField(forms.ModelMultipleChoiceField):
    """People as checkboxes, each with their roles, and whether they can get an e-mail at all."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, person: User) -> str:  # type: ignore[override]
        parts = [str(person), ", ".join(person.role_names)]
        return " · ".join([*parts, *([] if person.email else [_("no e-mail address")])])


class ScheduleForm(forms.ModelForm):
    """What, how often, to whom. The fields offer the viewer's teams, and who may see the figures of the chosen one."""

    weekday = forms.TypedChoiceField(label=gettext_lazy("Weekday"), coerce=int, initial=0)
    month_day = forms.TypedChoiceField(
        label=gettext_lazy("Day of the month"),
        coerce=int,
        initial=1,
        choices=[(day, str(day)) for day in range(1, LAST_MONTH_DAY + 1)],
    )
    hour = forms.TypedChoiceField(
        label=gettext_lazy("Time"),
        coerce=int,
        initial=7,
        help_text=gettext_lazy("By the clock of the team's site; for the whole centre, by the product's own."),
    )
    recipients = RecipientsField(
        label=gettext_lazy("Recipients"),
        queryset=User.objects.none(),
        help_text=gettext_lazy("Who may see these figures. Everyone gets them in their own language."),
        error_messages={"invalid_choice": NOT_A_READER},
    )

    class Meta:
        model = ReportSchedule
        fields = ["team", "frequency", "weekday", "month_day", "hour", "compare", "attachment", "recipients"]
        labels = {
            "team": gettext_lazy("Report on"),
            "frequency": gettext_lazy("How often"),
            "compare": gettext_lazy("Compared with"),
            "attachment": gettext_lazy("PDF"),
        }
        help_texts = {
            "frequency": gettext_lazy("It tells of the last whole day, week (Monday to Sunday) or month."),
            "attachment": gettext_lazy("The e-mail itself holds the figures either way. A link asks for a login."),
        }

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        fields: dict[str, Any] = self.fields
        fields["team"].queryset = Team.objects.visible_to(viewer).without_tree_fields().filter(is_active=True)
        fields["team"].empty_label = _("The whole centre") if viewer.sees_everything else None
        fields["team"].required = not viewer.sees_everything
        fields["weekday"].choices = sorted(locale().days["stand-alone"]["wide"].items())
        fields["hour"].choices = [(hour, format_time(dt.time(hour), "short", locale=locale())) for hour in range(24)]
        fields["team"].widget.attrs |= OFFER_ANEW
        fields["recipients"].queryset = self._readers().order_by("first_name", "last_name", "username")

    def _readers(self) -> QuerySet[User]:
        """Who may see the figures of the team that stands in the form: no names of others to its viewer."""
        teams: Any = self.fields["team"]
        asked = self.data.get("team") if self.is_bound else self.get_initial_for_field(teams, "team")
        if not asked and teams.required:
            asked = teams.queryset.values_list("pk", flat=True).first()  # which the page shows first
        try:
            return readers_of(teams.clean(asked))
        except ValidationError:
            return User.objects.none()

    def keep(self) -> ReportSchedule | None:
        """The schedule, made or changed; None where the rules refuse, with the reason at the recipients."""
        schedule = self.save(commit=False)
        try:
            return save_schedule(schedule, recipients=list(self.cleaned_data["recipients"]), by=self.viewer)
        except ValidationError as error:
            self.add_error("recipients", error)
            return None
