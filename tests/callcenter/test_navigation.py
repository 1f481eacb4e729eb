"""The sidebar and the account menu: what each role can open, and where one is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from people.models import Agent, Team, User

LEADERS = ["Teams", "Agents", "Queues"]
SIDEBARS = {
    "director": ["Overview", *LEADERS, "Contacts", "KPI catalogue", "Runs"],
    "qa_analyst": ["Overview", *LEADERS, "Contacts", "KPI catalogue", "Runs"],
    "refunds_supervisor": [*LEADERS, "Contacts", "KPI catalogue"],
    "chen": ["My numbers", "Contacts", "KPI catalogue"],
    "shopper": ["KPI catalogue"],
    "nobody": ["KPI catalogue"],
}


@pytest.mark.parametrize("who", [*SIDEBARS, "administrator"])
def test_every_link_of_a_role_opens_a_page(who: str, cast: dict[str, User], sign_in: Callable[[User], Client]) -> None:
    browser = sign_in(cast[who])
    context = browser.get(reverse("kpis:catalogue")).context
    entries = [entry for section in context["navigation"] for entry in section.entries]

    assert {entry.label for entry in entries} >= set(SIDEBARS.get(who, ["Overview", "Imports", "Import people"]))
    for entry in [*entries, *context["account_menu"]]:
        assert browser.get(entry.url).status_code == 200, entry.url


@pytest.mark.parametrize("who", ["director", "refunds_supervisor", "chen", "shopper"])
def test_what_a_role_cannot_open_is_not_listed(
    who: str, cast: dict[str, User], sign_in: Callable[[User], Client]
) -> None:
    page = sign_in(cast[who]).get(reverse("kpis:catalogue"))

    titles = [section.title for section in page.context["navigation"]]
    assert "Settings" not in titles
    assert ("Data" in titles) == (who == "director")


def test_the_page_one_is_on_is_marked_and_the_one_above_it_otherwise(
    director: User, refunds: Team, sign_in: Callable[[User], Client]
) -> None:
    browser = sign_in(director)

    teams = browser.get(reverse("kpis:team_list")).context["navigation"]
    team = browser.get(reverse("kpis:team_detail", args=[refunds.pk])).context["navigation"]

    assert _marks(teams) == {"Teams": "page"}
    assert _marks(team) == {"Teams": "true"}


def test_an_agents_own_page_is_marked(chen: Agent, sign_in: Callable[[User], Client]) -> None:
    page = sign_in(chen.user).get(reverse("kpis:agent_detail", args=[chen.pk]))

    assert _marks(page.context["navigation"]) == {"My numbers": "page"}


def _marks(navigation) -> dict[str, str]:
    return {entry.label: entry.current for section in navigation for entry in section.entries if entry.current}
