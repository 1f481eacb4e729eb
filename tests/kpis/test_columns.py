"""Tables of teams, agents and queues: which columns they have, and the course of one KPI in each row."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from kpis.dashboards import courses
from people.models import Team, User
from tests.kpis import test_pages
from tests.kpis.test_pages import rows_of, text_of

a_week = test_pages.a_week  # the fixture of the pages
WEEK = "from=2026-11-02&to=2026-11-08"
QUEUES = "/queues/"


@pytest.fixture
def page(director: User, sign_in, a_week) -> Client:
    return sign_in(director)


def keys(answer, part: str = "by_queue") -> list[str]:
    return [column.kpi.key for column in answer.context["parts"][part].columns]


def choose(page: Client, *columns: str, back: str = f"{QUEUES}?{WEEK}", **button: str):
    return page.post(reverse("kpis:choose_columns"), {"column": columns, "next": back, **button})


def test_the_address_says_which_columns_a_table_has_and_a_link_restores_them(page: Client) -> None:
    answer = page.get(f"{QUEUES}?{WEEK}&columns=csat,contacts_handled&sort=-csat")

    assert keys(answer) == ["csat", "contacts_handled"]
    html = answer.content.decode()
    assert 'data-copy-link="?' in html
    (copied,) = re.findall(r'data-copy-link="\?([^"]*)"', html)
    assert "columns=csat%2Ccontacts_handled" in copied
    heads = re.findall(r'<th scope="col" class="number".*?<a href="\?([^"#]*)', html)
    assert len(heads) == 2, "each can be sorted by, with a link that the keyboard reaches"
    assert all("columns=csat%2Ccontacts_handled" in head for head in heads)


def test_sorting_by_the_name_is_a_link_back_once_another_column_sorts(page: Client) -> None:
    sorted_by_value = page.get(f"{QUEUES}?{WEEK}&columns=contacts_handled&sort=-contacts_handled")
    query = sorted_by_value.context["parts"]["by_queue"].head_query

    by_name = page.get(f"{QUEUES}?{query}")

    assert [row.name for row in sorted_by_value.context["parts"]["by_queue"].rows] == ["Refunds line", "Billing line"]
    assert [row.name for row in by_name.context["parts"]["by_queue"].rows] == ["Billing line", "Refunds line"]
    assert by_name.context["parts"]["by_queue"].head_query == ""


def test_the_csv_of_a_table_has_the_chosen_columns(page: Client) -> None:
    html = page.get(f"{QUEUES}?{WEEK}&columns=csat,contacts_handled").content.decode()
    (query,) = re.findall(r'href="\?([^"]*csv=by_queue)"', html)

    rows = rows_of(page.get(f"{QUEUES}?{query}".replace("&amp;", "&")))

    assert {row["kpi"] for row in rows} == {"csat", "contacts_handled"}


def test_a_choice_leads_to_its_address_and_leaves_the_rest_of_it_alone(page: Client, director: User) -> None:
    answer = choose(page, "occupancy", "csat", back=f"/teams/?{WEEK}&compare=none&sort=-csat")

    asked = parse_qs(urlsplit(answer["Location"]).query)
    # In the order of the catalogue.
    assert (asked["columns"], asked["compare"], asked["sort"]) == (["csat,occupancy"], ["none"], ["-csat"])
    director.refresh_from_db()
    assert director.member_columns == []


def test_what_one_always_wants_is_shown_wherever_the_address_says_nothing(
    page: Client, director: User, qa_analyst: User, sign_in
) -> None:
    choose(page, "csat", "contacts_handled", keep="1")

    assert keys(page.get(f"{QUEUES}?{WEEK}")) == ["contacts_handled", "csat"]
    assert keys(page.get(f"/teams/?{WEEK}"), "by_team") == ["contacts_handled", "csat"]
    assert keys(page.get(f"{QUEUES}?{WEEK}&columns=csat")) == ["csat"], "the address goes first"
    assert len(keys(sign_in(qa_analyst).get(f"{QUEUES}?{WEEK}"))) > 2, "another's choice is theirs"
    back = choose(page, "csat", usual="1", back=f"{QUEUES}?{WEEK}&columns=csat")
    assert "columns" not in back["Location"]
    assert len(keys(page.get(back["Location"]))) > 2


def test_columns_that_a_table_cannot_have_are_left_out_and_none_left_means_the_usual(page: Client) -> None:
    """Occupancy has no queue."""
    assert keys(page.get(f"{QUEUES}?{WEEK}&columns=occupancy,csat")) == ["csat"]
    assert len(keys(page.get(f"{QUEUES}?{WEEK}&columns=occupancy"))) > 2
    wrong = page.get(f"{QUEUES}?{WEEK}&columns=happiness")
    assert len(keys(wrong)) > 2
    assert "happiness" in text_of(wrong)


def test_a_choice_leads_to_no_foreign_address(page: Client) -> None:
    assert choose(page, "csat", back="https://elsewhere.example/")["Location"] == "/"


def test_each_row_tells_the_course_of_the_kpi_it_is_sorted_by(page: Client) -> None:
    """Refunds line: five contacts on Monday (one Chen's, one Zhao's, three lost), one on each of three days after."""
    answer = page.get(f"{QUEUES}?{WEEK}&sort=-contacts_offered")

    html = answer.content.decode()
    assert "Course: Contacts offered" in html
    assert "first 5 (Nov 2, 2026), last 1 (Nov 5, 2026), lowest 1 (Nov 3, 2026), highest 5 (Nov 2, 2026)" in text_of(
        answer
    )
    table = html.partition('id="part-by_queue"')[2]
    assert table.count('class="spark"') == 1, "two days of billing make no line"


def test_a_row_tells_the_course_of_its_first_column_where_nothing_else_sorts(page: Client) -> None:
    assert "Course: Contacts handled" in page.get(f"{QUEUES}?{WEEK}&columns=contacts_handled,csat").content.decode()


def test_too_many_rows_have_no_courses(page: Client, monkeypatch) -> None:
    monkeypatch.setattr(courses, "MOST_MEMBERS", 1)

    assert "Course:" not in page.get(f"{QUEUES}?{WEEK}").content.decode()


# Session and user (2), horizon, last run, days that wait, filters' choices (2), targets, the readings of each roll-up
# and those of the courses, names and pages.
MOST_QUERIES = 18


def test_a_table_with_courses_takes_few_queries_however_long_the_period(
    page: Client, refunds: Team, django_assert_max_num_queries
) -> None:
    for address in (QUEUES, "/teams/", "/agents/"):
        for days in (WEEK, "from=2025-12-01&to=2026-11-08"):
            with django_assert_max_num_queries(MOST_QUERIES):
                assert page.get(f"{address}?{days}").status_code == 200
