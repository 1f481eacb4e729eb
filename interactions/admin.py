"""Administration of what changes facts: agents and their teams, queues and their rules."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from interactions.services.memberships import Span, overlap, overlap_text, set_memberships
from interactions.services.ownership import follow_first_owner
from interactions.services.rules import set_queue_rules
from people.history_admin import HistoryAdmin
from people.models import FIRST_DAY, Agent, AgentSkill, Membership, Queue, QueueRules, Site

THRESHOLDS = [
    "service_level_seconds",
    "service_level_target",
    "short_abandon_seconds",
    "fcr_window_days",
    "csat_top_box",
]


class WholeSetForm(forms.ModelForm):
    """A row that is checked together with the others of its set, by the set and by the service that saves it."""

    def validate_constraints(self) -> None:
        """Against the stored rows a shift of two neighbours at once would look like an overlap."""


class MembershipFormSet(BaseInlineFormSet):
    """An agent's memberships, saved as a whole."""

    def clean(self) -> None:
        """Say beside the date which two memberships share a day."""
        super().clean()
        if any(form.errors for form in self.forms):
            return
        by_span = {span: form for form in self.forms if (span := self._span(form))}
        for span, form in by_span.items():
            if span.last <= span.starts_on:
                form.add_error("ends_on", _("The membership ends before it starts."))
                return
        if len(by_span) < len([form for form in self.forms if self._span(form)]):
            raise forms.ValidationError(_("The same membership is there twice."))
        if pair := overlap(by_span):
            by_span[pair[1]].add_error("starts_on", overlap_text(*pair))

    @property
    def spans(self) -> list[Span]:
        """What is to hold from now on."""
        return [span for form in self.forms if (span := self._span(form))]

    def _span(self, form: forms.ModelForm) -> Span | None:
        cleaned = getattr(form, "cleaned_data", {})
        if not cleaned.get("team") or (self.can_delete and self._should_delete_form(form)):
            return None
        return Span(cleaned["team"], cleaned["starts_on"], cleaned.get("ends_on"))


class MembershipInline(admin.TabularInline):
    model = Membership
    form = WholeSetForm
    formset = MembershipFormSet
    fields = ["team", "starts_on", "ends_on"]
    extra = 1


class AgentSkillInline(admin.TabularInline):
    model = AgentSkill
    extra = 0
    autocomplete_fields = ["skill"]


@admin.register(Agent)
class AgentAdmin(HistoryAdmin):
    list_display = ["name", "employee_number", "platform_login", "grade", "hired_on", "left_on"]
    list_filter = ["grade"]
    search_fields = ["name", "employee_number", "platform_login"]
    autocomplete_fields = ["user"]
    fields = ["employee_number", "name", "platform_login", "user", "hired_on", "left_on", "grade", "hourly_cost"]
    inlines = [MembershipInline, AgentSkillInline]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Memberships go through their service: the agent's facts go along."""
        if not isinstance(formset, MembershipFormSet):
            super().save_formset(request, form, formset, change)
            return
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        set_memberships(form.instance, spans=formset.spans, by=request.user)


class RulesForm(WholeSetForm):
    """Thresholds from a day on. Known ones keep their day; a new row with the same day corrects them."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.fields["valid_from"].disabled = True
        elif "valid_from" in self.fields:
            self.fields["valid_from"].initial = dt.date.today()

    class Meta:
        model = QueueRules
        fields = ["valid_from", *THRESHOLDS]


class RulesInline(admin.TabularInline):
    model = QueueRules
    form = RulesForm
    fields = ["valid_from", *THRESHOLDS]
    ordering = ["valid_from"]
    can_delete = False
    verbose_name_plural = _("Rules. New thresholds hold from their day on; the past keeps its own.")

    def get_fields(self, request: HttpRequest, obj: Queue | None = None) -> list[str]:
        return self.fields if obj else THRESHOLDS

    def get_extra(self, request: HttpRequest, obj: Queue | None = None, **options: Any) -> int:
        return 0 if obj else 1

    def get_max_num(self, request: HttpRequest, obj: Queue | None = None, **options: Any) -> int | None:
        return None if obj else 1


class QueueForm(forms.ModelForm):
    """A queue. What its contacts were counted by stays."""

    class Meta:
        model = Queue
        fields = ["code", "name", "channel", "line_of_business", "site", "owner_team", "is_active"]
        help_texts = {
            "owner_team": _(
                "What is offered to the queue counts for this team, whoever answers. The first owner takes over what "
                "was taken in before; a later change acts from now on: contacts already taken in keep their team."
            )
        }

    def clean_site(self) -> Site:
        """The days and half-hours of contacts were found by the site's clock, so the clock stays."""
        site: Site = self.cleaned_data["site"]
        before = Site.objects.filter(queues=self.instance.pk or 0).first()
        if before and site.time_zone != before.time_zone and self.instance.contacts.exists():
            raise forms.ValidationError(
                _("There are contacts whose days follow %(zone)s. Make another queue for another time zone."),
                params={"zone": before.time_zone},
            )
        return site


@admin.register(Queue)
class QueueAdmin(HistoryAdmin):
    form = QueueForm
    list_display = ["name", "code", "channel", "line_of_business", "site", "owner_team", "is_active"]
    list_filter = ["channel", "site", "line_of_business", "is_active"]
    search_fields = ["name", "code"]
    list_select_related = ["site", "owner_team"]
    inlines = [RulesInline]

    def save_model(self, request: HttpRequest, obj: Queue, form: Any, change: bool) -> None:
        """A first owner team takes over the contacts that waited for one."""
        super().save_model(request, obj, form, change)
        follow_first_owner(obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Rules go through their service: former ones end, and the days they judge are computed again."""
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        if not change:
            set_queue_rules(form.instance, valid_from=FIRST_DAY, by=request.user)
        for row in formset.forms:
            if row.has_changed():
                thresholds = {name: row.cleaned_data[name] for name in THRESHOLDS}
                valid_from = row.cleaned_data.get("valid_from", FIRST_DAY)
                set_queue_rules(form.instance, valid_from=valid_from, by=request.user, **thresholds)
