"""A page's whole state stands in its address: after Back, for whoever opens the link, and on paper."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from people.models import Queue, Team, User
from tests.e2e.test_journeys import WEEK

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What a reader sees of a page: its words without the moments of computing, and what its fields hold.
STATE = """() => [
  document.querySelector("h1").innerText,
  document.querySelector(".subheading").innerText,
  [...document.querySelectorAll("main select, main input:not([type=hidden])")].map(
    (field) => `${field.name}=${field.type === "checkbox" ? field.checked : field.value}`),
  [...document.querySelectorAll("main table")].map((table) => table.innerText),
  [...document.querySelectorAll("main h2")].map((head) => head.innerText),
]"""
A4 = (595, 842)  # points
SHEET = 703  # pixels between the margins of A4


def addresses(refunds: Team, refunds_line: Queue) -> list[str]:
    """Pages with all that can be chosen on them."""
    narrow = f"{WEEK}&compare=last_year&channel=voice&queue={refunds_line.pk}"
    return [
        f"{reverse('kpis:team_detail', args=[refunds.pk])}?{narrow}&kpi=contacts_handled&sort=-average_handle_time",
        f"{reverse('kpis:kpi_detail', args=['average_handle_time'])}?{narrow}&by=agent",
        f"{reverse('kpis:explore')}?{narrow}&kpi=csat&kpi=average_handle_time&by=weekday&by=team&show=table",
        f"{reverse('interactions:contact_list')}?{WEEK}&channel=voice&queue={refunds_line.pk}&outcome=answered&sort=wait",
    ]


def state(page: Page) -> list:
    """What a reader sees."""
    found: list = page.evaluate(STATE)
    return found


def test_back_and_a_shared_link_show_the_whole_state(
    director: User, administrator: User, a_week, refunds: Team, refunds_line: Queue, travel: Callable
) -> None:
    one, other = travel(director), travel(administrator)
    for address in addresses(refunds, refunds_line):
        one.open(address)
        before = state(one.page)

        one.page.get_by_role("navigation", name="Main").get_by_role("link", name="KPI catalogue").click()
        expect(one.page.get_by_role("heading", level=1)).to_have_text("KPI catalogue")
        one.page.go_back()
        other.open(one.page.url)

        assert state(one.page) == before
        assert state(other.page) == before
    assert one.findings == other.findings == []


def test_a_teams_page_fits_on_sheets_of_a4(refunds_supervisor: User, a_week, refunds: Team, travel: Callable) -> None:
    """Nothing is cut off or shrunk: every table and chart is as narrow as the sheet."""
    journey = travel(refunds_supervisor, theme="dark")
    page = journey.page
    journey.open(f"{reverse('kpis:team_detail', args=[refunds.pk])}?{WEEK}")
    last_head = page.locator("#all-kpis").locator("xpath=ancestor::section").locator("thead th").last.inner_text()

    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages

    assert {(round(float(sheet.mediabox.width)), round(float(sheet.mediabox.height))) for sheet in sheets} == {A4}
    assert last_head in "".join(sheet.extract_text() for sheet in sheets)
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"

    page.evaluate("window.print = () => (window.wasPrinted = document.documentElement.dataset.bsTheme)")
    page.set_viewport_size({"width": SHEET, "height": 900})
    page.emulate_media(media="print")
    page.evaluate("document.querySelector('[data-print]').click()")
    page.wait_for_function("window.wasPrinted")
    assert page.evaluate("window.wasPrinted") == "light"
    wide = page.evaluate(
        "[...document.querySelectorAll('main, .table-scroll, .chart, .tile')]"
        ".filter(part => part.scrollWidth > part.clientWidth + 1).map(part => part.className)"
    )
    assert wide == []
    assert journey.findings == []
