"""A queue's figures are whole for the supervisor whose team owns it, whoever answered; of queues of others nothing
that was offered there is told.

Refunds line, on Monday: 5 answered by Chen of Refunds, 10 by Smit of Billing, 5 abandoned after 30 s. Worked by hand:
offered 20, abandoned 5, so 25.0 %; of those that Refunds' own people met it would be 5 of 10, half.
"""

from __future__ import annotations

import pytest
from django.urls import reverse

from interactions.models import DirtyDay, Outcome
from kpis.models import CentreDay, CentreSlot
from kpis.period import Period
from kpis.reconciliation import differences
from people.models import Channel
from tests.callers import answer, body, caller
from tests.factories import ContactFactory, QueueFactory
from tests.kpis.conftest import MONDAY

READINGS = "/api/v1/readings/"
ROWS = "/api/v1/readings/rows/"
WEEK = {"from": "2026-11-02", "to": "2026-11-08"}
OFFERED = WEEK | {"kpi": "abandonment_rate,contacts_offered"}


@pytest.fixture
def shared_queue(refunds_line, chen, smit, compute):
    ContactFactory.create_batch(5, queue=refunds_line, agent=chen)
    ContactFactory.create_batch(10, queue=refunds_line, agent=smit)
    ContactFactory.create_batch(5, queue=refunds_line, outcome=Outcome.ABANDONED, wait_seconds=30)
    compute()


def told(user, asked) -> list[tuple]:
    """KPI, place, value and sample of each reading that tells anything."""
    response = caller(user).get(READINGS, asked)
    assert response.status_code == 200, body(response)
    return [
        (row["kpi"], row.get(asked.get("by", "")), row["value"], row["bottom"] or row["top"])
        for row in answer(response)["readings"]
        if row["value"] is not None
    ]


@pytest.mark.parametrize("by", ["", "queue", "team", "channel", "site", "line_of_business", "day"])
def test_the_owner_of_a_queue_reads_of_it_what_the_director_reads_however_it_is_split(
    by, shared_queue, refunds, director, refunds_supervisor
):
    asked = OFFERED | ({"by": by} if by else {})
    found = told(refunds_supervisor, asked)
    assert [(key, value, n) for key, _at, value, n in found] == [
        ("abandonment_rate", 0.25, 20),
        ("contacts_offered", 20, 20),
    ]
    assert found == told(director, asked) == told(director, asked | {"team": refunds.pk})


@pytest.mark.parametrize("by", ["", "queue", "team", "channel", "site", "line_of_business"])
def test_who_answers_in_a_queue_of_others_reads_what_was_handled_and_nothing_of_what_was_offered(
    by, shared_queue, billing_supervisor
):
    asked = {"by": by} if by else {}
    assert told(billing_supervisor, OFFERED | asked) == []
    (handled,) = told(billing_supervisor, WEEK | asked | {"kpi": "contacts_handled"})
    assert handled[2] == 10


def test_the_rows_say_how_many_more_are_in_the_number_and_name_nobody_of_other_teams(
    shared_queue, director, refunds_supervisor, smit
):
    asked = WEEK | {"kpi": "contacts_offered"}
    first = caller(refunds_supervisor).get(ROWS, asked).json()
    assert (first["total"], first["unlisted"], len(first["results"])) == (10, 10, 10)
    assert smit.pk not in {row["agent"] for row in first["results"]}
    everything = caller(director).get(ROWS, asked).json()
    assert (everything["total"], everything["unlisted"]) == (20, 0)


def test_the_page_of_the_rows_says_so_too(shared_queue, director, refunds_supervisor, smit, sign_in):
    url = reverse("kpis:rows_behind", args=["abandonment_rate", "bottom"]) + "?from=2026-11-02&to=2026-11-08"
    page = sign_in(refunds_supervisor).get(url)
    assert (page.context["count"], page.context["unlisted"]) == (10, 10)
    assert "The number holds 10 contacts more" in page.content.decode()
    assert smit.name not in page.content.decode()
    assert "contacts more" not in sign_in(director).get(url).content.decode()


def test_a_queue_of_which_nothing_was_measured_is_not_called_well(shared_queue, refunds_line, director, sign_in):
    idle = QueueFactory(site=refunds_line.site)
    for queue, is_well in ((refunds_line, True), (idle, False)):
        url = reverse("kpis:queue_detail", args=[queue.pk]) + "?from=2026-11-02&to=2026-11-08"
        assert ("Nothing is off" in sign_in(director).get(url).content.decode()) is is_well


def test_a_backlog_is_the_queues_whoever_works_on_it(refunds, chen, smit, compute, director, refunds_supervisor):
    line = QueueFactory(channel=Channel.TICKET, site=refunds.site, owner_team=refunds)
    for agent in (chen, smit, smit):
        ContactFactory(queue=line, channel=Channel.TICKET, agent=agent, ended_at=None)
    compute()
    asked = WEEK | {"to": "2026-11-02", "kpi": "backlog"}
    assert told(refunds_supervisor, asked) == told(director, asked) == [("backlog", None, 3, 3)]


def test_a_queue_that_changes_hands_keeps_its_past_with_the_former_owner(
    shared_queue, refunds_line, refunds, billing, director, refunds_supervisor, billing_supervisor, compute, sign_in
):
    """Offered on Monday under Refunds, and one more after the change, under Billing."""
    refunds_line.owner_team = billing
    refunds_line.save()
    ContactFactory(queue=refunds_line, outcome=Outcome.ABANDONED, wait_seconds=30)
    compute()
    offered = WEEK | {"kpi": "contacts_offered"}
    assert told(refunds_supervisor, offered) == [("contacts_offered", None, 20, 20)]
    assert told(billing_supervisor, offered) == [("contacts_offered", None, 1, 1)]
    assert told(director, offered) == [("contacts_offered", None, 21, 21)]
    assert not DirtyDay.objects.filter(day=MONDAY).exists()


def test_closed_to_opened_compares_what_left_a_queue_with_what_came_in_whoever_worked(
    refunds, billing, chen, smit, compute, director, refunds_supervisor
):
    """10 opened and closed in Refunds' queue, 2 by Chen and 8 by Smit of Billing; 1 of each in Billing's."""
    refunds_tickets, billing_tickets = (
        QueueFactory(channel=Channel.TICKET, site=team.site, owner_team=team) for team in (refunds, billing)
    )
    ContactFactory.create_batch(2, queue=refunds_tickets, channel=Channel.TICKET, agent=chen)
    ContactFactory.create_batch(8, queue=refunds_tickets, channel=Channel.TICKET, agent=smit)
    ContactFactory(queue=billing_tickets, channel=Channel.TICKET, agent=smit)
    compute()
    asked = WEEK | {"kpi": "tickets_closed_rate", "by": "team"}
    whole = [("tickets_closed_rate", refunds.pk, 1, 10), ("tickets_closed_rate", billing.pk, 1, 1)]
    assert told(director, asked) == whole
    assert told(refunds_supervisor, asked) == whole[:1]
    closed = told(director, WEEK | {"kpi": "tickets_closed", "by": "team"})
    assert [(at, value) for _key, at, value, _n in closed] == [(refunds.pk, 2), (billing.pk, 9)]


def test_rows_that_wait_to_be_computed_make_no_negative_count(
    shared_queue, refunds_line, refunds_supervisor, smit, sign_in
):
    """Ten of the queue's were answered by others; thirty more have come since."""
    ContactFactory.create_batch(30, queue=refunds_line, agent=smit)
    url = reverse("kpis:rows_behind", args=["abandonment_rate", "bottom"]) + "?from=2026-11-02&to=2026-11-08"
    page = sign_in(refunds_supervisor).get(url)
    assert (page.context["count"], page.context["unlisted"]) == (10, 40)


def test_figures_of_the_centre_that_stray_from_those_of_its_queues_are_called_out(shared_queue):
    day = Period(MONDAY, MONDAY)
    assert differences(day) == {MONDAY: []}
    CentreDay.objects.update(contacts_handled=14)
    CentreSlot.objects.update(handle_seconds=1)
    assert {entry["but"] for entry in differences(day)[MONDAY]} == {
        "contacts_handled, centre",
        "handle_seconds, centre by half-hour",
    }
