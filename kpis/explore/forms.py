"""Keeping a question as a view: its name, who reads it, and whether its days move along."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kpis.explore.models import SavedView
from kpis.explore.periods import key_of, moving, name_of
from kpis.explore.question import Question
from kpis.explore.services import change_view, save_view
from kpis.text import format_period
from people.models import Team, User


class ViewForm(forms.Form):
    """A view's name and its readers."""

    name = forms.CharField(label=_("Name"), max_length=80)
    team = forms.ModelChoiceField(
        label=_("Shared with"),
        queryset=Team.objects.none(),
        empty_label=_("nobody"),
        required=False,
        help_text=SavedView._meta.get_field("team").help_text,
    )

    def __init__(self, data: Any = None, *, by: User, **options: Any) -> None:
        super().__init__(data, **options)
        self.by = by
        teams: Any = self.fields["team"]
        teams.queryset = Team.objects.visible_to(by).without_tree_fields().order_by("name")
        if not teams.queryset.exists():
            del self.fields["team"]

    def change(self, view: SavedView) -> bool:
        """Change the view; where that is refused the form says why."""
        return self._tried(lambda: change_view(view, name=self.cleaned_data["name"], team=self._team, by=self.by))

    @property
    def _team(self) -> Team | None:
        return self.cleaned_data.get("team")

    def _tried(self, write: Any) -> bool:
        try:
            write()
        except ValidationError as error:
            self._say(error)
            return False
        return True

    def _say(self, error: ValidationError) -> None:
        """Beside the field it is about; what is about several, such as a name in use, beside the name."""
        for field, problems in error.error_dict.items():
            self.add_error(field if field in self.fields else "name", problems)


class NewViewForm(ViewForm):
    """A new view."""

    days = forms.ChoiceField(label=_("Days"), widget=forms.RadioSelect, required=False)

    def __init__(self, data: Any = None, *, question: Question, **options: Any) -> None:
        super().__init__(data, by=question.board.viewer, **options)
        self.question = question
        reach = question.selection.reach
        self.key = key_of(question.selection.period, reach)
        if not self.key:
            del self.fields["days"]
            return
        days: Any = self.fields["days"]
        days.choices = [
            ("moving", _("%(period)s, moving along with the data") % {"period": name_of(self.key, reach)}),
            ("fixed", _("always %(period)s") % {"period": format_period(question.selection.period)}),
        ]
        days.initial = "moving"

    def create(self) -> bool:
        """Keep the question; where that is refused the form says why."""
        is_moving = bool(self.key) and self.cleaned_data.get("days") != "fixed"
        asked = self.question.address(view=None)
        query = moving(asked, self.key) if is_moving else asked
        return self._tried(lambda: save_view(name=self.cleaned_data["name"], query=query, team=self._team, by=self.by))
