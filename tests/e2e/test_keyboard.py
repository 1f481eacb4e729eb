"""Whole ways by Tab, Enter, Escape and arrows alone; and every stop of them is seen."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from people.models import Team, User
from tests.e2e.test_journeys import WEEK

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_STOPS = 250
# What has the focus, whether it can be seen, and whether it shows that it has it.
STOP = """() => {
  const here = document.activeElement;
  if (here === document.body) return null;
  const box = here.getBoundingClientRect(), style = getComputedStyle(here);
  const isSeen = box.width > 0 && box.height > 0 && style.visibility === "visible"
    && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  // A field for a day gives the focus to its parts; what marks it is the pill around it.
  const isMarked = [here, here.closest(".pill")].filter(Boolean).map((part) => getComputedStyle(part)).some(
    (look) => look.outlineStyle !== "none" || look.boxShadow !== "none");
  return {name: here.outerHTML.slice(0, 120), isSeen, isMarked};
}"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the element has the focus."""
    wanted.wait_for()
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"Tab never reaches {wanted}")


def test_a_team_is_looked_into_without_a_mouse(
    refunds_supervisor: User, a_week, refunds: Team, travel: Callable
) -> None:
    """Past the frame, through period and filter, to a chart's table and the order of the members."""
    journey = travel(refunds_supervisor)
    page = journey.page
    journey.open(f"{reverse('kpis:team_detail', args=[refunds.pk])}?{WEEK}")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    period = page.locator("summary", has_text="Period")
    tab_to(page, period)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Last 7 days")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Last 7 days")).to_be_hidden()
    expect(period).to_be_focused()

    tab_to(page, page.locator("select[name=channel]"))
    page.keyboard.type("Voice")
    page.wait_for_url(re.compile("channel=voice"))
    journey.page.wait_for_load_state()
    button = page.locator("[data-toggle-figures=figures-trend]")
    tab_to(page, button)
    page.keyboard.press("Enter")
    expect(page.locator("#figures-trend tbody tr").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#figures-trend")).to_be_hidden()

    tab_to(page, page.locator("#part-by_agent").locator("xpath=ancestor::section").locator("thead a").first)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("sort="))
    assert "channel=voice" in page.url
    assert journey.findings == []


def test_dialog_and_menus_are_opened_used_and_left_without_a_mouse(director: User, a_week, travel: Callable) -> None:
    journey = travel(director)
    page = journey.page
    journey.open(reverse("kpis:catalogue"))
    search = page.get_by_role("button", name="Search people, queues, KPIs…")

    tab_to(page, search)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Search")
    expect(dialog).to_be_visible()
    for _stop in range(12):
        page.keyboard.press("Tab")
        assert dialog.evaluate("dialog => [document.body, null].includes(document.activeElement) || "
                               "dialog.contains(document.activeElement)")  # fmt: skip
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(search).to_be_focused()

    account = page.locator("summary", has_text="Diana Director")
    tab_to(page, account)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Account", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Diana Director")
    assert journey.findings == []


@pytest.mark.parametrize("on", ["desk", "phone"])
@pytest.mark.parametrize("name", ["home", "kpis:centre", "kpis:explore", "interactions:contact_list", "reports:create"])
def test_tab_leads_through_the_whole_page_and_each_stop_is_seen(
    name: str, on: str, director: User, a_week, travel: Callable
) -> None:
    journey = travel(director, on=on)
    journey.open(f"{reverse(name)}?{WEEK}")

    stops = []
    for _stop in range(MOST_STOPS):
        journey.page.keyboard.press("Tab")
        stop = journey.page.evaluate(STOP)
        if stop is None or (stops and stop["name"] == stops[0]["name"]):
            break
        stops.append(stop)
    else:
        pytest.fail("Tab never leaves the page")

    assert len(stops) > 10
    assert [stop["name"] for stop in stops if not (stop["isSeen"] and stop["isMarked"])] == []
