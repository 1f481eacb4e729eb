"""Choices in a browser: the columns of a table of members, and the people a report may go to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from people.models import Team, User
from tests.kpis import test_pages
from tests.kpis.conftest import _tasks_run_at_once, compute  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

a_week = test_pages.a_week  # the fixture of the pages
QUEUES = "/queues/?from=2026-11-02&to=2026-11-08"


@pytest.mark.parametrize(("theme", "on"), [("light", "desk"), ("dark", "phone"), ("dark", "desk")])
def test_columns_are_chosen_kept_and_sorted_by_with_the_keyboard(
    theme: str, on: str, director: User, a_week, travel: Callable
) -> None:
    journey = travel(director, theme=theme, on=on)
    page = journey.page
    journey.open(QUEUES)

    page.locator("summary", has_text="Columns").press("Enter")
    for name in ("Contacts offered", "Service level", "Average speed of answer", "Abandonment rate"):
        page.get_by_role("checkbox", name=name, exact=True).press("Space")
    journey.look()
    page.get_by_role("button", name="Show these always").press("Enter")
    page.wait_for_url("**columns=**")
    page.get_by_role("columnheader", name="Contacts handled", exact=True).get_by_role("link").press("Enter")
    page.wait_for_url("**sort=-contacts_handled**")

    expect(page.get_by_role("row").nth(1)).to_contain_text("Refunds line")
    expect(page.get_by_role("columnheader", name="Service level")).to_have_count(0)
    journey.look()
    journey.open(QUEUES)
    expect(page.get_by_role("columnheader", name="Service level")).to_have_count(0)
    assert journey.findings == []


def test_another_team_of_a_report_is_offered_to_other_people_and_who_stays_stays_chosen(
    director: User, refunds_supervisor: User, billing: Team, billing_supervisor: User, travel: Callable
) -> None:
    journey = travel(director)
    page = journey.page
    journey.open("/reports/new/")
    expect(page.get_by_role("checkbox", name="Boris Billing")).to_have_count(0)

    page.get_by_label("Report on").select_option(str(billing.pk))

    expect(page.get_by_role("checkbox", name="Boris Billing")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Diana Director")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Rosa Refunds")).to_have_count(0)
    journey.look()
    assert journey.findings == []
