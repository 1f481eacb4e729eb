"""The search palette in a browser: opened, steered and left by the keyboard alone; and without any script."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from people.models import Agent, Team, User
from tests.e2e.test_journeys import WEEK

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def chosen(page: Page) -> str:
    """The option that the field says is chosen."""
    ident = page.get_by_role("dialog").get_by_role("combobox").get_attribute("aria-activedescendant")
    option = page.locator(f"#{ident}")
    expect(option).to_have_attribute("aria-selected", "true")
    assert page.locator("[role=option][aria-selected=true]").count() == 1
    return option.locator("span").inner_text()


@pytest.mark.parametrize(("theme", "on"), [("light", "desk"), ("dark", "phone")])
def test_an_agent_is_found_and_opened_by_the_keyboard_alone(
    director: User, a_week, chen: Agent, travel: Callable, theme: str, on: str
) -> None:
    journey = travel(director, theme=theme, on=on)
    page, palette = journey.page, journey.page.get_by_role("dialog")
    journey.open(f"{reverse('kpis:centre')}?{WEEK}&channel=voice")

    page.keyboard.press("Control+k")
    expect(palette.get_by_role("combobox")).to_be_focused()
    expect(palette.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")
    journey.look()
    page.keyboard.type("e")
    expect(palette.get_by_role("option").first).to_be_visible()
    expect(palette.get_by_role("combobox")).to_have_attribute("aria-expanded", "true")
    journey.look()

    first = chosen(page)
    page.keyboard.press("ArrowDown")
    second = chosen(page)
    assert second != first
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert chosen(page) not in (first, second)  # the last
    page.keyboard.press("ArrowDown")
    assert chosen(page) == first

    page.keyboard.type("1001")
    page.keyboard.press("Control+a")
    page.keyboard.type("E1001")
    expect(palette.get_by_role("option")).to_have_count(1)
    expect(page.locator("#palette-found")).to_have_text("1 result")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Lin Chen")
    assert f"{WEEK}&channel=voice" in page.url
    assert journey.findings == []


def test_escape_leads_back_to_where_one_was(director: User, a_week, travel: Callable) -> None:
    journey = travel(director)
    page = journey.page
    journey.open(reverse("kpis:catalogue"))
    start = page.get_by_role("button", name="Search people, queues, KPIs…")

    start.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Search")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog", name="Search")).to_be_hidden()
    expect(start).to_be_focused()


def test_a_slash_opens_the_palette_but_not_in_a_field(director: User, a_week, travel: Callable) -> None:
    journey = travel(director)
    page, palette = journey.page, journey.page.get_by_role("dialog")
    journey.open(reverse("people:account"))

    page.get_by_label("First name").focus()
    page.keyboard.press("/")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_label("First name")).to_have_value(re.compile("/"))

    page.get_by_role("link", name="API tokens").first.focus()
    page.keyboard.press("/")
    expect(palette.get_by_role("combobox")).to_be_focused()
    expect(palette.get_by_role("combobox")).to_have_value("")


def test_enter_before_anything_is_listed_opens_the_search_page(director: User, a_week, travel: Callable) -> None:
    journey = travel(director)
    page = journey.page
    journey.open(f"{reverse('kpis:catalogue')}?{WEEK}")

    page.keyboard.press("Control+k")
    page.keyboard.type("xyzzy")
    expect(page.locator("#palette-found")).to_contain_text("Nothing of that name")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    assert WEEK in page.url
    journey.look()
    assert journey.findings == []


def test_a_strangers_name_is_in_no_list(refunds_supervisor: User, a_week, billing: Team, travel: Callable) -> None:
    journey = travel(refunds_supervisor)
    page, palette = journey.page, journey.page.get_by_role("dialog")
    journey.open(reverse("kpis:team_list"))

    page.keyboard.press("Control+k")
    page.keyboard.type("smit")
    expect(page.locator("#palette-found")).to_contain_text("Nothing of that name")

    assert palette.get_by_role("option").count() == 0


@pytest.mark.parametrize(("theme", "on"), [("dark", "desk"), ("light", "phone")])
def test_the_search_page_is_sound(director: User, a_week, travel: Callable, theme: str, on: str) -> None:
    journey = travel(director, theme=theme, on=on)
    for text in ("", "an", "refunds"):
        journey.open(f"{reverse('search')}?q={text}")
        journey.look()

    assert journey.findings == []


def test_without_a_script_the_search_is_a_page(
    director: User, a_week, browser: Browser, live_server, sign_in: Callable[[User], Client]
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 900}, locale="en")
    session = sign_in(director).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}{reverse('kpis:catalogue')}?{WEEK}")
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Teams")).to_be_visible()

    page.get_by_role("button", name="Search people, queues, KPIs…").click()
    page.get_by_role("searchbox").fill("chen")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("link", name="Lin Chen").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Lin Chen")
    assert WEEK in page.url
    context.close()


def test_the_link_of_a_page_is_copied_with_its_period(director: User, a_week, travel: Callable) -> None:
    journey = travel(director)
    page = journey.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    journey.open(f"{reverse('kpis:centre')}?{WEEK}")

    page.get_by_role("button", name="Copy link").press("Enter")

    expect(page.locator("[data-notice]")).to_have_text("The link is copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(page.url.split("?")[0])
    assert WEEK in copied
    journey.look()
    assert journey.findings == []


def test_who_was_signed_out_meanwhile_is_led_to_sign_in(director: User, a_week, travel: Callable) -> None:
    journey = travel(director)
    page, palette = journey.page, journey.page.get_by_role("dialog")
    journey.open(reverse("kpis:catalogue"))
    page.context.clear_cookies()

    page.keyboard.press("Control+k")
    with page.expect_response("**/accounts/login/**"):
        page.keyboard.type("chen")
    assert palette.locator("form").count() == 1  # no login page within the palette
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
