"""Search: what is found, in which order, by whom, and at what cost."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcenter.search.hits import MOST_OF_A_KIND, abbreviation
from kpis.definitions import KPIS
from people.models import Agent, Queue, Team, User
from tests.factories import AgentFactory, MembershipFactory, TeamFactory
from tests.kpis.test_pages import WEEK, text_of

Browser = Callable[[User], Client]
SEARCH = "/search/"


def found(browser: Client, text: str, **more: str) -> dict[str, list[str]]:
    """The names that a search finds, by kind."""
    answer = browser.get(SEARCH, {"q": text, **more})
    assert answer.status_code == 200
    return {group.key: [hit.name for hit in group.hits] for group in answer.context["groups"]}


@pytest.mark.parametrize("text", ["chen", "CHEN", "lin ch", "chen lin", "E1001", "1001", "en"])
def test_a_person_is_found_by_part_of_the_name_or_the_employee_number(
    director: User, chen: Agent, sign_in: Browser, text: str
) -> None:
    assert found(sign_in(director), text)["people"] == ["Lin Chen"]


def test_every_word_must_fit(director: User, chen: Agent, zhao: Agent, sign_in: Browser) -> None:
    assert "people" not in found(sign_in(director), "chen mei")


def test_teams_queues_and_pages_are_found(director: User, refunds: Team, refunds_line: Queue, sign_in: Browser) -> None:
    browser = sign_in(director)

    assert found(browser, "refunds") == {"teams": ["Refunds"], "queues": ["Refunds line"]}
    assert found(browser, "catalogue") == {"pages": ["KPI catalogue"]}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("AHT", "Average handle time"),
        ("FCR", "First contact resolution"),
        ("CSAT", "Customer satisfaction"),
        ("ASA", "Average speed of answer"),
        ("average_handle_time", "Average handle time"),
        ("handle average", "Average handle time"),
        ("abandonment", "Abandonment rate"),
    ],
)
def test_a_kpi_is_found_by_name_key_and_abbreviation(director: User, sign_in: Browser, text: str, name: str) -> None:
    assert found(sign_in(director), text)["kpis"][0] == name


def test_names_are_those_of_the_readers_language(director: User, sign_in: Browser) -> None:
    director.language = "zh-hans"
    director.save()
    browser = sign_in(director)

    name = found(browser, "AHT")["kpis"][0]
    assert name == "平均处理时长"
    assert found(browser, name[:4])["kpis"][0].startswith("平均处理")


def test_abbreviations_skip_the_small_words() -> None:
    assert abbreviation(KPIS["average_speed_of_answer"]) == "asa"


def test_what_begins_with_the_word_comes_first_and_with_it_its_kind(
    director: User, refunds: Team, chen: Agent, sign_in: Browser
) -> None:
    for name in ("Andrea Referee", "Grete Ahrens", "Refilwe Dube"):
        AgentFactory(name=name)

    groups = found(sign_in(director), "ref")

    assert groups["people"] == ["Refilwe Dube", "Andrea Referee"]
    assert next(iter(found(sign_in(director), "aht"))) == "kpis"


def test_a_kind_is_shown_to_eight_and_says_that_there_are_more(director: User, sign_in: Browser, db) -> None:
    AgentFactory.create_batch(MOST_OF_A_KIND + 1)

    answer = sign_in(director).get(SEARCH, {"q": "agent"})

    people = next(group for group in answer.context["groups"] if group.key == "people")
    assert len(people.hits) == MOST_OF_A_KIND
    assert people.has_more
    assert "More than these fit" in text_of(answer)


def test_a_supervisor_finds_their_own_people_and_no_strangers_name(
    refunds_supervisor: User, chen: Agent, smit: Agent, billing: Team, refunds_evening: Team, sign_in: Browser
) -> None:
    browser = sign_in(refunds_supervisor)

    assert found(browser, "chen")["people"] == ["Lin Chen"]
    assert found(browser, "refunds")["teams"] == ["Refunds", "Refunds evening"]
    for text in ("smit", "E2001", "billing", "jan"):
        answer = browser.get(SEARCH, {"q": text})
        assert not re.search("Jan Smit|>Billing<", answer.content.decode()), text


def test_agents_find_themselves_alone(chen: Agent, zhao: Agent, refunds_line: Queue, sign_in: Browser) -> None:
    browser = sign_in(chen.user)

    assert found(browser, "e1")["people"] == ["Lin Chen"]
    assert found(browser, "zhao") == {}
    assert found(browser, "refunds") == {}


@pytest.mark.parametrize("who", ["shopper", "nobody"])
def test_who_sees_no_figures_finds_no_people(who: str, cast: dict[str, User], sign_in: Browser) -> None:
    assert not {"people", "teams", "queues"} & found(sign_in(cast[who]), "e").keys()


def test_pages_are_those_of_the_sidebar_and_no_others(
    administrator: User, director: User, chen: Agent, sign_in: Browser
) -> None:
    assert "Imports" in found(sign_in(administrator), "import")["pages"]
    assert "pages" not in found(sign_in(director), "import")
    assert found(sign_in(chen.user), "numbers")["pages"] == ["My numbers"]


def test_a_stranger_signs_in_first(client: Client, db) -> None:
    assert client.get(SEARCH).status_code == 302


def test_results_carry_the_period_and_channel_to_where_it_is_taken(
    director: User, chen: Agent, sign_in: Browser
) -> None:
    asked = {"from": "2026-11-02", "to": "2026-11-08", "channel": "chat", "page": "3"}
    browser = sign_in(director)

    page = browser.get(SEARCH, {"q": "chen", **asked}).content.decode()
    assert f"{reverse('kpis:agent_detail', args=[chen.pk])}?{WEEK}&channel=chat".replace("&", "&amp;") in page
    assert 'href="/accounts/password/"' in browser.get(SEARCH, {"q": "password", **asked}).content.decode()


def test_every_page_hands_its_selection_to_the_search(director: User, sign_in: Browser) -> None:
    page = sign_in(director).get(f"{reverse('kpis:catalogue')}?{WEEK}&channel=chat").content.decode()

    assert page.count('<input type="hidden" name="channel" value="chat">') == 2  # without a script, and in the palette


def test_the_palette_gets_the_options_alone(director: User, chen: Agent, sign_in: Browser) -> None:
    answer = sign_in(director).get(SEARCH, {"q": "chen"}, headers={"HX-Request": "true"})
    page = answer.content.decode()

    assert "<html" not in page
    assert page.count('role="option"') == 1
    assert 'data-found-for="chen"' in page
    assert "1 result" in text_of(answer)
    assert "HX-Request" in answer["Vary"]


def test_nothing_found_says_what_can_be_looked_for(director: User, sign_in: Browser) -> None:
    answer = sign_in(director).get(SEARCH, {"q": "xyzzy"})

    assert "Nothing found" in text_of(answer)
    assert "an employee number" in text_of(answer)


@pytest.mark.parametrize("text", ["", "   ", "%", "_", "\0", "a\0b", "💥", "x" * 101, "<b>", "' OR 1=1"])
def test_any_text_is_answered(director: User, chen: Agent, sign_in: Browser, text: str) -> None:
    browser = sign_in(director)

    for headers in ({}, {"HX-Request": "true"}):
        answer = browser.get(SEARCH, {"q": text}, headers=headers)
        assert answer.status_code == 200
        assert "Lin Chen" not in answer.content.decode()
        assert "<b>" not in answer.content.decode()


def test_the_queries_do_not_grow_with_what_is_found(refunds: Team, refunds_supervisor: User, sign_in: Browser) -> None:
    browser = sign_in(refunds_supervisor)

    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            browser.get(SEARCH, {"q": "agent"}, headers={"HX-Request": "true"})
        return len(made)

    alone = queries()
    AgentFactory.create_batch(20, team=refunds)

    assert queries() == alone == 8


def test_ten_thousand_agents_are_searched_at_once(director: User, refunds: Team, sign_in: Browser) -> None:
    Agent.objects.bulk_create(
        Agent(employee_number=f"N{number:05}", name=f"First{number % 97} Last{number}") for number in range(10_000)
    )
    browser = sign_in(director)
    found(browser, "last9999")

    started = time.perf_counter()
    names = found(browser, "last9999")["people"]

    assert names == ["First8 Last9999"]
    assert time.perf_counter() - started < 0.5


def test_a_former_member_is_found_by_the_teams_they_were_in(
    billing_supervisor: User, billing: Team, chen: Agent, sign_in: Browser
) -> None:
    """As their page is: whoever reads a person's old rows may find their name."""
    other = TeamFactory(site=billing.site)
    moved = AgentFactory(name="Zanele Cele", hired_on=None)
    MembershipFactory(agent=moved, team=billing, starts_on="2025-01-01", ends_on="2026-01-01")
    MembershipFactory(agent=moved, team=other, starts_on="2026-01-01")

    assert found(sign_in(billing_supervisor), "zanele")["people"] == ["Zanele Cele"]
