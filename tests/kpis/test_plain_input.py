"""Whatever stands in an address, the answer is a page or a sentence, never an error of the server."""

from __future__ import annotations

from base64 import b64encode

import pytest
from django.core.cache import cache
from django.urls import reverse

from people.models import Agent, Queue, Role, Team, User
from tests.callers import answer, caller
from tests.factories import ContactFactory, UserFactory
from tests.kpis.test_pages import addresses, text_of

HUGE = "99999999999999999999"
ODD = ["\0", "a\0b", HUGE, f"-{HUGE}", "9999-12-31", "0001-01-01", "x~y~z", f"9999-12-31~0001-01-01~{HUGE}", "💥", "%"]
PARAMETERS = ("from", "to", "team", "queue", "agent", "channel", "kpi", "by", "compare", "search", "page", "after")
CURSORS = [b64encode(text).decode() for text in (b"p=abc", b"p=\0", b"p=" + HUGE.encode(), b"o=9&p=-1", b"\xff")]
LISTS = {
    "contacts/": ("from", "queue", "source", "external_id", "cursor", "page_size"),
    "agents/": ("name", "team", "employee_number", "page"),
    "runs/": ("kind", "page"),
    "targets/": ("kpi", "agent"),
    "imports/": ("page", "cursor"),
}


@pytest.fixture
def places(refunds: Team, chen: Agent, refunds_line: Queue, compute) -> list[str]:
    ContactFactory(queue=refunds_line, agent=chen)
    compute()
    return [*addresses(refunds, chen, refunds_line).values(), reverse("interactions:contact_list")]


def test_pages_bear_any_parameter(director: User, sign_in, places: list[str]) -> None:
    page = sign_in(director)
    for place in places:
        for value in ODD:
            assert page.get(place, dict.fromkeys(PARAMETERS, value)).status_code in (200, 404), (place, value)


def test_lists_of_the_api_bear_any_parameter(administrator: User, places: list[str]) -> None:
    client = caller(administrator)
    for name, parameters in LISTS.items():
        cache.clear()  # forgets how often was called
        for parameter in parameters:
            for value in [*ODD, *CURSORS]:
                response = client.get(f"/api/v1/{name}", {parameter: value})
                assert response.status_code in (200, 400, 404), (name, parameter, value)


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "9999-12-01", "to": "9999-12-31", "by": "day"},
        {"from": "0001-01-01", "to": "0001-01-31", "by": "week"},
    ],
)
def test_years_out_of_reach_are_refused_with_a_sentence(director: User, asked: dict[str, str]) -> None:
    response = caller(director).get("/api/v1/readings/", asked | {"kpi": "contacts_offered"})

    assert response.status_code == 400
    assert answer(response)["detail"] == "from: Give a day from 1990-01-01 to 2100-01-01."


def test_readings_bear_any_parameter(director: User, places: list[str]) -> None:
    client = caller(director)
    asked = {"kpi": "contacts_offered", "from": "2026-11-02", "to": "2026-11-08"}
    for place in ("/api/v1/readings/", "/api/v1/readings/rows/"):
        cache.clear()  # forgets how often was called
        for name in ("kpi", "from", "by", "part", "team", "line_of_business", "slot", "cursor"):
            for value in [*ODD, *CURSORS]:
                response = client.get(place, asked | {name: value})
                assert response.status_code in (200, 400, 404), (place, name, value)


def test_a_supervisor_without_a_team_is_told_what_is_missing(sign_in, places: list[str], refunds_line: Queue) -> None:
    page = sign_in(UserFactory(roles=[Role.SUPERVISOR])).get(reverse("kpis:queue_detail", args=[refunds_line.pk]))

    assert page.status_code == 200
    assert "You lead no team yet" in text_of(page)
