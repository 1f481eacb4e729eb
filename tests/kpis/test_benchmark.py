"""What an agent may read of their team, and from how many agents on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from kpis.benchmark import team_benchmark
from kpis.definitions import KPIS
from kpis.period import Period
from people.models import Agent, Membership, Queue, Team, User
from tests.factories import AgentFactory, ContactFactory, SurveyAnswerFactory

PERIOD = Period(dt.date(2026, 11, 2), dt.date(2026, 11, 8))
AHT, CSAT = KPIS["average_handle_time"], KPIS["csat"]


@pytest.fixture
def five(chen: Agent, zhao: Agent, refunds: Team, refunds_line: Queue, compute: Callable) -> list[Agent]:
    """Five agents of Refunds with one contact each of 100, 200, 300, 400 and 500 seconds of talk and 20 of wrap-up."""
    agents = [chen, zhao, *(AgentFactory(name=f"Colleague {number}", team=refunds) for number in range(3))]
    for number, agent in enumerate(agents, start=1):
        ContactFactory(queue=refunds_line, agent=agent, talk_seconds=Decimal(100 * number))
    compute()
    return agents


def read(viewer: User, *kpis) -> dict[str, float | None]:
    found = team_benchmark(kpis or (AHT,), viewer=viewer, period=PERIOD)
    return {key: reading.value for key, reading in found.items()}


def test_an_agent_reads_the_figure_of_a_team_of_five(chen: Agent, five) -> None:
    assert read(chen.user) == {"average_handle_time": 320}


def test_a_team_of_four_has_no_figure_to_show(chen: Agent, five: list[Agent]) -> None:
    Membership.objects.filter(agent=five[-1]).update(ends_on=PERIOD.end)

    assert read(chen.user) == {}


def test_who_has_left_is_no_member(chen: Agent, five: list[Agent]) -> None:
    Agent.objects.filter(pk=five[-1].pk).update(left_on=PERIOD.end)

    assert read(chen.user) == {}


def test_a_figure_that_fewer_than_five_stand_behind_is_not_shown(
    chen: Agent, five: list[Agent], refunds_line: Queue, compute: Callable
) -> None:
    """All five handled contacts, four of them were rated."""
    for agent in five[:4]:
        SurveyAnswerFactory(contact=ContactFactory(queue=refunds_line, agent=agent))
    compute()

    assert read(chen.user, AHT, CSAT).keys() == {"average_handle_time"}


def test_totals_and_what_is_not_measured_for_agents_are_left_out(chen: Agent, five) -> None:
    assert read(chen.user, KPIS["contacts_handled"], KPIS["service_level"]) == {}


def test_it_is_the_team_of_the_last_day_of_the_period(chen: Agent, five, billing: Team) -> None:
    Membership.objects.filter(agent=chen).update(ends_on=PERIOD.end)
    Membership.objects.create(agent=chen, team=billing, starts_on=PERIOD.end)

    assert read(chen.user) == {}


def test_who_is_no_agent_has_no_team_to_read(director: User, refunds_supervisor: User, nobody: User, five) -> None:
    assert [read(viewer) for viewer in (director, refunds_supervisor, nobody)] == [{}, {}, {}]
