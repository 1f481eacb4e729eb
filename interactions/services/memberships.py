"""Who belongs to which team. Memberships live in `people`; they are changed here because an agent's facts of the
time go along to the other team, and the days they lie on are marked."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from interactions.models import AgentState, Contact, Shift
from interactions.services.days import around, days_of
from interactions.services.marks import mark_days
from people.models import Agent, Membership, Queue, Team, User

# Whose contacts are that no team of the time claims.
OWNER_TEAM = Subquery(Queue.objects.filter(pk=OuterRef("queue")).values("owner_team"))


@transaction.atomic
def move_agent(agent: Agent, *, team: Team | None, on: dt.date, by: User | None) -> Membership | None:
    """Let an agent belong to another team (None: to no team) from a day on, up to their next known change.

    Ends the membership in force on that day; facts from that day on change over to the new team and their days
    are marked. An agent who already is in the team stays as they are. Returns the membership in force.
    """
    Agent.objects.select_for_update().get(pk=agent.pk)
    current = agent.memberships.filter(_in_force(on)).first()
    if (current and current.team) == team:
        return current
    following = agent.memberships.filter(starts_on__gt=on).order_by("starts_on").first()
    until = current.ends_on if current else following and following.starts_on
    if current:
        _end(current, on, by)
    started = _start(agent, team, on, until, by) if team else None
    follow_memberships(agent, since=on)
    return started


@transaction.atomic
def follow_memberships(agent: Agent, *, since: dt.date) -> None:
    """Give the facts that an agent left from a day on the team of the time anew, and mark the days that change."""
    contacts = _of_another_team(
        Contact.objects.filter(agent=agent, answered_day__gte=since),
        Coalesce(_team_on("answered_day"), OWNER_TEAM, output_field=BigIntegerField()),
    )
    days = days_of(contacts)
    _take_over(contacts)
    for fact in (AgentState, Shift):
        spans = _of_another_team(fact.objects.filter(agent=agent, day__gte=since), _team_on("day"))
        days |= around(spans.order_by().values_list("day", flat=True).distinct())
        _take_over(spans)
    mark_days(days)


def _in_force(day: dt.date) -> Q:
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gt=day))


def _end(membership: Membership, on: dt.date, by: User | None) -> None:
    membership._history_user = by
    if membership.starts_on == on:
        membership.delete()
    else:
        membership.ends_on = on
        membership.save(update_fields=["ends_on"])


def _start(agent: Agent, team: Team, on: dt.date, until: dt.date | None, by: User | None) -> Membership:
    membership = Membership(agent=agent, team=team, starts_on=on, ends_on=until)
    membership._history_user = by
    membership.full_clean()
    membership.save()
    return membership


def _team_on(day: str) -> Subquery:
    """The team that the row's agent belonged to on the row's ``day``."""
    of_the_time = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=OuterRef(day)), agent=OuterRef("agent"), starts_on__lte=OuterRef(day)
    )
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
