"""Which target holds where, for one slice and for many teams at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import connection

from kpis.dashboards.board import Board
from kpis.definitions import KPIS
from kpis.period import Period
from kpis.selection import Selection
from kpis.targets import Goal, Targets
from people.models import Agent, Channel, Queue, Team, User
from tests.factories import QueueFactory, QueueRulesFactory, TargetFactory

DAY = dt.date(2026, 11, 8)


def test_many_teams_have_the_targets_that_each_has_alone(
    centre: Team, refunds: Team, refunds_evening: Team, billing: Team, refunds_line: Queue, billing_line: Queue
) -> None:
    other = QueueFactory(code="other", site=billing.site, owner_team=billing, rules=False)
    QueueRulesFactory(queue=other, service_level_target=Decimal("0.9"))
    TargetFactory(kpi="csat", value=Decimal("0.85"))
    TargetFactory(kpi="csat", team=refunds, value=Decimal("0.88"), tolerance=Decimal("0.02"))
    TargetFactory(kpi="csat", team=refunds, value=Decimal("0.90"), starts_on=DAY + dt.timedelta(days=1))
    teams = [centre.pk, refunds.pk, refunds_evening.pk, billing.pk]

    found = Targets(KPIS.keys(), on=DAY).of_each("team", teams)

    assert found == {team: Targets(KPIS.keys(), on=DAY).of(team=team) for team in teams}
    assert found[refunds_evening.pk] == {"csat": Goal(0.88, 0.02)}
    assert found[refunds.pk]["service_level"] == Goal(0.8)
    assert "service_level" not in found[billing.pk]


def test_more_teams_cost_no_more_queries(
    refunds: Team,
    billing: Team,
    refunds_evening: Team,
    refunds_line: Queue,
    chen: Agent,
    smit: Agent,
    django_assert_num_queries,
) -> None:
    """The targets, the teams above and the queues' rules; for agents their teams."""
    TargetFactory(kpi="csat", value=Decimal("0.85"))
    with django_assert_num_queries(3):
        Targets(KPIS.keys(), on=DAY).of_each("team", [refunds.pk])
    with django_assert_num_queries(3):
        Targets(KPIS.keys(), on=DAY).of_each("team", [refunds.pk, billing.pk, refunds_evening.pk])
    with django_assert_num_queries(4):
        Targets(KPIS.keys(), on=DAY).of_each("agent", [chen.pk, smit.pk])


def test_a_target_of_all_channels_judges_no_single_one(refunds: Team, refunds_line: Queue) -> None:
    """What queues promise is another matter: each has one channel."""
    chat = QueueFactory(code="chat", channel=Channel.CHAT, site=refunds.site, owner_team=refunds, rules=False)
    QueueRulesFactory(queue=chat, service_level_target=Decimal("0.9"))
    TargetFactory(kpi="average_handle_time", value=300)
    TargetFactory(kpi="average_handle_time", queue=chat, value=600)

    found = Targets(KPIS.keys(), on=DAY, channel=Channel.CHAT)

    assert found.of() == {"service_level": Goal(0.9)}
    assert found.of(team=refunds.pk) == {"service_level": Goal(0.9)}
    assert found.of(queue=chat.pk) == {"average_handle_time": Goal(600), "service_level": Goal(0.9)}
    assert Targets(KPIS.keys(), on=DAY).of() == {"average_handle_time": Goal(300)}


def test_without_a_choice_each_viewer_is_judged_by_the_targets_of_what_they_see(
    director: User, refunds_supervisor: User, refunds: Team, billing: Team, refunds_line: Queue, chen: Agent
) -> None:
    """Of several teams, those that all of them have."""
    TargetFactory(kpi="average_handle_time", value=300)
    TargetFactory(kpi="average_handle_time", team=refunds, value=250)
    TargetFactory(kpi="csat", value=Decimal("0.85"))
    TargetFactory(kpi="average_handle_time", agent=chen, value=200)

    def targets(viewer: User) -> dict[str, Goal]:
        found = Board(viewer, Selection.of_days(Period(DAY, DAY), viewer=viewer)).targets
        return {key: goal for key, goal in found.items() if key != "service_level"}

    assert targets(director) == {"average_handle_time": Goal(300), "csat": Goal(0.85)}
    assert targets(refunds_supervisor) == {"average_handle_time": Goal(250), "csat": Goal(0.85)}
    assert targets(chen.user) == {"average_handle_time": Goal(200), "csat": Goal(0.85)}
    billing.supervisors.add(refunds_supervisor)
    assert targets(User.objects.get(pk=refunds_supervisor.pk)) == {"csat": Goal(0.85)}


def test_targets_of_others_are_not_read(
    refunds: Team, chen: Agent, billing: Team, smit: Agent, refunds_line: Queue, billing_line: Queue
) -> None:
    """A centre of 10,000 agents has 100,000 targets; a page asks for those of few slices."""
    TargetFactory(kpi="csat", value=Decimal("0.85"))
    TargetFactory(kpi="csat", team=refunds, value=Decimal("0.88"))
    TargetFactory(kpi="csat", agent=chen, value=Decimal("0.9"))
    TargetFactory(kpi="csat", queue=refunds_line, value=Decimal("0.92"))
    TargetFactory(kpi="csat", team=refunds, queue=refunds_line, value=Decimal("0.95"))
    alone = rows_read(refunds, chen, refunds_line)
    for day in range(1, 20):
        for slice_ in ({"team": billing}, {"agent": smit}, {"queue": billing_line}, {"team": refunds, "agent": smit}):
            TargetFactory(kpi="csat", value=Decimal("0.5"), starts_on=DAY - dt.timedelta(days=day), **slice_)

    assert alone == (5, [Goal(0.85), Goal(0.88), Goal(0.9), Goal(0.92), Goal(0.95)])
    assert rows_read(refunds, chen, refunds_line) == alone


def rows_read(team: Team, agent: Agent, queue: Queue) -> tuple[int, list[Goal]]:
    """How many targets were fetched for the centre, a team, an agent, a queue and a team in a queue; and which hold."""
    fetched = 0

    def count(execute: Callable, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        nonlocal fetched
        answer = execute(sql, params, many, context)
        fetched += context["cursor"].rowcount if 'FROM "kpis_target"' in sql else 0
        return answer

    slices = ({}, {"team": team.pk}, {"agent": agent.pk}, {"queue": queue.pk}, {"team": team.pk, "queue": queue.pk})
    targets = Targets(["csat"], on=DAY)
    with connection.execute_wrapper(count):
        found = [targets.of(**slice_)["csat"] for slice_ in slices]
    return fetched, found
