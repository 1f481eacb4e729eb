"""The account page: what people read and choose about themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axes.models import AccessLog
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.account import device_of
from people.models import Agent, Team, User
from tests.factories import PASSWORD
from tests.kpis.test_pages import text_of

ACCOUNT = "/accounts/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604"


def test_a_supervisor_reads_the_teams_they_lead(
    refunds_supervisor: User, refunds_evening: Team, sign_in: Callable[[User], Client]
) -> None:
    browser = sign_in(refunds_supervisor)
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(ACCOUNT)

    assert [team.name for team in answer.context["teams"]] == ["Refunds"]
    assert "Teams you lead Refunds" in text_of(answer)
    assert len(queries) == 8


def test_an_agent_reads_their_number_and_team(chen: Agent, zhao: Agent, sign_in: Callable[[User], Client]) -> None:
    page = text_of(sign_in(chen.user).get(ACCOUNT))

    assert "Lin Chen · E1001" in page
    assert "Your team Refunds" in page
    assert "Zhao" not in page


def test_who_is_no_agent_has_no_record(director: User, chen: Agent, sign_in: Callable[[User], Client]) -> None:
    answer = sign_in(director).get(ACCOUNT)

    assert answer.context["record"] is None
    assert not answer.context["teams"]


def test_ones_own_sign_ins_are_told_and_nobody_elses(director: User, qa_analyst: User) -> None:
    for name, address in (("diana", "192.0.2.7"), ("quinn", "192.0.2.8")):
        sent = {"username": name, "password": PASSWORD}
        Client(headers={"user-agent": FIREFOX}).post("/accounts/login/", sent, REMOTE_ADDR=address)
    browser = Client()
    browser.force_login(director, backend="django.contrib.auth.backends.ModelBackend")

    page = text_of(browser.get(ACCOUNT))

    assert "Firefox · Linux 192.0.2.7" in page
    assert "192.0.2.8" not in page


def test_sign_ins_under_the_same_name_before_one_was_here_are_somebody_elses(
    director: User, sign_in: Callable[[User], Client]
) -> None:
    browser = sign_in(director)
    AccessLog.objects.create(username="diana", ip_address="192.0.2.9")
    director.date_joined = timezone.now()
    director.save()

    assert "192.0.2.9" not in text_of(browser.get(ACCOUNT))


@pytest.mark.parametrize(
    ("told", "device"),
    [(FIREFOX, "Firefox · Linux"), (EDGE, "Edge · Windows"), (SAFARI, "Safari · iPhone"), ("curl/8", ""), ("", "")],
)
def test_a_device_is_named_by_browser_and_system(told: str, device: str) -> None:
    assert device_of(told) == device


def test_the_theme_goes_with_the_person_to_every_device(director: User, sign_in: Callable[[User], Client]) -> None:
    answer = sign_in(director).post("/theme/", {"theme": "dark", "next": "/kpis/"})

    assert answer.url == "/kpis/"
    assert 'data-bs-theme="dark" data-kept-theme="dark"' in sign_in(director).get(ACCOUNT).content.decode()


def test_the_theme_can_follow_the_device_again(director: User, sign_in: Callable[[User], Client]) -> None:
    browser = sign_in(director)
    browser.post("/theme/", {"theme": "dark"})
    browser.post(ACCOUNT, {"first_name": "Diana", "last_name": "D", "language": "", "theme": ""})

    assert 'data-bs-theme="light" data-kept-theme=""' in browser.get(ACCOUNT).content.decode()


def test_an_unknown_theme_is_not_kept_and_no_other_site_is_gone_to(
    director: User, sign_in: Callable[[User], Client]
) -> None:
    answer = sign_in(director).post("/theme/", {"theme": "pink", "next": "https://evil.example/"})

    assert answer.url == "/"
    director.refresh_from_db()
    assert director.theme == ""


def test_the_theme_is_chosen_by_a_form_alone_and_by_who_is_signed_in(
    director: User, client: Client, sign_in: Callable[[User], Client]
) -> None:
    assert sign_in(director).get("/theme/").status_code == 405
    assert client.post("/theme/", {"theme": "dark"}).url.startswith("/accounts/login/")
