"""The wall in a browser: it keeps itself up to date, fits the screen, and says so when it cannot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, expect

from people.models import Team, User
from tests.factories import MONDAY_NOON, ContactFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY = "?day=2026-11-02"
LOST = "Connection lost. These are the last figures, of"


@pytest.fixture(autouse=True)
def every_second(monkeypatch) -> None:
    monkeypatch.setattr("callcenter.wallboard.views.SECONDS_BETWEEN", 1)


@pytest.fixture
def wall(director: User, a_week, refunds: Team, travel: Callable) -> Page:
    journey = travel(director)
    journey.open(reverse("wallboard:team", args=[refunds.pk]) + DAY)
    return journey.page


def offered(page: Page):
    return page.get_by_role("article").filter(has_text="Contacts offered").locator(".wall-value")


def test_new_figures_appear_by_themselves(wall: Page, refunds_line, compute) -> None:
    expect(offered(wall)).to_have_text("5")

    ContactFactory(queue=refunds_line, outcome="abandoned", offered_at=MONDAY_NOON, wait_seconds=Decimal(50))
    compute(dt.date(2026, 11, 2))

    expect(offered(wall)).to_have_text("6")


def test_a_lost_connection_is_said_with_the_age_of_the_figures_until_it_is_back(wall: Page) -> None:
    expect(wall.locator(".wall-trouble")).to_have_text("", use_inner_text=True)
    wall.route("**/wallboard/**", lambda route: route.abort())

    expect(wall.get_by_role("alert")).to_contain_text(LOST)
    clock = wall.locator("#wall").get_attribute("data-clock") or "no clock"
    expect(wall.get_by_role("alert")).to_contain_text(clock)
    expect(offered(wall)).to_have_text("5")

    wall.unroute("**/wallboard/**")
    expect(wall.get_by_text(LOST)).to_be_hidden()


def test_a_server_in_trouble_counts_as_lost(wall: Page) -> None:
    wall.route("**/wallboard/**", lambda route: route.fulfill(status=503, body="later"))

    expect(wall.get_by_role("alert")).to_contain_text(LOST)
    expect(offered(wall)).to_have_text("5")


def test_a_server_that_never_answers_counts_as_lost(wall: Page) -> None:
    wall.evaluate("htmx.config.timeout = 500")
    wall.route("**/wallboard/**", lambda route: None)

    expect(wall.get_by_role("alert")).to_contain_text(LOST)


def test_a_session_that_ended_is_said_and_the_figures_stay(wall: Page) -> None:
    Session.objects.all().delete()

    expect(wall.get_by_role("alert")).to_contain_text("Signed out. These are the last figures, of")
    expect(offered(wall)).to_have_text("5")


def test_an_unseen_wall_asks_for_nothing(wall: Page) -> None:
    asked: list[str] = []
    wall.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    wall.wait_for_timeout(300)
    wall.on("request", lambda request: asked.append(request.url))
    wall.wait_for_timeout(2_500)
    assert asked == []

    wall.evaluate(
        "Object.defineProperty(document, 'hidden', {value: false, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    wall.wait_for_timeout(500)
    assert asked


@pytest.mark.parametrize("size", [(1920, 1080), (1440, 900)])
def test_a_screen_holds_the_whole_wall(size: tuple[int, int], wall: Page) -> None:
    wall.set_viewport_size({"width": size[0], "height": size[1]})

    clipped = wall.evaluate(
        "[...document.querySelectorAll('.wall-page, .wall, .wall article, .wall-course, .wall-figures')]"
        ".filter(part => part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1)"
        ".map(part => part.className)"
    )

    assert clipped == []


def test_the_wall_is_dark_until_somebody_wants_it_light(wall: Page) -> None:
    theme = "document.documentElement.dataset.bsTheme"
    assert wall.evaluate(theme) == "dark"

    with wall.expect_response("**/theme/"):
        wall.get_by_role("button", name="Switch between light and dark").click()
    wall.reload()

    assert wall.evaluate(theme) == "light"


@pytest.mark.parametrize(("theme", "on"), [("dark", "desk"), ("light", "desk"), ("dark", "phone"), ("light", "phone")])
def test_a_wall_full_of_figures_is_read_by_everybody_also_when_they_are_stale(
    theme: str, on: str, director: User, a_week, refunds: Team, travel: Callable
) -> None:
    User.objects.filter(pk=director.pk).update(theme=theme)
    journey = travel(director, on=on)
    journey.open(reverse("wallboard:team", args=[refunds.pk]) + DAY)
    journey.look()
    assert journey.findings == []

    journey.page.route("**/wallboard/**", lambda route: route.abort())
    expect(journey.page.get_by_role("alert")).to_contain_text(LOST)
    journey.look()

    assert [finding for finding in journey.findings if "ERR_FAILED" not in finding and "htmx" not in finding] == []
