"""Who sees what: every table whose rows belong to somebody × every role.

A new table is walked by itself. Until it is told below whose row is whose, its test fails.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet

from callcenter.reports.models import Delivery, ReportSchedule
from interactions.models import Contact
from kpis.explore.models import SavedView
from kpis.models import (
    AgentDay,
    CentreDay,
    CentreSlot,
    LastingChange,
    QueueDay,
    QueueSlot,
    ReasonDay,
    Run,
    TeamDay,
)
from people.models import Agent, Queue, Role, Team, User
from people.readers import readers_of, who_may_see
from people.scoping import ScopedModel
from tests.factories import (
    MONDAY_NOON,
    AgentFactory,
    AgentStateFactory,
    ComplaintFactory,
    ContactFactory,
    MembershipFactory,
    ShiftFactory,
    SurveyAnswerFactory,
    TargetFactory,
    TeamFactory,
    UserFactory,
)

DAY = dt.date(2026, 11, 2)
SCOPED = sorted(
    (
        model
        for model in apps.get_models()
        if issubclass(model, ScopedModel) or hasattr(model._default_manager.all(), "visible_to")
    ),
    key=lambda model: model._meta.label,
)
OF_CHEN, OF_SMIT, OF_NOBODY = "chen's", "smit's", "nobody's"
EVERYTHING = {OF_CHEN, OF_SMIT, OF_NOBODY}


def rollup(model):
    def make(agent, team, queue):
        known = {
            "day": DAY,
            "team": team,
            "queue": queue,
            "channel": "voice",
            "agent": agent,
            "slot": 0,
            "reason": None,
        }
        values = {name: known[name] for name in model.dimensions}
        return model.objects.create(**values)

    return make


def contact(agent, team, queue):
    return ContactFactory(agent=agent, team=team, queue=queue, outcome="answered" if agent else "abandoned")


def schedule(agent, team, queue):
    return ReportSchedule.objects.create(team=team, next_at=MONDAY_NOON)


def lasting_change(agent, team, queue):
    days = dict.fromkeys(("level_from", "since", "until"), DAY)
    return LastingChange.objects.create(
        agent=agent, team=team, queue=queue, kpi="csat", side=1, before=1, after=2, n=9, **days
    )


# A row of an agent of a team in a queue; the row of nobody has neither agent nor team.
MAKERS = {
    "kpis.LastingChange": lasting_change,
    "interactions.Contact": contact,
    "interactions.SurveyAnswer": lambda *of: SurveyAnswerFactory(contact=contact(*of)),
    "interactions.Complaint": lambda *of: ComplaintFactory(contact=contact(*of)),
    "interactions.AgentState": lambda agent, team, queue: AgentStateFactory(agent=agent, team=team),
    "interactions.Shift": lambda agent, team, queue: ShiftFactory(agent=agent, team=team),
    "kpis.AgentDay": rollup(AgentDay),
    "kpis.QueueDay": rollup(QueueDay),
    "kpis.QueueSlot": rollup(QueueSlot),
    "kpis.ReasonDay": rollup(ReasonDay),
    "kpis.TeamDay": rollup(TeamDay),
    "kpis.Target": lambda agent, team, queue: TargetFactory(agent=agent, team=team),
    "reports.ReportSchedule": schedule,
    "reports.Delivery": lambda *of: Delivery.objects.create(
        schedule=schedule(*of), recipient=UserFactory(), due_at=MONDAY_NOON
    ),
}
# People and structure have rules of their own, tested below.
STRUCTURE = {"people.Team", "people.Agent", "people.Queue"}
# Whole rows of the centre, and what belongs to whoever made it: tested below too.
OF_THE_CENTRE = {"kpis.CentreDay", "kpis.CentreSlot", "kpis.Run", "kpis.SavedView"}
OF_TEAMS = {"reports.Delivery", "reports.ReportSchedule"}
WITHOUT_AGENTS = {"kpis.QueueDay", "kpis.QueueSlot", "kpis.ReasonDay", "kpis.TeamDay"} | OF_TEAMS
# What is set for the whole centre is no secret among who may sign in.
OPEN_TO_ALL_WHERE_NOBODYS = {"kpis.Target"}
FACTS = [model for model in SCOPED if model._meta.label not in STRUCTURE | OF_THE_CENTRE]


def label(model):
    return model._meta.label


@pytest.fixture
def rows(request, cast, chen, smit, refunds, billing, refunds_line, billing_line):
    """The rows of one table, by whose they are."""
    model = request.param
    if label(model) not in MAKERS:
        pytest.fail(f"{label(model)} has rows that belong to somebody: say in MAKERS how to make one.")
    make = MAKERS[label(model)]
    return model, {
        OF_CHEN: make(chen, refunds, refunds_line).pk,
        OF_SMIT: make(smit, billing, billing_line).pk,
        OF_NOBODY: make(None, None, billing_line).pk,
    }


def seen(rows, viewer):
    model, keys = rows
    visible = set(model._default_manager.all().visible_to(viewer).values_list("pk", flat=True))
    return {name for name, key in keys.items() if key in visible}


SEES = {
    "director": EVERYTHING,
    "qa_analyst": EVERYTHING,
    "administrator": EVERYTHING,
    "api_client_user": EVERYTHING,
    "refunds_supervisor": {OF_CHEN},
    "billing_supervisor": {OF_SMIT},
    "chen": {OF_CHEN},
    "zhao": set(),
    "smit": {OF_SMIT},
    "shopper": set(),
    "nobody": set(),
}


@pytest.mark.parametrize("rows", FACTS, ids=label, indirect=True)
def test_everyone_sees_their_own_rows_and_no_others(rows, cast):
    agents = {"chen", "zhao", "smit"}
    without_agents = label(rows[0]) in WITHOUT_AGENTS
    expected = {name: set() if without_agents and name in agents else sees for name, sees in SEES.items()}
    if label(rows[0]) in OPEN_TO_ALL_WHERE_NOBODYS:
        expected = {name: sees | {OF_NOBODY} for name, sees in expected.items()}

    assert {name: seen(rows, viewer) for name, viewer in cast.items()} == expected


@pytest.mark.parametrize("rows", FACTS, ids=label, indirect=True)
def test_who_is_not_signed_in_or_has_left_sees_nothing(rows, director):
    director.is_active = False

    assert seen(rows, AnonymousUser()) == set()
    assert seen(rows, director) == set()


@pytest.mark.parametrize("rows", FACTS, ids=label, indirect=True)
def test_a_supervisor_sees_the_teams_below_and_none_above(rows, centre, refunds_evening, chen, refunds_line):
    above = UserFactory(roles=[Role.SUPERVISOR])
    below = UserFactory(roles=[Role.SUPERVISOR])
    centre.supervisors.add(above)
    refunds_evening.supervisors.add(below)

    assert seen(rows, above) - {OF_NOBODY} == {OF_CHEN, OF_SMIT}
    assert seen(rows, below) - {OF_NOBODY} == set()


@pytest.mark.parametrize("rows", FACTS, ids=label, indirect=True)
def test_roles_add_up_and_a_lost_role_takes_its_rows_along(rows, smit, refunds):
    both = smit.user
    both.roles = [Role.SUPERVISOR, Role.AGENT]
    both.save()
    refunds.supervisors.add(both)
    own = set() if label(rows[0]) in WITHOUT_AGENTS else {OF_SMIT}
    assert seen(rows, User.objects.get(pk=both.pk)) - {OF_NOBODY} == {OF_CHEN} | own

    both.roles = []
    both.save()
    assert seen(rows, User.objects.get(pk=both.pk)) - {OF_NOBODY} == set()


@pytest.mark.parametrize("model", [m for m in SCOPED if label(m) not in OPEN_TO_ALL_WHERE_NOBODYS], ids=label)
def test_without_a_role_there_is_nothing_in_any_table(model, nobody, shopper):
    """Holds for a new table before anybody wrote a word about it."""
    for viewer in (nobody, shopper, AnonymousUser()):
        with pytest.raises(EmptyResultSet):  # the condition cannot match any row
            str(model._default_manager.all().visible_to(viewer).query)


def test_the_log_of_runs_and_the_sums_of_the_centre_are_seen_by_who_sees_all_of_it(cast):
    Run.objects.create(kind=Run.Kind.NIGHTLY)
    CentreDay.objects.create(day=DAY, channel="voice")
    CentreSlot.objects.create(day=DAY, channel="voice", slot=0)

    for model in (Run, CentreDay, CentreSlot):
        seen_by = {name for name, viewer in cast.items() if model.objects.visible_to(viewer).exists()}
        assert seen_by == {"director", "qa_analyst", "administrator", "api_client_user"}
        assert not model.objects.visible_to(AnonymousUser()).exists()


def test_a_saved_view_is_seen_by_its_owner_and_by_the_people_of_the_team_it_is_shared_with(
    cast, refunds, billing, refunds_evening
):
    """What is shared with a team reaches the teams below it; what is private stays with its owner."""
    evening = UserFactory(username="eve", roles=[Role.SUPERVISOR])
    refunds_evening.supervisors.add(evening)
    views = {
        "private": SavedView.objects.create(name="mine", query="", owner=cast["refunds_supervisor"]),
        "shared": SavedView.objects.create(name="ours", query="", owner=cast["refunds_supervisor"], team=refunds),
    }

    def seen_by(view) -> set[str]:
        people = cast | {"evening": evening}
        return {name for name, viewer in people.items() if SavedView.objects.visible_to(viewer).filter(pk=view.pk)}

    everywhere = {"director", "qa_analyst", "administrator", "api_client_user"}
    assert seen_by(views["private"]) == {"refunds_supervisor"}
    assert seen_by(views["shared"]) == everywhere | {"refunds_supervisor", "evening", "chen", "zhao"}
    assert not SavedView.objects.visible_to(AnonymousUser()).exists()


def test_a_view_is_shared_only_while_its_owner_may_see_the_team(cast, centre, refunds, refunds_evening, chen):
    """The right may come from the team itself, one above or the role; without it the view is its owner's alone."""
    owner = cast["refunds_supervisor"]
    view = SavedView.objects.create(name="ours", query="", owner=owner, team=refunds_evening)
    MembershipFactory(agent=AgentFactory(user=UserFactory(roles=[Role.AGENT])), team=refunds_evening)
    evening = User.objects.get(agent__memberships__team=refunds_evening)

    def seen_by() -> set[str]:
        people = {"owner": owner, "evening": evening, "director": cast["director"]}
        fresh = {name: User.objects.get(pk=viewer.pk) for name, viewer in people.items()}
        return {name for name, viewer in fresh.items() if view in SavedView.objects.visible_to(viewer)}

    assert seen_by() == {"owner", "evening", "director"}
    refunds.supervisors.clear()
    centre.supervisors.add(owner)
    assert seen_by() == {"owner", "evening", "director"}, "from two teams above"
    centre.supervisors.clear()
    assert seen_by() == set(), "who leads nobody has no figures at all"
    cast["billing_supervisor"].supervised_teams.first().supervisors.add(owner)
    assert seen_by() == {"owner"}
    User.objects.filter(pk=owner.pk).update(roles=[Role.QA_ANALYST])
    assert seen_by() == {"owner", "evening", "director"}
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert seen_by() == set()


def test_who_may_see_a_team_is_the_same_from_both_sides(cast, centre, refunds, refunds_evening, billing):
    """For one viewer and many teams (scoping), for one team and many people, and for pairs of both."""
    cast["chen"].is_active = False
    cast["chen"].save()
    both = UserFactory(roles=[Role.AGENT, Role.SUPERVISOR])
    centre.supervisors.add(both, UserFactory(), UserFactory(roles=[Role.SUPERVISOR], is_active=False))
    refunds.supervisors.add(UserFactory(is_superuser=True))
    teams = [centre, refunds, refunds_evening, billing]
    people = list(User.objects.all())

    seen = {(user.pk, team.pk) for user in people for team in Team.objects.visible_to(user)}

    assert seen == {(user.pk, team.pk) for team in teams for user in readers_of(team)}
    assert seen == who_may_see((user.pk, team.pk) for user in people for team in teams)
    assert set(readers_of(None)) == {user for user in people if user.is_active and user.sees_everything}


def test_teams_are_seen_by_who_leads_them(cast, centre, refunds, refunds_evening, billing):
    def codes(name):
        return set(Team.objects.visible_to(cast[name]).values_list("code", flat=True))

    everything = {"centre", "refunds", "refunds-evening", "billing"}
    assert {name: codes(name) for name in ("director", "qa_analyst", "administrator")} == {
        "director": everything,
        "qa_analyst": everything,
        "administrator": everything,
    }
    assert codes("refunds_supervisor") == {"refunds", "refunds-evening"}
    assert codes("billing_supervisor") == {"billing"}
    assert codes("chen") == codes("shopper") == codes("nobody") == set()


def test_agents_are_seen_by_who_leads_or_led_them_and_by_themselves(cast, chen, zhao, smit, refunds, billing):
    def names(name):
        return set(Agent.objects.visible_to(cast[name]).values_list("name", flat=True))

    assert names("director") == {"Lin Chen", "Mei Zhao", "Jan Smit"}
    assert names("refunds_supervisor") == {"Lin Chen", "Mei Zhao"}
    assert names("chen") == {"Lin Chen"}
    assert names("shopper") == names("nobody") == set()

    smit.memberships.update(ends_on=dt.date(2026, 5, 1))
    MembershipFactory(agent=smit, team=refunds, starts_on=dt.date(2026, 5, 1))
    assert names("refunds_supervisor") == {"Lin Chen", "Mei Zhao", "Jan Smit"}
    assert names("billing_supervisor") == {"Jan Smit"}


def test_the_team_of_the_time_keeps_the_row_with_the_former_supervisor(cast, smit, refunds, billing, billing_line):
    before = contact(smit, billing, billing_line)
    smit.memberships.update(ends_on=dt.date(2026, 11, 10))
    MembershipFactory(agent=smit, team=refunds, starts_on=dt.date(2026, 11, 10))

    assert list(Contact.objects.visible_to(cast["billing_supervisor"])) == [before]
    assert not Contact.objects.visible_to(cast["refunds_supervisor"]).exists()
    assert list(Contact.objects.visible_to(cast["smit"])) == [before]


def test_queues_are_no_secret_among_supervisors(cast, refunds_line, billing_line):
    seen_by = {name for name, viewer in cast.items() if Queue.objects.visible_to(viewer).count() == 2}
    seen_in_part = {name for name, viewer in cast.items() if Queue.objects.visible_to(viewer).count() == 1}

    assert seen_by == {
        "director",
        "qa_analyst",
        "administrator",
        "api_client_user",
        "refunds_supervisor",
        "billing_supervisor",
    }
    assert seen_in_part == set()


def test_a_supervisor_of_no_team_sees_nothing(db, chen, refunds_line, refunds):
    contact(chen, refunds, refunds_line)
    TeamFactory()

    assert not Contact.objects.visible_to(UserFactory(roles=[Role.SUPERVISOR])).exists()
