"""Explore: any KPIs by any dimensions, as charts, tables and files, with hand-worked figures."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable
from html import unescape

import pandas as pd
import pytest
from django.urls import reverse

from kpis.explore import size
from people.models import Agent, Queue, Team, User
from tests.callers import answer as answer_of
from tests.callers import caller
from tests.factories import MONDAY_NOON, AgentFactory, ContactFactory
from tests.kpis import test_pages
from tests.kpis.test_pages import rows_of, text_of

a_week = test_pages.a_week  # the fixture of the pages
WEEK = "from=2026-11-02&to=2026-11-08"


def explore(query: str = "") -> str:
    return f"{reverse('kpis:explore')}?{WEEK}&{query}"


def table_of(answer) -> dict[str, list[str]]:
    """The one table of a page: what its rows hold, cell by cell, without what stands under the values."""
    page = answer.content.decode().partition('class="table-scroll pivot')[2].partition("</table>")[0]
    rows = {}
    for row in re.findall(r"<tr.*?</tr>", page, flags=re.S):
        cells = [
            re.sub(r"<[^>]+>|\s+", " ", re.sub(r'<span class="sub">.*?</span>', "", cell, flags=re.S)).strip()
            for cell in re.findall(r"<(?:td|th).*?</(?:td|th)>", row, flags=re.S)
        ]
        rows[cells[0]] = cells[1:]
    return rows


def test_a_table_has_one_dimension_down_the_other_across_and_measured_totals(director: User, sign_in, a_week) -> None:
    """Refunds line: Mon 1 Chen + 1 Zhao + 3 lost, then Chen on three days. Billing line: Mon and Sun one of Smit."""
    answer = sign_in(director).get(explore("kpi=contacts_offered&by=queue&by=weekday&show=table"))

    assert table_of(answer) == {
        "Queue": ["Monday", "Tuesday", "Wednesday", "Thursday", "Sunday", "all"],
        "Billing line": ["1", "–", "–", "–", "1", "2"],
        "Refunds line": ["5", "1", "1", "1", "–", "8"],
        "all": ["6", "1", "1", "1", "1", "10"],
    }


def test_totals_of_ratios_are_measured_and_never_averaged(director: User, sign_in, a_week) -> None:
    """Handle time: Chen's four and Zhao's one take 120 s, Smit's 220 and 120 s: all (5 × 120 + 340) ÷ 7."""
    answer = sign_in(director).get(explore("kpi=average_handle_time&kpi=contacts_handled&by=team&show=table"))

    assert table_of(answer) == {
        "Team": ["Average handle time", "Contacts handled"],
        "Billing": ["2:50", "2"],
        "Refunds": ["2:00", "5"],
        "all": ["2:14", "7"],
    }


def test_table_api_csv_and_workbook_say_the_same(director: User, sign_in, a_week) -> None:
    page, query = sign_in(director), "kpi=service_level&kpi=contacts_handled&by=queue&by=channel"

    sent = rows_of(page.get(explore(query + "&file=csv")))
    book = b"".join(page.get(explore(query + "&file=xlsx")).streaming_content)
    sheet = pd.read_excel(io.BytesIO(book), engine="calamine")
    told = answer_of(caller(director).get(f"/api/v1/readings/?{WEEK}&{query}"))["readings"]
    figures = {(row["kpi"], row["queue_name"]): row["value"] for row in told}

    assert figures[("service_level", "Refunds line")] == pytest.approx(1 / 7)
    assert {(row["kpi"], row["queue_name"]): float(row["value"]) for row in sent} == figures
    in_book = dict(zip(zip(sheet["kpi"], sheet["queue_name"], strict=True), sheet["value"], strict=True))
    assert in_book == pytest.approx(figures)
    shown = page.get(explore("kpi=service_level&by=queue&by=channel&show=table"))
    assert table_of(shown)["Refunds line"] == ["14.3%", "14.3%"]
    assert table_of(shown)["Billing line"] == ["100.0%", "100.0%"]


def test_the_link_to_the_api_asks_the_same(director: User, sign_in, a_week, refunds: Team, refunds_evening: Team):
    page = sign_in(director).get(explore(f"kpi=contacts_handled&by=queue&team={refunds.pk}"))

    (address,) = re.findall(r'<a href="(/api/v1/readings/[^"]*)"', page.content.decode())
    found = answer_of(caller(director).get(unescape(address)))["readings"]

    assert [(row["queue_name"], row["value"]) for row in found] == [("Refunds line", 5)]


def test_a_file_is_named_by_what_it_holds_and_a_pdf_is_one(director: User, sign_in, a_week) -> None:
    page, query = sign_in(director), "kpi=service_level&by=week&by=team"

    table = page.get(explore(query + "&file=csv"))
    paper = page.get(explore(query + "&file=pdf"))

    assert 'filename="Service-level-by-week-and-team-2026-11-02-2026-11-08.csv"' in table["Content-Disposition"]
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")
    assert page.get(explore(query + "&file=exe")).status_code == 404


CHARTS = {
    "kpi=csat&by=day": ["scatter"],
    "kpi=csat&by=slot": ["scatter"],
    "kpi=csat&by=team": ["bar"],
    "kpi=csat&by=weekday": ["bar"],
    "kpi=csat&by=day&by=team": ["scatter"],
    "kpi=csat&by=team&by=day": ["scatter"],
    "kpi=csat&by=weekday&by=slot": ["heatmap"],
    "kpi=csat&by=team&by=channel": ["heatmap"],
    "kpi=csat&kpi=contacts_handled&by=team": ["bar", "bar"],
    "kpi=csat": [],
}


@pytest.mark.parametrize("query", CHARTS)
def test_each_question_has_the_chart_that_fits_it(director: User, sign_in, a_week, query: str) -> None:
    answer = sign_in(director).get(explore(query))

    charts = [part.figure["data"][-1]["type"] for part in answer.context["parts"].values()]
    assert charts == CHARTS[query]
    assert ('class="tiles"' in answer.content.decode()) == (not charts)


def test_a_line_each_for_the_eight_with_most_behind_them(
    director: User, sign_in, compute: Callable, refunds: Team, refunds_line: Queue
) -> None:
    """Ten agents with one to ten contacts: the first two are left out, and the page says so."""
    for number in range(1, 11):
        agent = AgentFactory(name=f"Agent {number:02}", team=refunds)
        ContactFactory.create_batch(number, queue=refunds_line, agent=agent)
    compute()

    (part,) = sign_in(director).get(explore("kpi=contacts_handled&by=day&by=agent")).context["parts"].values()

    assert [line["name"] for line in part.figure["data"]] == [f"Agent {number:02}" for number in range(10, 2, -1)]
    assert {label["text"] for label in part.figure["layout"]["annotations"]} == {
        f"Agent {number:02}" for number in range(3, 11)
    }
    assert "2 more are left out here" in part.note


def test_a_change_stands_under_the_value_where_there_is_a_comparison(
    director: User, sign_in, a_week, compute: Callable, refunds_line: Queue, chen: Agent
) -> None:
    """Four of Chen's contacts the week before on Monday; two refunds contacts were handled this Monday."""
    ContactFactory.create_batch(4, queue=refunds_line, agent=chen, offered_at=MONDAY_NOON - dt.timedelta(days=7))
    compute()
    query = f"kpi=contacts_handled&by=day&show=table&agent={chen.pk}"

    compared = text_of(sign_in(director).get(explore(query)))
    alone = text_of(sign_in(director).get(explore(query + "&compare=none")))

    assert "−75.0%" in compared
    assert "−75.0%" not in alone


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("kpi=sevice_level", "There is no KPI “sevice_level”."),
        ("kpi=csat&by=colour", "“colour” is no dimension."),
        ("kpi=csat&by=day,team,queue", "A view is split by at most two dimensions"),
        ("kpi=occupancy&kpi=csat&by=queue", "Occupancy is left out: it cannot be split by queue."),
        ("kpi=csat&channel=telegram", "“telegram” is none of those that you can choose here."),
        ("kpi=csat&team=999999", "“999999” is none of those that you can choose here."),
        (
            "kpi=" + "&kpi=".join(["csat", "nps", "ces", "occupancy", "adherence", "sales", "backlog"]),
            "At most 6 KPIs are shown at once",
        ),
        ("kpi=sevice_level", "Choose at least one KPI"),
    ],
)
def test_what_is_wrong_in_an_address_is_said_in_words(director: User, sign_in, a_week, query: str, sentence: str):
    answer = sign_in(director).get(explore(query))

    assert answer.status_code == 200
    assert sentence in text_of(answer)


def test_dimensions_that_a_chosen_kpi_lacks_are_greyed_with_the_reason(director: User, sign_in, a_week) -> None:
    page = sign_in(director).get(explore("kpi=occupancy&kpi=csat&by=team")).content.decode()

    assert '<option value="queue" disabled>Queue (Occupancy has none)</option>' in page
    assert '<option value="agent">Agent</option>' in page
    assert '<option value="team" disabled>Team (chosen already)</option>' in page


def test_too_large_a_question_is_refused_with_how_to_narrow_it(
    director: User, sign_in, a_week, monkeypatch, django_assert_max_num_queries
) -> None:
    """Three agents on seven days are 21 figures of one KPI."""
    monkeypatch.setattr(size, "MOST_CELLS", 20)
    page, query = sign_in(director), "kpi=contacts_handled&by=day&by=agent"

    with django_assert_max_num_queries(20):
        refused = page.get(explore(query))

    assert "This would be up to 21 figures: 7 (day) × 3 (agent) × 1 (KPIs). At most 20 are shown." in text_of(refused)
    assert page.get(explore(query + "&file=csv")).status_code == 400
    assert page.get(explore(query + "&csv=contacts_handled")).status_code == 404


def agents_told(page, query: str) -> set[str]:
    return {row["agent_name"] for row in rows_of(page.get(explore(query + "&file=csv")))}


def test_each_role_explores_what_is_theirs(cast: dict[str, User], sign_in, a_week) -> None:
    query = "kpi=contacts_handled&by=agent"
    for who, expected in {
        "director": {"Lin Chen", "Mei Zhao", "Jan Smit"},
        "refunds_supervisor": {"Lin Chen", "Mei Zhao"},
        "chen": {"Lin Chen"},
    }.items():
        assert (who, agents_told(sign_in(cast[who]), query)) == (who, expected)
    for who in ("shopper", "nobody"):
        assert sign_in(cast[who]).get(explore(query)).status_code == 404
        assert reverse("kpis:explore") not in sign_in(cast[who]).get(reverse("kpis:catalogue")).content.decode()


def test_a_strangers_name_is_nowhere(cast: dict[str, User], sign_in, a_week, smit: Agent) -> None:
    for who in ("refunds_supervisor", "chen"):
        page = sign_in(cast[who])
        for query in ("kpi=contacts_handled&by=agent", f"kpi=contacts_handled&by=agent&agent={smit.pk}&show=table"):
            said = page.get(explore(query)).content.decode()
            assert "Smit" not in said


def test_an_agent_is_told_that_the_service_level_is_not_theirs(chen: Agent, sign_in, a_week) -> None:
    said = text_of(sign_in(chen.user).get(explore("kpi=service_level&kpi=contacts_handled")))

    assert "Service level is left out: with these filters, or for you, there is nothing to measure it from." in said


def test_a_supervisor_is_told_nothing_of_what_was_offered_to_others(
    refunds_supervisor: User, sign_in, a_week, chen: Agent, billing_line: Queue, compute: Callable
) -> None:
    ContactFactory(queue=billing_line, agent=chen)
    compute()
    page = sign_in(refunds_supervisor)

    split = page.get(explore("kpi=contacts_offered&kpi=contacts_handled&by=queue&show=table"))
    kept = page.get(explore(f"kpi=contacts_offered&kpi=contacts_handled&queue={billing_line.pk}&show=table"))

    assert table_of(split)["Billing line"] == ["–", "1"]
    assert "Contacts offered is left out" in text_of(kept)
    assert table_of(kept)["all"] == ["1"]


# Session, user and role (2–4), horizon, last run, days that wait, filters' choices (3), saved views; for each of the
# four levels of a table, and of its comparison, one query per roll-up that is needed; names and pages.
MOST_QUERIES = 30


def test_a_question_made_of_too_many_rows_is_refused_however_few_its_figures(
    director: User, sign_in, a_week, zhao: Agent, monkeypatch
) -> None:
    """The week has 7 rows of handled contacts, 5 of surveys and complaints, 2 of time: 2 a day. Zhao's is one."""
    monkeypatch.setattr(size, "MOST_ROWS", 27)
    page, query = sign_in(director), "kpi=contacts_handled&by=agent&by=weekday"

    refused = page.get(explore(query + "&compare=before"))

    assert (
        "For this about 28 computed rows would be read: 14 days of about 2 rows each. At most 27 are read for a page."
        in text_of(refused)
    )
    assert page.get(explore(query + "&compare=before&file=csv")).status_code == 400
    assert "would be read" not in text_of(page.get(explore(query + "&compare=none")))
    assert "would be read" not in text_of(page.get(explore(f"{query}&compare=before&agent={zhao.pk}")))


def test_a_page_takes_few_queries_however_long_the_period(
    director: User, sign_in, a_week, django_assert_max_num_queries
) -> None:
    page = sign_in(director)
    for query in (
        "kpi=service_level&kpi=average_handle_time&kpi=occupancy&by=team&by=month&show=table&compare=last_year",
        "kpi=service_level&kpi=average_handle_time&by=queue&by=channel",
        "kpi=service_level&kpi=average_handle_time",
    ):
        for days in (WEEK, "from=2025-12-01&to=2026-11-08"):
            with django_assert_max_num_queries(MOST_QUERIES):
                assert page.get(f"{reverse('kpis:explore')}?{days}&{query}").status_code == 200
