"""Home, as each role meets it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcenter.home import comparison
from interactions.models import Contact, Import, Outcome, Source, SurveyAnswer
from interactions.services import mark_days
from kpis.models import Run
from kpis.period import Period
from kpis.text import format_period
from people.models import Agent, Membership, Queue, Role, Site, Team, User
from tests.factories import (
    MONDAY_NOON,
    AgentFactory,
    ContactFactory,
    QueueFactory,
    SourceFactory,
    SurveyAnswerFactory,
    TargetFactory,
    TeamFactory,
    UserFactory,
)
from tests.kpis.test_pages import rows_of, text_of

HOME = "/"
# The data of `a_week` reaches to Sunday, November 8.
WEEK = "from=2026-11-02&amp;to=2026-11-08&amp;compare=before"


def sections(answer) -> list[str]:
    return [section.key for section in answer.context["sections"]]


def content(answer, place: int = 0):
    return answer.context["sections"][place].content


def test_each_role_has_its_own_section(cast: dict[str, User], sign_in, a_week) -> None:
    expected = {
        "director": ["director"],
        "qa_analyst": ["quality"],
        "refunds_supervisor": ["supervisor"],
        "chen": ["agent"],
        "administrator": ["administrator"],
    }

    assert {who: sections(sign_in(cast[who]).get(HOME)) for who in expected} == expected


def test_who_comes_for_nothing_yet_is_told_what_comes(shopper: User, nobody: User, sign_in, a_week) -> None:
    assert "No visits are waiting" in text_of(sign_in(shopper).get(HOME))
    assert "You have no role yet" in text_of(sign_in(nobody).get(HOME))


def test_several_roles_have_the_sections_of_each_with_a_way_to_them(chen: Agent, sign_in, a_week) -> None:
    user = chen.user
    user.roles = [Role.AGENT, Role.ADMINISTRATOR, Role.DIRECTOR]
    user.save()

    answer = sign_in(user).get(HOME)

    assert sections(answer) == ["director", "agent", "administrator"]
    ids = re.findall(r'\bid="([^"]+)"', answer.content.decode())
    assert len(ids) == len(set(ids))
    for key in sections(answer):
        assert key in ids
        assert f'href="#{key}"' in answer.content.decode()


class TestDirector:
    def test_sees_week_and_day_against_target_and_the_week_before(self, director: User, sign_in, a_week) -> None:
        """In time were 1 of the refunds line's 7 and 2 of billing's 2; on Sunday 1 of 1."""
        TargetFactory(kpi="service_level", value=Decimal("0.8"))

        with time_machine.travel("2026-11-09 08:00:00+00:00"):
            answer = sign_in(director).get(HOME)

        glance = next(g for g in content(answer).glances if g.tile.kpi.key == "service_level")
        assert (glance.tile.text, glance.tile.target) == ("33.3%", "Target ≥ 80.0%")
        assert [(line.name, line.text) for line in glance.lines] == [("Yesterday", "100.0%")]
        assert len(content(answer).glances) == 6

    def test_sees_today_beside_yesterday_while_its_contacts_come_in(self, director: User, sign_in, a_week) -> None:
        with time_machine.travel("2026-11-08 12:00:00+00:00"):
            answer = sign_in(director).get(HOME)

        glance = next(g for g in content(answer).glances if g.tile.kpi.key == "contacts_offered")
        assert [(line.name, line.text) for line in glance.lines] == [("Today so far", "1"), ("Yesterday", "–")]

    def test_sees_first_contact_resolution_of_the_week_that_has_matured(
        self, director: User, sign_in, a_week, refunds_line: Queue, zhao: Agent, reason, compute: Callable
    ) -> None:
        earlier = MONDAY_NOON - dt.timedelta(days=6)
        for customer in (90, 91):
            ContactFactory(queue=refunds_line, agent=zhao, customer=customer, reason=reason, offered_at=earlier)
        compute()

        answer = sign_in(director).get(HOME)

        glance = next(g for g in content(answer).glances if g.tile.kpi.key == "first_contact_resolution")
        assert (glance.tile.text, glance.tile.reading.n) == ("100.0%", 2)
        assert glance.note == format_period(Period(dt.date(2026, 10, 26), dt.date(2026, 11, 1)))
        assert "Later contacts are still maturing." in text_of(answer)

    def test_sees_the_team_first_that_misses_most(
        self,
        director: User,
        sign_in,
        a_week,
        refunds_line: Queue,
        billing_line: Queue,
        zhao: Agent,
        smit: Agent,
        compute,
    ) -> None:
        """Refunds needs two minutes for a contact, billing six, and five are the target."""
        TargetFactory(kpi="average_handle_time", value=Decimal(300))
        for _number in range(40):
            ContactFactory(queue=refunds_line, agent=zhao)
            ContactFactory(queue=billing_line, agent=smit, talk_seconds=Decimal(340))
        compute()

        answer = sign_in(director).get(HOME)

        assert [row.name for row in content(answer).teams.rows] == ["Billing", "Refunds"]
        said = text_of(answer)
        assert said.index("above target") < said.rindex("on target")

    def test_goes_on_to_the_whole_centre_with_the_same_selection(self, director: User, sign_in, a_week) -> None:
        page = sign_in(director).get(HOME).content.decode()

        assert f'href="{reverse("kpis:centre")}?{WEEK}"' in page

    def test_downloads_the_table_of_teams(self, director: User, sign_in, a_week) -> None:
        rows = rows_of(sign_in(director).get(f"{HOME}?csv=teams"))

        handled = {row["team_name"]: row["value"] for row in rows if row["kpi"] == "average_handle_time"}
        assert handled == {"Refunds": "120.0", "Billing": "170.0"}
        assert sign_in(director).get(f"{HOME}?csv=salaries").status_code == 404


@pytest.fixture
def rated(refunds: Team, refunds_line: Queue, chen: Agent, zhao: Agent, source) -> Callable[..., list[Agent]]:
    """Mei Zhao, Lin Chen and as many colleagues as needed, each with so many good answers (5) of a number; else 1."""

    def rate(*good: int, of: int = 40) -> list[Agent]:
        people = [zhao, chen, *(AgentFactory(name=f"Colleague {n}", team=refunds) for n in range(len(good) - 2))]
        surveys = SourceFactory(name="surveys", fact=Source.Fact.SURVEYS)
        answers = []
        for agent, fine in zip(people, good, strict=True):
            made = {"agent": agent, "team": refunds, "queue": refunds_line, "source": source}
            Contact.objects.bulk_create(ContactFactory.build_batch(of, **made))
            for number, contact in enumerate(Contact.objects.filter(agent=agent)):
                csat = 5 if number < fine else 1
                answers.append(SurveyAnswerFactory.build(source=surveys, contact=contact, csat=csat))
        SurveyAnswer.objects.bulk_create(answers)
        return people

    return rate


class TestSupervisor:
    def test_is_told_who_lies_beyond_the_limits_of_the_team(
        self, refunds_supervisor: User, sign_in, rated, compute
    ) -> None:
        """18 of 40 is 45 %, nine times 36 of 40 is 90 %, together 85.5 %: one answer's deviation is 0.352, so 99.8 % of
        forty lie between 68.3 % and all."""
        rated(18, *[36] * 9)
        compute()

        answer = sign_in(refunds_supervisor).get(HOME)

        needs = content(answer).needs
        assert [(need.name, need.sentences) for need in needs.agents] == [
            ("Mei Zhao", ["Customer satisfaction 45.0% of 40 answers, team 85.5%"])
        ]
        assert needs.more == 0
        assert "A reason to look and to ask, not a verdict" in text_of(answer)

    def test_is_told_of_nobody_where_people_differ_as_chance_has_it(
        self, refunds_supervisor: User, sign_in, rated, refunds: Team, compute
    ) -> None:
        """Fifteen alike, 80 % of 40 answers: their good ones vary as chance has it, by a variance of 98/15 = 6.5 where
        it gives 40 x 0.8 x 0.2 = 6.4. The interval of the lowest (26: 49.5 to 77.9 %) lies beside the team's value."""
        rated(26, 28, 30, 30, 31, 32, 32, 32, 33, 33, 34, 34, 35, 35, 35)
        compute()
        page = sign_in(refunds_supervisor)

        needs = content(page.get(HOME)).needs

        assert (needs.agents, needs.could_compare) == ([], True)
        assert "Nobody stands out" in text_of(page.get(HOME))
        query = "from=2026-11-02&to=2026-11-08&kpi=csat"
        team = page.get(f"{reverse('kpis:team_detail', args=[refunds.pk])}?{query}")
        assert team.context["parts"]["people"].title == "Nobody differs beyond chance", "the same on the team's page"

    def test_is_told_of_nobody_where_fewer_than_four_can_be_compared(
        self, refunds_supervisor: User, sign_in, rated, compute
    ) -> None:
        rated(0, 40, 40)
        compute()

        answer = sign_in(refunds_supervisor).get(HOME)

        assert content(answer).needs.agents == []
        assert "Not compared: it takes at least four agents" in text_of(answer)

    def test_is_not_told_of_an_agent_with_too_few_to_judge(
        self, refunds_supervisor: User, sign_in, rated, compute
    ) -> None:
        people = rated(0, *[36] * 9)
        SurveyAnswer.objects.filter(pk__in=SurveyAnswer.objects.filter(contact__agent=people[0])[:11]).delete()
        compute()

        assert content(sign_in(refunds_supervisor).get(HOME)).needs.agents == []

    def test_is_not_told_of_an_agent_who_has_moved_on(self, refunds_supervisor: User, sign_in, rated, compute) -> None:
        people = rated(18, *[36] * 9)
        compute()
        Membership.objects.filter(agent=people[0]).update(ends_on=MONDAY_NOON.date())

        assert content(sign_in(refunds_supervisor).get(HOME)).needs.agents == []

    def test_meets_no_stranger(self, cast: dict[str, User], sign_in, a_week) -> None:
        for who, strangers in {"refunds_supervisor": ["Smit"], "billing_supervisor": ["Chen", "Zhao"]}.items():
            said = sign_in(cast[who]).get(HOME).content.decode()
            assert [name for name in strangers if name in said] == []

    def test_with_several_teams_begins_with_the_one_most_in_need_and_may_choose_another(
        self,
        refunds_supervisor: User,
        sign_in,
        refunds: Team,
        billing: Team,
        centre: Team,
        refunds_line: Queue,
        billing_line: Queue,
        zhao: Agent,
        smit: Agent,
        compute,
    ) -> None:
        """Refunds takes six minutes for a contact, billing two, and five are the target."""
        billing.supervisors.add(refunds_supervisor)
        TargetFactory(kpi="average_handle_time", value=Decimal(300))
        for _number in range(40):
            ContactFactory(queue=refunds_line, agent=zhao, talk_seconds=Decimal(340))
            ContactFactory(queue=billing_line, agent=smit)
        compute()
        page = sign_in(refunds_supervisor)

        assert [row.name for row in content(page.get(HOME)).teams.rows] == ["Refunds", "Billing"]
        assert content(page.get(HOME)).team == refunds
        assert content(page.get(f"{HOME}?team={billing.pk}")).team == billing
        assert content(page.get(f"{HOME}?team={centre.pk}")).team == refunds

    def test_of_a_team_without_agents_is_told_so(self, sign_in, a_week, site: Site) -> None:
        user = UserFactory(roles=[Role.SUPERVISOR])
        TeamFactory(name="New", site=site, supervisors=[user])

        answer = sign_in(user).get(HOME)

        assert "Nobody belongs to this team yet" in text_of(answer)
        assert answer.status_code == 200

    def test_without_a_team_is_told_whom_to_ask(self, db, sign_in, a_week) -> None:
        answer = sign_in(UserFactory(roles=[Role.SUPERVISOR])).get(HOME)

        assert "You lead no team yet" in text_of(answer)

    def test_of_tickets_sees_the_backlog_in_place_of_a_waiting_line(
        self, refunds_supervisor: User, sign_in, refunds: Team, zhao: Agent, compute
    ) -> None:
        tickets = QueueFactory(code="tickets", site=refunds.site, owner_team=refunds, channel="ticket")
        for number in range(3):
            ContactFactory(queue=tickets, agent=zhao, offered_at=MONDAY_NOON + dt.timedelta(days=number))
        ContactFactory(queue=tickets, outcome=Outcome.WAITING)
        compute()

        shown = {g.tile.kpi.key: g.tile.text for g in content(sign_in(refunds_supervisor).get(HOME)).glances}

        assert len(shown) == 6
        assert shown["backlog"] == "1"
        assert "service_level" not in shown


@pytest.fixture
def five(chen: Agent, zhao: Agent, refunds: Team, refunds_line: Queue, compute: Callable) -> list[Agent]:
    """Five agents of Refunds with a contact of 2, 3, 4, 5 and 6 minutes: 4 minutes on average."""
    agents = [chen, zhao, *(AgentFactory(name=f"Colleague {name}", team=refunds) for name in "ABC")]
    for number, agent in enumerate(agents, start=1):
        ContactFactory(queue=refunds_line, agent=agent, talk_seconds=Decimal(40 + 60 * number))
    compute()
    return agents


def lines_of(answer, key: str) -> dict[str, str]:
    glance = next(glance for glance in content(answer).glances if glance.tile.kpi.key == key)
    return {line.name: line.text for line in glance.lines}


class TestAgent:
    def test_reads_the_own_figure_beside_that_of_a_team_of_five(self, chen: Agent, sign_in, five) -> None:
        answer = sign_in(chen.user).get(HOME)

        glance = next(g for g in content(answer).glances if g.tile.kpi.key == "average_handle_time")
        assert glance.tile.text == "2:00"
        assert lines_of(answer, "average_handle_time") == {"Nov 2": "2:00", "Last 7 days": "2:00", "My team": "4:00"}

    def test_reads_no_figure_of_a_team_of_four(self, chen: Agent, sign_in, five: list[Agent]) -> None:
        Membership.objects.filter(agent=five[-1]).update(ends_on=MONDAY_NOON.date())

        answer = sign_in(chen.user).get(HOME)

        assert "My team" not in lines_of(answer, "average_handle_time")
        assert "4:00" not in text_of(answer)
        assert "only where at least 5 agents" in text_of(answer)

    def test_sees_values_with_too_little_behind_them_pale_and_why(self, chen: Agent, sign_in, five) -> None:
        answer = sign_in(chen.user).get(HOME)

        assert '<span class="pale" title="1 contact">2:00' in answer.content.decode()

    def test_reads_no_colleagues_name(self, chen: Agent, sign_in, five: list[Agent]) -> None:
        said = sign_in(chen.user).get(HOME).content.decode()

        assert [agent.name for agent in five[1:] if agent.name in said] == []

    def test_downloads_the_own_course_alone(self, chen: Agent, sign_in, five) -> None:
        rows = rows_of(sign_in(chen.user).get(f"{HOME}?csv=trend_average_handle_time"))

        assert [(row["week"], row["value"], row["n"]) for row in rows] == [("2026-11-02", "120.0", "1")]

    def test_who_leads_a_team_and_is_in_another_reads_the_own_figures_apart(
        self, smit: Agent, refunds: Team, sign_in, a_week
    ) -> None:
        user = smit.user
        user.roles = [Role.AGENT, Role.SUPERVISOR]
        user.save()
        refunds.supervisors.add(user)

        answer = sign_in(user).get(HOME)

        assert sections(answer) == ["supervisor", "agent"]
        handled = [{g.tile.kpi.key: g.tile.text for g in content(answer, place).glances} for place in (0, 1)]
        assert [tiles["contacts_handled"] for tiles in handled] == ["5", "2"]


def test_the_qa_analyst_reads_what_customers_said_by_team(qa_analyst: User, sign_in, a_week) -> None:
    """Chen's four answers, of which three are good; one complaint about billing's two contacts."""
    answer = sign_in(qa_analyst).get(HOME)

    rows = {
        row.name: {cell.reading.kpi.key: cell.reading for cell in row.cells if cell.reading}
        for row in answer.context["sections"][0].content.teams.rows
    }
    assert rows["Refunds"]["csat"].value == 0.75
    assert rows["Billing"]["complaint_rate"].value == 0.5


class TestAdministrator:
    def test_of_an_empty_installation_is_led_to_the_first_numbers(self, administrator: User, sign_in) -> None:
        answer = sign_in(administrator).get(HOME)

        assert [step.is_done for step in content(answer).steps] == [False] * 4
        page = answer.content.decode()
        for address in ("admin:people_site_add", "people:import", "interactions:import_create"):
            assert f'href="{reverse(address)}"' in page
        assert "Latest runs" not in page

    def test_sees_which_steps_are_done(self, administrator: User, sign_in, zhao: Agent, refunds_line: Queue) -> None:
        ContactFactory(queue=refunds_line, agent=zhao)

        assert [step.is_done for step in content(sign_in(administrator).get(HOME)).steps] == [True, True, True, False]

    def test_reads_that_contacts_came_another_way_where_no_file_was_imported(
        self, administrator: User, sign_in, a_week
    ) -> None:
        said = text_of(sign_in(administrator).get(HOME))

        assert "No file was imported yet" in said
        assert "The contacts that are here came another way." in said

    def test_sees_what_came_in_and_what_was_computed(self, administrator: User, sign_in, a_week) -> None:
        Import.objects.create(
            source=SourceFactory(), file_name="calls.csv", state=Import.State.DONE, rows_new=7, rows_rejected=2
        )
        Run.objects.create(kind=Run.Kind.NIGHTLY, state=Run.State.UNRECONCILED)
        mark_days([dt.date(2026, 11, 5)])

        said = text_of(sign_in(administrator).get(HOME))

        for words in (
            "calls.csv",
            "Done, with rejected rows",
            "Views do not reconcile",
            "1 changed day waits to be computed",
            "Nov 8, 2026",
        ):
            assert words in said

    def test_sees_what_is_off_with_the_data_and_the_way_to_all_of_it(
        self, administrator: User, sign_in, a_week, site: Site
    ) -> None:
        """Friday had no contact; the Saturday after is no working day."""
        with time_machine.travel("2026-11-09 08:00:00+00:00"):
            answer = sign_in(administrator).get(HOME)

        assert f"{site} has no contacts on 1 working day" in text_of(answer)
        assert f'href="{reverse("data_health:health")}"' in answer.content.decode()


def test_without_data_everyone_is_told_what_comes_next(cast: dict[str, User], sign_in) -> None:
    for who in ("director", "qa_analyst", "refunds_supervisor", "chen"):
        assert "No contacts yet" in text_of(sign_in(cast[who]).get(HOME))


# Session and user (2), role's teams, horizon, last run, days that wait; for tiles, trend, comparison, days and tables
# one query per roll-up that is needed; targets, names. What is off reads the half year before as well.
MOST_QUERIES = {"director": 28, "refunds_supervisor": 47, "chen": 24, "qa_analyst": 15, "administrator": 19}


def test_of_many_teams_home_names_those_most_in_need(
    director: User, sign_in, a_week, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = content(sign_in(director).get(HOME)).teams.rows
    monkeypatch.setattr(comparison, "MOST_ROWS", 1)
    answer = sign_in(director).get(HOME)

    assert [row.name for row in content(answer).teams.rows] == [every[0].name]
    assert "the first 1 of 2; the CSV has them all" in text_of(answer)
    assert {row["team_name"] for row in rows_of(sign_in(director).get(f"{HOME}?csv=teams"))} == {"Billing", "Refunds"}


def test_home_takes_few_queries_however_many_teams_and_agents(
    cast: dict[str, User], sign_in, a_week, refunds: Team, centre: Team, refunds_line: Queue, compute
) -> None:
    for number in range(6):
        team = TeamFactory(site=centre.site, parent=centre)
        agent = AgentFactory(team=refunds if number % 2 else team)
        ContactFactory(queue=refunds_line, agent=agent)
    compute()
    taken = {}
    for who in MOST_QUERIES:
        page = sign_in(cast[who])
        page.get(HOME)
        with CaptureQueriesContext(connection) as queries:
            page.get(HOME)
        taken[who] = len(queries)

    assert {who: most for who, most in taken.items() if most > MOST_QUERIES[who]} == {}
