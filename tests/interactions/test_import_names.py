"""Whom a file means by a name."""

from __future__ import annotations

import pytest

from interactions.models import Contact
from people.models import Agent, Queue
from tests.factories import AgentFactory, QueueFactory, ReasonFactory
from tests.interactions.deliveries import counts, deliver, new_source, reasons

pytestmark = pytest.mark.django_db

HEADER = "external_id,queue,agent,reason,offered_at,answered_at"
TIMES = "2026-11-02 12:00:00,2026-11-02 12:00:05"


@pytest.fixture
def refunds_queue(site):
    return QueueFactory(code="refunds", name="Refunds", site=site)


@pytest.mark.parametrize("policy", ["create", "reject"])
@pytest.mark.parametrize("queue", ["refunds", "Refunds", "REFUNDS"])
@pytest.mark.parametrize("agent", ["chen.w", "CHEN.W", "E9", "e9", "Chen Wei", "  chen wei "])
def test_agents_queues_and_reasons_are_found_by_code_and_by_name(site, refunds_queue, queue, agent, policy):
    chen = AgentFactory(employee_number="E9", platform_login="chen.w", name="Chen Wei ")
    money = ReasonFactory(code="money", name="Money back")
    source = new_source(site, "names", unknown_agents=policy, unknown_queues=policy)
    delivery = deliver(source, [HEADER, f"c1,{queue},{agent},money BACK,{TIMES}"])
    assert counts(delivery) == {"new": 1}, reasons(delivery)
    contact = Contact.objects.get()
    assert (contact.queue, contact.agent, contact.reason) == (refunds_queue, chen, money)
    assert (Queue.objects.count(), Agent.objects.count()) == (1, 1)
    assert delivery.created_names == {}


def test_a_login_goes_before_a_number_a_number_before_a_name_and_a_code_before_a_name(site):
    login = AgentFactory(employee_number="E1", platform_login="x1", name="One")
    number = AgentFactory(employee_number="x1", platform_login=None, name="Two")
    AgentFactory(employee_number="E3", platform_login=None, name="X1")
    two = AgentFactory(employee_number="E4", platform_login=None, name="Four")
    AgentFactory(employee_number="E5", platform_login=None, name="E4")
    code = QueueFactory(code="sales", name="Offers", site=site)
    QueueFactory(code="other", name="Sales", site=site)
    delivery = deliver(new_source(site, "names"), [HEADER, f"c1,sales,X1,,{TIMES}", f"c2,Sales,e4,,{TIMES}"])
    assert counts(delivery) == {"new": 2}, reasons(delivery)
    assert set(Contact.objects.values_list("external_id", "agent", "queue")) == {
        ("c1", login.pk, code.pk), ("c2", two.pk, code.pk)}  # fmt: skip
    assert not Contact.objects.filter(agent=number).exists()


def test_a_name_that_several_bear_is_not_known(site, refunds_queue):
    for number in ("E1", "E2"):
        AgentFactory(employee_number=number, platform_login=None, name="Chen Wei")
    rows = [HEADER, f"c1,Refunds,Chen Wei,,{TIMES}"]
    delivery = deliver(new_source(site, "strict"), rows)
    assert counts(delivery) == {"rejected": 1}
    assert "several have this name" in reasons(delivery)[2]
    made = deliver(new_source(site, "open", unknown_agents="create"), [*rows, f"c2,Refunds,CHEN WEI,,{TIMES}"])
    assert counts(made) in ({"new": 2}, {"new": 1, "rejected": 1})
    assert Agent.objects.count() == 3
    assert made.created_names["agent"] == [Agent.objects.get(employee_number__iexact="chen wei").name]
