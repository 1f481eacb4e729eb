"""Contacts in a browser: a long list under its head, columns of one's own, a contact with all that can be around it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from interactions.models import Contact
from people.models import Agent, Queue, Reason, User
from tests.factories import MONDAY_NOON, ComplaintFactory, ContactFactory, SurveyAnswerFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "/contacts/?from=2026-11-02&to=2026-11-02"
EVERYWHERE = [("light", "desk"), ("dark", "phone"), ("dark", "desk")]


def later(**gap: float) -> dt.datetime:
    return MONDAY_NOON + dt.timedelta(**gap)


@pytest.fixture
def sixty(refunds_line: Queue, chen: Agent) -> list[Contact]:
    return [
        ContactFactory(queue=refunds_line, agent=chen, offered_at=later(minutes=n), wait_seconds=n) for n in range(60)
    ]


def test_the_head_stays_while_the_list_moves(director: User, sixty, travel: Callable) -> None:
    page = travel(director).page
    page.goto(travel(director).base + LIST)

    page.locator(".contacts").evaluate("list => { list.scrollTop = 600 }")

    head = page.get_by_role("columnheader", name="Queue").bounding_box()
    box = page.locator(".contacts").bounding_box()
    assert head is not None
    assert box is not None
    assert abs(head["y"] - box["y"]) < 25


@pytest.mark.parametrize(("theme", "on"), EVERYWHERE)
def test_columns_and_order_are_chosen_and_the_columns_stay(theme, on, director, sixty, travel: Callable) -> None:
    journey = travel(director, theme=theme, on=on)
    page = journey.page
    journey.open(LIST)

    page.locator("summary", has_text="Columns").click()
    journey.look()
    for column in ("Channel", "Reason"):
        page.get_by_role("checkbox", name=column).uncheck()
    page.get_by_role("checkbox", name="Handle time").check()
    page.get_by_role("button", name="Show these").click()
    if on == "phone":
        page.locator("summary", has_text="Filters").click()
    page.get_by_label("Sorted by").select_option("wait")
    page.wait_for_url("**sort=wait**")

    first = page.get_by_role("row").nth(1)
    expect(first).to_contain_text("0:59")
    assert first.locator("td").evaluate_all("cells => cells.map(cell => cell.dataset.label)") == [
        "Queue", "Team", "Agent", "Outcome", "Wait", "Talk", "Hold", "Wrap-up", "Handle time",
    ]  # fmt: skip
    journey.look()
    assert journey.findings == []


@pytest.mark.parametrize(("theme", "on"), EVERYWHERE)
def test_a_contact_with_all_that_can_be_around_it(
    theme: str,
    on: str,
    refunds_supervisor: User,
    refunds_line: Queue,
    billing_line: Queue,
    chen: Agent,
    smit: Agent,
    reason: Reason,
    travel: Callable,
) -> None:
    call = ContactFactory(
        queue=refunds_line,
        agent=chen,
        reason=reason,
        customer=7,
        conversation_id="K1",
        is_transferred=True,
        wait_seconds=30,
        ring_seconds=8,
        hold_seconds=25,
    )
    ContactFactory(queue=billing_line, agent=smit, conversation_id="K1", offered_at=later(minutes=3))
    ContactFactory(queue=refunds_line, agent=chen, conversation_id="K1", offered_at=later(minutes=8))
    ContactFactory(queue=billing_line, agent=smit, reason=reason, customer=7, offered_at=later(days=2))
    ContactFactory(queue=refunds_line, agent=chen, reason=reason, customer=7, offered_at=later(days=-9))
    SurveyAnswerFactory(contact=call, csat=2, nps=3)
    ComplaintFactory(contact=call, text="Twice the same story")
    journey = travel(refunds_supervisor, theme=theme, on=on)

    journey.open(reverse("interactions:contact_detail", args=[call.pk]))
    journey.look()

    assert journey.page.locator(".timeline-lane").count() == 3
    assert journey.findings == []
