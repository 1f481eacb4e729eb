"""Rows for tests. What a reader of a test needs to know, the test says; the rest is filled in plausibly.

Facts made here are consistent in themselves (instants, business day and half-hour in the queue's site, team of
the time), but nothing marks their days as changed: a test that computes KPIs says which days.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache

import factory
from django.contrib.auth.hashers import make_password
from factory.django import DjangoModelFactory

from interactions.models import AgentState, Complaint, Contact, Outcome, Shift, Source, SurveyAnswer
from kpis.models import Target
from people.models import Agent, Channel, Membership, Queue, QueueRules, Reason, Site, Skill, Team, User

PASSWORD = "a long test password"
# A Monday in winter: Berlin is UTC+1.
MONDAY_NOON = dt.datetime(2026, 11, 2, 11, 0, tzinfo=dt.UTC)


@cache
def hashed_password() -> str:
    """PASSWORD hashed once; the hash is made to be slow."""
    return make_password(PASSWORD)


def local(instant: dt.datetime, site: Site) -> dt.datetime:
    """An instant on the site's clock."""
    return instant.astimezone(site.zone)


def half_hour(instant: dt.datetime, site: Site) -> int:
    """The half-hour of the site's day (0–47) that an instant falls into."""
    clock = local(instant, site)
    return clock.hour * 2 + clock.minute // 30


def team_on(agent: Agent | None, day: dt.date) -> Team | None:
    """The team an agent belongs to on a day."""
    if agent is None:
        return None
    for membership in agent.memberships.select_related("team").filter(starts_on__lte=day):
        if membership.ends_on is None or membership.ends_on > day:
            return membership.team
    return None


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        django_get_or_create = ("username",)

    username = factory.Sequence(lambda n: f"user{n}")
    first_name = factory.Sequence(lambda n: f"First{n}")
    last_name = factory.Sequence(lambda n: f"Last{n}")
    password = factory.LazyFunction(hashed_password)
    roles = factory.LazyFunction(list)


class SiteFactory(DjangoModelFactory):
    class Meta:
        model = Site
        django_get_or_create = ("code",)

    code = "berlin"
    name = "Berlin"
    time_zone = "Europe/Berlin"
    country = "DE"
    subdivision = "BE"


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"team-{n}")
    name = factory.Sequence(lambda n: f"Team {n}")
    site = factory.SubFactory(SiteFactory)
    parent = None

    @factory.post_generation
    def supervisors(self, create, users, **kwargs):
        if users:
            self.supervisors.set(users)


class AgentFactory(DjangoModelFactory):
    """An agent; with ``team=`` also a member of it since ``hired_on``."""

    class Meta:
        model = Agent
        skip_postgeneration_save = True

    employee_number = factory.Sequence(lambda n: f"E9{n:05}")  # never one of the cast's
    name = factory.Sequence(lambda n: f"Agent {n}")
    hired_on = dt.date(2025, 1, 1)
    hourly_cost = Decimal("30.00")

    @factory.post_generation
    def team(self, create, team, **kwargs):
        if team:
            MembershipFactory(agent=self, team=team, starts_on=self.hired_on)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    agent = factory.SubFactory(AgentFactory)
    team = factory.SubFactory(TeamFactory)
    starts_on = dt.date(2025, 1, 1)
    ends_on = None


class QueueFactory(DjangoModelFactory):
    """A queue with the default rules (20 s, 80 %, short up to 5 s) since ever; ``rules=False`` leaves them out."""

    class Meta:
        model = Queue
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"queue-{n}")
    name = factory.Sequence(lambda n: f"Queue {n}")
    channel = Channel.VOICE
    site = factory.SubFactory(SiteFactory)

    @factory.post_generation
    def rules(self, create, wanted, **values):
        if wanted is not False:
            QueueRulesFactory(queue=self, **values)


class QueueRulesFactory(DjangoModelFactory):
    class Meta:
        model = QueueRules

    queue = factory.SubFactory(QueueFactory, rules=False)
    service_level_seconds = 20
    service_level_target = Decimal("0.8")
    short_abandon_seconds = 5


class ReasonFactory(DjangoModelFactory):
    class Meta:
        model = Reason

    code = factory.Sequence(lambda n: f"reason-{n}")
    name = factory.Sequence(lambda n: f"Reason {n}")


class SkillFactory(DjangoModelFactory):
    class Meta:
        model = Skill

    name = factory.Sequence(lambda n: f"Skill {n}")


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source
        django_get_or_create = ("name",)

    name = "calls"
    site = factory.SubFactory(SiteFactory)


class ContactFactory(DjangoModelFactory):
    """An answered call of wait 10 s, talk 100 s, wrap 20 s, unless the test says otherwise.

    ``outcome=Outcome.ABANDONED`` makes one that nobody answered: no agent, no times but the wait.
    """

    class Meta:
        model = Contact

    class Params:
        is_answered = factory.LazyAttribute(lambda o: o.outcome == Outcome.ANSWERED)
        site = factory.LazyAttribute(lambda o: o.queue.site)

    source = factory.SubFactory(SourceFactory)
    external_id = factory.Sequence(lambda n: f"contact-{n}")
    queue = factory.SubFactory(QueueFactory)
    channel = factory.LazyAttribute(lambda o: o.queue.channel)
    outcome = Outcome.ANSWERED
    offered_at = MONDAY_NOON
    wait_seconds = Decimal(10)
    talk_seconds = factory.LazyAttribute(lambda o: Decimal(100 if o.is_answered else 0))
    hold_seconds = Decimal(0)
    wrap_seconds = factory.LazyAttribute(lambda o: Decimal(20 if o.is_answered else 0))

    answered_at = factory.LazyAttribute(
        lambda o: o.offered_at + dt.timedelta(seconds=float(o.wait_seconds)) if o.is_answered else None
    )
    ended_at = factory.LazyAttribute(
        lambda o: (
            None
            if o.outcome == Outcome.WAITING
            else o.offered_at + dt.timedelta(seconds=float(o.wait_seconds + o.talk_seconds + o.hold_seconds))
        )
    )
    day = factory.LazyAttribute(lambda o: local(o.offered_at, o.site).date())
    slot = factory.LazyAttribute(lambda o: half_hour(o.offered_at, o.site))
    answered_day = factory.LazyAttribute(lambda o: o.answered_at and local(o.answered_at, o.site).date())
    answered_slot = factory.LazyAttribute(
        lambda o: half_hour(o.answered_at, o.site) if o.answered_at is not None else None
    )
    ended_day = factory.LazyAttribute(lambda o: o.ended_at and local(o.ended_at, o.site).date())
    due_day = factory.LazyAttribute(lambda o: o.due_at and local(o.due_at, o.site).date())
    due_at = None
    agent = None
    owner_team = factory.LazyAttribute(lambda o: o.queue.owner_team)
    team = factory.LazyAttribute(lambda o: team_on(o.agent, o.answered_day or o.day) or o.owner_team)


class SurveyAnswerFactory(DjangoModelFactory):
    class Meta:
        model = SurveyAnswer

    source = factory.SubFactory(SourceFactory, name="surveys", fact=Source.Fact.SURVEYS)
    external_id = factory.Sequence(lambda n: f"survey-{n}")
    contact = factory.SubFactory(ContactFactory)
    received_at = factory.LazyAttribute(lambda o: o.contact.offered_at + dt.timedelta(days=1))
    csat = 5


class ComplaintFactory(DjangoModelFactory):
    class Meta:
        model = Complaint

    source = factory.SubFactory(SourceFactory, name="complaints", fact=Source.Fact.COMPLAINTS)
    external_id = factory.Sequence(lambda n: f"complaint-{n}")
    contact = factory.SubFactory(ContactFactory)
    received_at = factory.LazyAttribute(lambda o: o.contact.offered_at + dt.timedelta(days=1))


class AgentStateFactory(DjangoModelFactory):
    """An hour ready, unless the test says otherwise."""

    class Meta:
        model = AgentState

    class Params:
        hours = 1

    source = factory.SubFactory(SourceFactory, name="states", fact=Source.Fact.STATES)
    external_id = factory.Sequence(lambda n: f"state-{n}")
    agent = factory.SubFactory(AgentFactory)
    state = AgentState.State.READY
    started_at = MONDAY_NOON
    ended_at = factory.LazyAttribute(lambda o: o.started_at + dt.timedelta(hours=o.hours))
    day = factory.LazyAttribute(lambda o: local(o.started_at, o.source.site).date())
    seconds = factory.LazyAttribute(lambda o: Decimal(str((o.ended_at - o.started_at).total_seconds())))
    team = factory.LazyAttribute(lambda o: team_on(o.agent, o.day))


class ShiftFactory(DjangoModelFactory):
    """An hour of work, unless the test says otherwise."""

    class Meta:
        model = Shift

    class Params:
        hours = 1

    source = factory.SubFactory(SourceFactory, name="shifts", fact=Source.Fact.SHIFTS)
    external_id = factory.Sequence(lambda n: f"shift-{n}")
    agent = factory.SubFactory(AgentFactory)
    activity = Shift.Activity.WORK
    starts_at = MONDAY_NOON
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + dt.timedelta(hours=o.hours))
    day = factory.LazyAttribute(lambda o: local(o.starts_at, o.source.site).date())
    seconds = factory.LazyAttribute(lambda o: Decimal(str((o.ends_at - o.starts_at).total_seconds())))
    team = factory.LazyAttribute(lambda o: team_on(o.agent, o.day))


class TargetFactory(DjangoModelFactory):
    class Meta:
        model = Target

    kpi = "service_level"
    starts_on = dt.date(2026, 1, 1)
    value = Decimal("0.8")
