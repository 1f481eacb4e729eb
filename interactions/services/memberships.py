"""Who belongs to which team. Memberships live in `people`; they are changed here because an agent's facts of the
time go along to the other team, and the days they lie on are marked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from interactions.models import AgentState, Contact, Shift
from interactions.services.days import around, days_of
from interactions.services.locks import change_memberships
from interactions.services.marks import mark_days
from people.days import holds_on
from people.models import Agent, Membership, Team, User


class Span(NamedTuple):
    """A team from a day up to, but without, another (None: open)."""

    team: Team
    starts_on: dt.date
    ends_on: dt.date | None = None

    @property
    def last(self) -> dt.date:
        """The end for comparing; an open one comes after all others."""
        return self.ends_on or dt.date.max


def overlap(spans: Iterable[Span]) -> tuple[Span, Span] | None:
    """The first two spans, by their start, that share a day."""
    in_order = sorted(spans, key=lambda span: span.starts_on)
    return next(((former, later) for former, later in pairwise(in_order) if later.starts_on < former.last), None)


def overlap_text(former: Span, later: Span) -> str:
    """The sentence for two spans that share a day."""
    return _("In %(team)s from %(start)s, but until then still in %(former)s (until %(end)s).") % {
        "team": later.team,
        "start": date_format(later.starts_on, "SHORT_DATE_FORMAT"),
        "former": former.team,
        "end": date_format(former.ends_on, "SHORT_DATE_FORMAT") if former.ends_on else _("open"),
    }


@transaction.atomic
def move_agent(agent: Agent, *, team: Team | None, on: dt.date, by: User | None) -> None:
    """Let an agent belong to another team (None: to no team) from a day on, up to their next known change.

    The membership in force on that day ends; an agent who already is in the team stays as they are.
    """
    change_memberships()
    spans = _spans(agent)
    current = next((span for span in spans if span.starts_on <= on < span.last), None)
    if (current and current.team) == team:
        return
    until = current.ends_on if current else min((span.starts_on for span in spans if span.starts_on > on), default=None)
    spans = [span for span in spans if span != current]
    if current and current.starts_on < on:
        spans.append(current._replace(ends_on=on))
    if team:
        spans.append(Span(team, on, until))
    set_memberships(agent, spans=spans, by=by)


@transaction.atomic
def set_memberships(agent: Agent, *, spans: Sequence[Span], by: User | None) -> None:
    """Let an agent belong to exactly these teams at these times. What stays as it was is left alone.

    The agent's facts change over to the team of the time, and the days this changes are marked.
    Raises ValidationError for spans that overlap or end before they start.
    """
    change_memberships()
    Agent.objects.select_for_update().get(pk=agent.pk)
    if pair := overlap(spans):
        raise ValidationError(overlap_text(*pair))
    wanted = {(span.team.pk, span.starts_on): span for span in spans}
    known = {(membership.team_id, membership.starts_on): membership for membership in agent.memberships.all()}
    gone = [known[key] for key in known.keys() - wanted.keys()]
    other_ends = [known[key] for key in known.keys() & wanted.keys() if known[key].ends_on != wanted[key].ends_on]
    new = [Membership(agent=agent, team=wanted[key].team, starts_on=key[1]) for key in wanted.keys() - known.keys()]
    for membership in gone:
        membership._history_user = by
        membership.delete()
    # The known ones come first: the new ones may begin where they now end.
    for membership in other_ends + new:
        membership.ends_on = wanted[membership.team_id, membership.starts_on].ends_on
        membership._history_user = by
        membership.full_clean()
        membership.save()
    if changed := gone + other_ends + new:
        follow_memberships(agent, since=min(membership.starts_on for membership in changed))


def _spans(agent: Agent) -> list[Span]:
    memberships = agent.memberships.select_related("team")
    return [Span(membership.team, membership.starts_on, membership.ends_on) for membership in memberships]


@transaction.atomic
def follow_memberships(agent: Agent, *, since: dt.date) -> None:
    """Give an agent's facts from a day on the team of the time anew, and mark the days that change."""
    contacts = _of_another_team(
        Contact.objects.filter(agent=agent, answered_day__gte=since),
        Coalesce(_team_on("answered_day"), F("owner_team"), output_field=BigIntegerField()),
    )
    days = days_of(contacts)
    _take_over(contacts)
    for fact in (AgentState, Shift):
        spans = _of_another_team(fact.objects.filter(agent=agent, day__gte=since), _team_on("day"))
        days |= around(spans.order_by().values_list("day", flat=True).distinct())
        _take_over(spans)
    mark_days(days)


def _team_on(day: str) -> Subquery:
    """The team that the row's agent belonged to on the row's ``day``."""
    of_the_time = Membership.objects.filter(holds_on(OuterRef(day)), agent=OuterRef("agent"))
    return Subquery(of_the_time.values("team")[:1])


def _of_another_team(facts: QuerySet, team: Subquery | Coalesce) -> QuerySet:
    """The facts whose stored team is not the team of the time, with that one beside it."""
    differs = (
        Q(team__isnull=True, team_of_the_time__isnull=False)
        | Q(team__isnull=False, team_of_the_time__isnull=True)
        | Q(team__lt=F("team_of_the_time"))
        | Q(team__gt=F("team_of_the_time"))
    )
    return facts.annotate(team_of_the_time=team).filter(differs)


def _take_over(facts: QuerySet) -> None:
    facts.update(team=F("team_of_the_time"))
