"""Which target holds where, for one slice and for many teams at once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from kpis.definitions import KPIS
from kpis.targets import Goal, Targets
from people.models import Agent, Queue, Team
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
    """The targets, the teams above and the queues' rules; for agents their teams, where there is a target at all."""
    TargetFactory(kpi="csat", value=Decimal("0.85"))
    with django_assert_num_queries(3):
        Targets(KPIS.keys(), on=DAY).of_each("team", [refunds.pk])
    with django_assert_num_queries(3):
        Targets(KPIS.keys(), on=DAY).of_each("team", [refunds.pk, billing.pk, refunds_evening.pk])
    with django_assert_num_queries(4):
        Targets(KPIS.keys(), on=DAY).of_each("agent", [chen.pk, smit.pk])
