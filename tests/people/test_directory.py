"""Teams, agents, queues, reasons and sites over REST."""

from __future__ import annotations

import datetime as dt

import pytest

from people.models import AgentSkill
from tests.callers import caller
from tests.factories import MembershipFactory, SkillFactory


def names(response) -> set[str]:
    assert response.status_code == 200, response.content
    return {row["name"] for row in response.json()["results"]}


@pytest.mark.parametrize(
    ("who", "teams", "agents"),
    [
        ("director", {"Centre", "Refunds", "Refunds evening", "Billing"}, {"Lin Chen", "Mei Zhao", "Jan Smit"}),
        ("refunds_supervisor", {"Refunds", "Refunds evening"}, {"Lin Chen", "Mei Zhao"}),
        ("billing_supervisor", {"Billing"}, {"Jan Smit"}),
        ("chen", set(), {"Lin Chen"}),
    ],
)
def test_everyone_lists_their_own_teams_and_agents_and_no_others(cast, who, teams, agents):
    client = caller(cast[who])
    assert names(client.get("/api/v1/teams/")) == teams
    assert names(client.get("/api/v1/agents/")) == agents


def test_what_is_not_yours_and_what_is_not_there_are_the_same_404(cast, smit, billing):
    client = caller(cast["refunds_supervisor"])
    not_mine, not_there = client.get(f"/api/v1/agents/{smit.pk}/"), client.get("/api/v1/agents/999999/")
    assert not_mine.status_code == not_there.status_code == 404
    assert not_mine.json() == not_there.json()
    assert client.get(f"/api/v1/teams/{billing.pk}/").status_code == 404


def test_an_agent_has_the_team_of_today_and_skills_with_levels(director, chen, refunds, billing):
    earlier = chen.memberships.get()
    earlier.ends_on = dt.date.today() - dt.timedelta(days=1)
    earlier.save()
    MembershipFactory(agent=chen, team=billing, starts_on=earlier.ends_on)
    AgentSkill.objects.create(agent=chen, skill=SkillFactory(name="French"), level=AgentSkill.Level.SENIOR)
    row = caller(director).get(f"/api/v1/agents/{chen.pk}/").json()
    assert row["team"] == billing.pk
    assert row["skills"] == [{"skill": "French", "level": 3}]
    assert "hourly_cost" not in row


def test_agents_are_found_by_team_number_and_employment(director, chen, zhao, smit, billing):
    client = caller(director)
    smit.left_on = dt.date.today()
    smit.save()
    assert names(client.get("/api/v1/agents/", {"team": billing.pk})) == {"Jan Smit"}
    assert names(client.get("/api/v1/agents/", {"is_employed": "false"})) == {"Jan Smit"}
    assert names(client.get("/api/v1/agents/", {"employee_number": "E1001,E1002"})) == {"Lin Chen", "Mei Zhao"}
    assert names(client.get("/api/v1/agents/", {"name": "zha"})) == {"Mei Zhao"}


def test_a_queue_shows_its_thresholds_with_their_dates(director, refunds_line):
    row = caller(director).get(f"/api/v1/queues/{refunds_line.pk}/").json()
    assert row["rules"][0]["service_level_seconds"] == 20
    assert row["rules"][0]["service_level_target"] == "0.800"


def test_a_parameter_that_is_not_known_is_refused_by_name(director, refunds):
    response = caller(director).get("/api/v1/teams/", {"supervisor": 1})
    assert response.status_code == 400
    assert "supervisor" in response.json()["errors"]
    assert "site" in response.json()["detail"]


def test_a_list_takes_the_same_few_queries_however_long(director, chen, zhao, smit, django_assert_num_queries):
    client = caller(director)
    client.get("/api/v1/agents/")
    with django_assert_num_queries(4):  # token, count, agents, skills
        client.get("/api/v1/agents/")


def test_sites_and_reasons_are_listed_for_all_who_may_read_the_directory(cast, reason, site):
    client = caller(cast["chen"])
    assert names(client.get("/api/v1/reasons/")) == {"Refund"}
    assert client.get(f"/api/v1/sites/{site.pk}/").json()["time_zone"] == "Europe/Berlin"
