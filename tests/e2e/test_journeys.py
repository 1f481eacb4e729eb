"""Ways that people take over several pages: from a number to its contacts, filters, charts, questions, sign-in."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect

from people.models import Agent, Team, User
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WEEK = "from=2026-11-02&to=2026-11-08"


def test_a_number_leads_to_its_story_and_on_to_its_contacts(director: User, a_week, travel: Callable) -> None:
    journey = travel(director)
    page = journey.page
    journey.open(f"{reverse('kpis:centre')}?{WEEK}")

    page.get_by_role("article").filter(has_text="Average handle time").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Average handle time")
    handled = page.locator(".terms a").last
    count = handled.text_content()
    handled.click()

    expect(page.locator("#rows")).to_have_text(f"{count} rows")
    assert page.locator("tbody tr").count() == int(count or 0)
    assert WEEK in page.url


def test_another_period_and_filter_are_chosen_and_the_back_button_restores_them(
    director: User, a_week, refunds: Team, travel: Callable
) -> None:
    journey = travel(director)
    page = journey.page
    journey.open(f"{reverse('kpis:team_detail', args=[refunds.pk])}?{WEEK}")

    page.locator("summary", has_text="Period").click()
    page.get_by_role("link", name="Last 7 days", exact=True).click()
    expect(page.locator("summary", has_text="Period")).to_contain_text("Last 7 days")
    page.get_by_label("Channel").select_option("chat")
    page.wait_for_url(re.compile("channel=chat"))
    expect(page.locator(".subheading")).to_contain_text("Chat")

    page.go_back()
    expect(page.locator(".subheading")).to_contain_text("all channels")
    expect(page.get_by_label("Channel")).to_have_value("")


@pytest.mark.parametrize("name", ["kpis:centre", "kpis:explore", "interactions:contact_list"])
@pytest.mark.parametrize("is_kept_whole", [True, False])
def test_after_back_a_filter_that_the_address_lacks_is_neither_shown_nor_sent(
    name: str, is_kept_whole: bool, director: User, a_week, travel: Callable
) -> None:
    """Whether the browser builds the page anew, or shows it as it was left."""
    journey = travel(director)
    page, channel = journey.page, journey.page.locator("select[name=channel]")
    journey.open(f"{reverse(name)}?{WEEK}")
    if is_kept_whole:
        page.locator("form").evaluate_all("forms => forms.forEach(form => form.removeAttribute('data-auto-submit'))")
        channel.select_option("chat")
        page.locator(".filters form, form.filters").evaluate_all("f => f.forEach(one => one.dataset.autoSubmit = '')")
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    else:
        channel.select_option("chat")
        page.wait_for_url(re.compile("channel=chat"))
        page.go_back()

    expect(channel).to_have_value("")
    page.locator("select[name=queue]").select_option(label="Refunds line")
    page.wait_for_url(re.compile("queue="))
    assert "channel" not in page.url


def test_on_a_phone_the_filters_unfold_by_keyboard_and_tell_how_many_are_set(
    director: User, a_week, travel: Callable
) -> None:
    journey = travel(director, on="phone")
    page, channel = journey.page, journey.page.locator("select[name=channel]")
    for name in ("kpis:centre", "kpis:explore", "interactions:contact_list"):
        journey.open(f"{reverse(name)}?{WEEK}&channel=voice")
        expect(channel).to_be_hidden()

        page.locator("summary", has_text="1 active").press("Enter")
        expect(channel).to_be_visible()
        journey.look()
        channel.select_option("")
        expect(page.locator(".fold > summary")).to_have_text("Filters")
    assert journey.findings == []


def test_a_charts_readings_are_shown_as_a_table_by_keyboard_alone(director: User, a_week, travel: Callable) -> None:
    journey = travel(director)
    page = journey.page
    journey.open(f"{reverse('kpis:centre')}?{WEEK}&kpi=contacts_handled")

    page.get_by_role("button", name="Table").first.focus()
    page.keyboard.press("Enter")

    table = page.locator("#figures-trend")
    expect(table).to_be_visible()
    expect(table.locator("tbody tr").first).to_contain_text("Nov 2, 2026")
    expect(table.locator("tbody tr").first).to_contain_text("3")


def test_a_chart_tells_its_points_without_a_refusal(director: User, a_week, travel: Callable) -> None:
    journey = travel(director)
    journey.open(f"{reverse('kpis:centre')}?{WEEK}&kpi=contacts_handled")

    for chart in journey.page.locator("[data-chart]").all():
        journey.point_at(chart)
        expect(chart.locator(".hoverlayer .hovertext").first).to_be_visible()
    journey.look()

    assert journey.findings == []


@pytest.mark.parametrize(("theme", "on"), [("light", "desk"), ("dark", "phone")])
def test_a_question_is_put_shown_as_table_kept_and_found_again(
    director: User, a_week, travel: Callable, theme: str, on: str
) -> None:
    """With the keyboard where there are boxes to tick; back restores what was before."""
    journey = travel(director, theme=theme, on=on)
    page = journey.page
    journey.open(f"{reverse('kpis:explore')}?{WEEK}&kpi=contacts_handled&by=day")
    page.locator("summary", has_text="KPIs").press("Enter")
    page.get_by_role("checkbox", name="Customer satisfaction").press("Space")
    journey.look()
    page.locator(".kpi-choice").get_by_role("button", name="Show").press("Enter")
    page.wait_for_url(re.compile("kpi=csat"))
    expect(page.locator("[data-chart]")).to_have_count(2)

    page.get_by_label("and by").select_option("team")
    page.wait_for_url(re.compile("by=day&by=team"))
    page.get_by_role("link", name="Table", exact=True).click()
    expect(page.locator(".pivot")).to_have_count(2)
    expect(page.locator(".pivot").first).to_contain_text("Refunds")
    journey.look()
    page.go_back()
    expect(page.locator("[data-chart]")).to_have_count(2)

    page.get_by_role("link", name="Save as a view").click()
    page.get_by_label("Name").fill("Handled and satisfied")
    journey.look()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Handled and satisfied", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Handled and satisfied")
    journey.look()
    page.get_by_role("link", name="Delete “Handled and satisfied”").click()
    expect(page.get_by_role("button", name="Delete")).to_be_visible()
    journey.look()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("“Handled and satisfied” is deleted.")).to_be_visible()
    assert journey.findings == []


def test_charts_and_tables_come_as_files_under_names_that_say_what_they_hold(
    director: User, a_week, travel: Callable
) -> None:
    journey = travel(director)
    page = journey.page
    journey.open(f"{reverse('kpis:explore')}?{WEEK}&kpi=contacts_handled&by=day&by=team")

    saved = {}
    for role, name in (("button", "PNG"), ("link", "PDF"), ("link", "XLSX")):
        with page.expect_download() as download:
            page.get_by_role(role, name=name).first.click()
        saved[name] = (download.value.suggested_filename, download.value.path().read_bytes()[:4])

    stem = "Contacts-handled-by-day-and-team-2026-11-02-2026-11-08"
    assert saved == {
        "PNG": (f"{stem}.png", b"\x89PNG"),
        "PDF": (f"{stem}.pdf", b"%PDF"),
        "XLSX": (f"{stem}.xlsx", b"PK\x03\x04"),
    }
    assert journey.findings == []


def test_the_theme_that_was_chosen_stays(director: User, a_week, travel: Callable) -> None:
    journey = travel(director)
    page = journey.page
    journey.open(reverse("kpis:catalogue"))

    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Switch between light and dark").click()
    page.reload()

    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    elsewhere = travel(director)
    elsewhere.open(reverse("kpis:catalogue"))
    assert elsewhere.page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_on_a_phone_the_sidebar_unfolds_and_folds(director: User, a_week, travel: Callable) -> None:
    journey = travel(director, on="phone")
    page = journey.page
    journey.open(reverse("kpis:catalogue"))
    teams = page.get_by_role("navigation", name="Main").get_by_role("link", name="Teams")
    expect(teams).to_be_hidden()

    page.get_by_role("button", name="Menu").press("Enter")
    expect(teams).to_be_visible()
    expect(page.get_by_role("link", name="KPI catalogue", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(teams).to_be_hidden()
    expect(page.get_by_role("button", name="Menu")).to_be_focused()


def test_one_signs_in_and_out(director: User, a_week, browser: Browser, live_server) -> None:
    context = browser.new_context(locale="en")
    page = context.new_page()
    page.goto(live_server.url)
    page.locator("[name=username]").fill(director.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("The centre at a glance")

    page.locator("summary", has_text="Diana Director").click()
    page.get_by_role("button", name="Sign out").click()

    expect(page.locator("[name=username]")).to_be_visible()
    context.close()


def test_the_printed_page_of_an_agent_has_no_frame(chen: Agent, a_week, travel: Callable) -> None:
    journey = travel(chen.user)
    journey.open("/")

    journey.page.emulate_media(media="print")

    expect(journey.page.locator(".sidebar")).to_be_hidden()
    expect(journey.page.get_by_role("article").first).to_be_visible()
