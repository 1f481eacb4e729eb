"""The API's reference page in a browser, under the strict content security policy."""

from __future__ import annotations

import pytest
from django.conf import settings

from tests.factories import TeamFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}


def test_the_reference_lists_every_call_and_tries_one_without_a_complaint(live_server, page, director, sign_in):
    TeamFactory(name="Refunds")
    session = sign_in(director).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto(f"{live_server.url}/api/v1/docs/")
    page.locator("#operations-kpis-readings").wait_for()
    page.locator("#operations-people-teams_list").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    page.locator(".live-responses-table").get_by_text('"Refunds"').first.wait_for()

    assert complaints == []
