"""Which contacts a list shows, as it stands in the address."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self, cast
from urllib.parse import urlencode

from django import forms
from django.db.models import Max, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interactions.models import Contact, Outcome
from people.days import check_days
from people.models import Agent, Channel, Queue, Reason, Team, User

DAYS_BY_DEFAULT = 7
DAYS = ("from", "to")  # the names of the fields of a period
# The same whether there is no such thing or it is not the reader's to see.
NOT_TO_CHOOSE = _("“%(value)s” is none of those that you can choose here. Choose one from the list.")


class DateInput(forms.DateInput):
    """The browser's own picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _one_of(model: Any, label: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(label=label, queryset=model.objects.none(), empty_label=_("all"), required=False)


class PlainlySpoken(forms.Form):
    """A form that can say everything that is wrong in a few sentences."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for field in self.fields.values():
            if "invalid_choice" in field.error_messages:
                field.error_messages["invalid_choice"] = NOT_TO_CHOOSE

    @property
    def complaints(self) -> list[str]:
        """What was wrong with the address, in sentences."""
        return [
            _("%(field)s: %(problem)s") % {"field": self.fields[name].label, "problem": error}
            if name in self.fields
            else str(error)
            for name, errors in self.errors.items()
            for error in errors
        ]


class PeriodForm(PlainlySpoken):
    """Both days of a period, or neither."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        fields: Any = self.fields
        # Their names are no Python words.
        for name, label in (("from", _("From")), ("to", _("to"))):
            wrong = {"invalid": _("This is no day. Write it like 2026-11-20.")}
            fields[name] = forms.DateField(label=label, widget=DateInput(), required=False, error_messages=wrong)

    def clean(self) -> dict[str, Any]:
        """In order, within reach, and not too many."""
        found = super().clean() or {}
        start, end = found.get("from"), found.get("to")
        if start and end:
            check_days(start, end)
        elif bool(start) != bool(end) and not {"from", "to"} & set(self.errors):
            self.add_error("to" if start else "from", _("Give both days of the period."))
        return found

    @property
    def has_wrong_days(self) -> bool:
        """Whether days were asked for that make no period."""
        return not self.errors.keys().isdisjoint(DAYS)

    @property
    def days(self) -> tuple[dt.date, dt.date] | None:
        """First and last day, if they were asked for and make a period."""
        start, end = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        return (start, end) if start and end else None


class ContactFilterForm(PeriodForm):
    """Days offered, and what narrows them down. A field that is wrong is left out, and says so."""

    channel = forms.ChoiceField(label=_("Channel"), choices=[("", _("all")), *Channel.choices], required=False)
    queue = _one_of(Queue, _("Queue"))
    team = _one_of(Team, _("Team"))
    agent = _one_of(Agent, _("Agent"))
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", _("all")), *Outcome.choices], required=False)
    reason = _one_of(Reason, _("Reason"))

    def __init__(self, data: Any, *, viewer: User) -> None:
        super().__init__(data)
        fields: Any = self.fields
        fields["queue"].queryset = Queue.objects.visible_to(viewer)
        fields["team"].queryset = Team.objects.visible_to(viewer).without_tree_fields()
        fields["agent"].queryset = Agent.objects.visible_to(viewer)
        fields["reason"].queryset = Reason.objects.all()
        self.order_fields(["from", "to", "channel", "queue", "team", "agent", "outcome", "reason"])

    @classmethod
    def read(cls, asked: QueryDict, *, viewer: User) -> Self:
        """From an address; without days that make a period, the last week that has contacts."""
        data = asked.copy()
        if not data.get("from") and not data.get("to"):
            data.update({name: day.isoformat() for name, day in usual_days().items()})
        form = cls(data, viewer=viewer)
        form.is_valid()
        if not form.days:
            usual = usual_days()
            form.cleaned_data |= usual
            # The fields show the days of the list, beside the sentence about those that were asked for.
            for name, day in usual.items():
                data[name] = day.isoformat()
        form._offer_few_agents(viewer)
        form._offer_own_queues(viewer)
        return form

    def narrow(self, contacts: QuerySet[Contact]) -> QuerySet[Contact]:
        """The contacts that fit."""
        chosen = self.cleaned_data
        conditions = {
            "day__gte": chosen.get("from"),
            "day__lte": chosen.get("to"),
            "channel": chosen.get("channel"),
            "queue": chosen.get("queue"),
            "agent": chosen.get("agent"),
            "outcome": chosen.get("outcome"),
            "reason": chosen.get("reason"),
        }
        if team := chosen.get("team"):
            conditions["team__in"] = team.branch_ids()
        return contacts.filter(**{path: value for path, value in conditions.items() if value})

    @property
    def days_asked_for(self) -> list[forms.BoundField]:
        """The fields of the period."""
        return [self[name] for name in DAYS]

    @property
    def filters(self) -> list[forms.BoundField]:
        """The fields that narrow it down."""
        return [field for field in self if field.name not in DAYS]

    @property
    def active(self) -> list[str]:
        """The names of the filters that are set."""
        return [name for name, value in self.cleaned_data.items() if value and name not in DAYS]

    @property
    def query(self) -> str:
        """What was chosen, for the address of the next page."""
        chosen = {name: getattr(value, "pk", value) for name, value in self.cleaned_data.items() if value}
        return urlencode(chosen)

    @property
    def query_of_days(self) -> str:
        """The days alone, for the address without filters."""
        return urlencode({name: day for name, day in self.cleaned_data.items() if name in DAYS and day})

    def _offer_few_agents(self, viewer: User) -> None:
        """A list to choose from holds the agents of one team or of one supervisor, not those of a whole centre."""
        fields: Any = self.fields
        agents, team, agent = fields["agent"].queryset, self.cleaned_data.get("team"), self.cleaned_data.get("agent")
        if team:
            agents = agents.filter(memberships__team__in=team.descendants(include_self=True)).distinct()
        elif viewer.sees_everything:
            agents = agents.filter(pk=agent.pk) if agent else agents.none()
        fields["agent"].queryset = agents

    def _offer_own_queues(self, viewer: User) -> None:
        """To a supervisor, the queues that their teams own or answered contacts of these days in."""
        if viewer.sees_everything:
            return
        chosen, fields = self.cleaned_data, cast(Any, self.fields)
        seen = Contact.objects.filter(day__range=(chosen["from"], chosen["to"])).visible_to(viewer).values("queue")
        queue = chosen.get("queue")
        fields["queue"].queryset = fields["queue"].queryset.filter(
            Q(pk__in=seen) | Q(owner_team__in=viewer.supervised_team_ids) | Q(pk=queue.pk if queue else None)
        )


def usual_days() -> dict[str, dt.date]:
    """The last week that has contacts."""
    last = Contact.objects.aggregate(last=Max("day"))["last"] or timezone.localdate()
    return {"from": last - dt.timedelta(days=DAYS_BY_DEFAULT - 1), "to": last}
