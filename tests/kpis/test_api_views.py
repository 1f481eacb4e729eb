"""Saved views over REST: kept, read, changed and deleted as on the pages, and the way to their readings."""

from __future__ import annotations

from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from kpis.api.views import checked
from kpis.explore.models import SavedView
from people.models import Role, Team, User
from people.tokens.models import Scope
from tests.callers import answer, body, caller
from tests.factories import UserFactory
from tests.kpis import test_pages

a_week = test_pages.a_week  # the fixture of the pages
VIEWS = "/api/v1/views/"
WEEK = "from=2026-11-02&to=2026-11-08"
QUESTION = f"{WEEK}&kpi=contacts_handled&by=agent"


def keep(user: User, *, name: str = "Agents", query: str = QUESTION, **more):
    return caller(user).post(VIEWS, {"name": name, "query": query, **more}, format="json")


def test_a_view_is_kept_listed_read_changed_and_deleted(refunds_supervisor: User, refunds: Team, a_week) -> None:
    client = caller(refunds_supervisor)

    made = client.post(VIEWS, {"name": "Agents", "query": QUESTION, "team": refunds.pk}, format="json")
    assert made.status_code == 201
    address = made["Location"]
    told = client.get(address).json()
    assert (told["name"], told["team"], told["owner"], told["is_own"]) == ("Agents", refunds.pk, "Rosa Refunds", True)
    assert parse_qs(told["query"])["by"] == ["agent"]
    assert [view["id"] for view in client.get(VIEWS).json()["results"]] == [told["id"]]

    client.patch(address, {"name": "People"}, format="json")
    assert client.get(address).json() | {"changed_at": None} == told | {"name": "People", "changed_at": None}
    client.put(address, {"name": "People", "query": f"kpi=csat&{WEEK}"}, format="json")
    changed = client.get(address).json()
    assert (changed["team"], parse_qs(changed["query"])["kpi"]) == (None, ["csat"])

    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404
    assert not SavedView.objects.exists()


def test_a_view_kept_over_rest_opens_on_its_page_and_the_other_way_round(
    refunds_supervisor: User, sign_in, a_week
) -> None:
    page = sign_in(refunds_supervisor)
    told = keep(refunds_supervisor).json()
    assert "Lin Chen" in page.get(told["page"], follow=True).content.decode()

    page.post(f"{reverse('kpis:view_create')}?{QUESTION}", {"name": "From the page", "days": "fixed"})
    listed = caller(refunds_supervisor).get(VIEWS, {"name": "page"}).json()["results"]
    assert [view["name"] for view in listed] == ["From the page"]


def test_the_readings_of_a_view_are_what_each_caller_may_see_of_it(cast, refunds: Team, a_week) -> None:
    """Chen handled 4, Zhao 1, Smit of the other team 2."""
    view = keep(cast["refunds_supervisor"], team=refunds.pk).json()

    def told(name: str) -> dict[str, float]:
        found = answer(caller(cast[name]).get(view["readings"], follow=True))["readings"]
        return {row["agent_name"]: row["value"] for row in found}

    assert told("director") == {"Lin Chen": 4, "Mei Zhao": 1, "Jan Smit": 2}
    assert told("refunds_supervisor") == {"Lin Chen": 4, "Mei Zhao": 1}
    assert told("chen") == {"Lin Chen": 4}


def test_the_readings_of_a_view_come_as_a_file_and_are_not_sent_again_unchanged(director: User, a_week) -> None:
    view, client = keep(director).json(), caller(director)

    sent = client.get(view["readings"], {"format": "csv"}, follow=True)
    assert sent["Content-Type"] == "text/csv"
    assert "Jan Smit" in body(sent).decode()
    again = client.get(client.get(view["readings"])["Location"], headers={"If-None-Match": sent["ETag"]})
    assert again.status_code == 200, "JSON is another answer than CSV"
    assert client.get(again.wsgi_request.get_full_path(), headers={"If-None-Match": again["ETag"]}).status_code == 304


def test_two_changes_at_once_both_stay(director: User, a_week) -> None:
    """The name is changed while another question for the same view is still being checked."""
    address = f"{VIEWS}{keep(director).json()['id']}/"

    def renamed_meanwhile(*args, **kwargs):
        if "query" in args[0].data:
            caller(director).patch(address, {"name": "People"}, format="json")
        return checked(*args, **kwargs)

    with patch("kpis.api.views.checked", side_effect=renamed_meanwhile):
        caller(director).patch(address, {"query": f"kpi=csat&{WEEK}"}, format="json")

    view = SavedView.objects.get()
    assert (view.name, parse_qs(view.query)["kpi"]) == ("People", ["csat"])


def test_the_readings_of_a_view_never_lose_a_filter_in_silence(cast, refunds: Team, billing: Team, a_week) -> None:
    """Kept by a director for Refunds, over a team that Refunds may not see: not the readings of all that is theirs."""
    made = keep(cast["director"], query=f"{QUESTION}&team={billing.pk}", team=refunds.pk).json()

    assert caller(cast["director"]).get(made["readings"]).status_code == 302
    refused = caller(cast["refunds_supervisor"]).get(made["readings"])

    assert refused.status_code == 400
    assert "Team: " in " ".join(refused.json()["errors"]["query"])
    assert billing.name not in refused.content.decode()


def test_the_days_of_a_view_move_along_where_it_names_a_usual_period(director: User, a_week) -> None:
    """The facts reach Sunday the 8th: the day before it is the 7th."""
    view = keep(director, query="kpi=contacts_handled&period=day_before").json()

    asked = parse_qs(urlsplit(caller(director).get(view["readings"])["Location"]).query)

    assert (asked["from"], asked["to"]) == (["2026-11-07"], ["2026-11-07"])


def test_a_team_in_a_question_stands_for_those_below_it_too(
    director: User, refunds: Team, refunds_evening: Team, a_week
) -> None:
    view = keep(director, query=f"{QUESTION}&team={refunds.pk}").json()

    asked = parse_qs(urlsplit(caller(director).get(view["readings"])["Location"]).query)

    assert sorted(asked["team"]) == sorted([str(refunds.pk), str(refunds_evening.pk)])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (WEEK, "Name at least one KPI"),
        ("kpi=happiness", "There is no KPI “happiness”."),
        ("kpi=csat&by=mood", "“mood” is no dimension."),
        ("kpi=occupancy&by=queue", "Occupancy is left out: it cannot be split by queue."),
        ("kpi=csat&teem=3", "“teem” is not a part of a question."),
        ("kpi=csat&period=always", "“always” is no usual period."),
        ("kpi=csat&from=yesterday&to=today", "This is no day."),
        ("kpi=csat&team=987654321", "Team: "),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_with_the_reason(
    director: User, a_week, query: str, said: str
) -> None:
    response = keep(director, query=query)

    assert response.status_code == 400
    assert said in " ".join(response.json()["errors"]["query"])
    assert not SavedView.objects.exists()


def test_a_team_that_one_does_not_lead_is_refused_as_if_it_were_not_there(
    cast, refunds: Team, billing: Team, a_week
) -> None:
    said = [
        keep(cast[name], team=team).json()["errors"]
        for name, team in (("refunds_supervisor", billing.pk), ("refunds_supervisor", 10**15), ("chen", refunds.pk))
    ]

    assert said == [{"team": ["Views are shared with teams that you lead."]}] * 3


def test_a_name_that_is_taken_is_refused(director: User, a_week) -> None:
    keep(director)

    assert keep(director).json()["detail"] == "You have a view of this name already. Choose another."


def test_a_shared_view_is_changed_by_its_owner_alone_and_a_private_one_is_not_there(
    cast, refunds: Team, a_week
) -> None:
    shared = f"{VIEWS}{keep(cast['refunds_supervisor'], team=refunds.pk).json()['id']}/"
    private = f"{VIEWS}{keep(cast['refunds_supervisor'], name='Mine').json()['id']}/"
    for name in ("director", "chen"):
        client = caller(cast[name])
        assert client.get(shared).json()["is_own"] is False
        assert client.get(VIEWS, {"is_own": "true"}).json()["count"] == 0
        for address in (shared, private):
            assert client.patch(address, {"name": "Taken"}, format="json").status_code == 404
            assert client.delete(address).status_code == 404
        assert client.get(private).status_code == 404
        assert client.get(f"{private}readings/").status_code == 404
    assert caller(cast["billing_supervisor"]).get(shared).status_code == 404
    assert set(SavedView.objects.values_list("name", flat=True)) == {"Agents", "Mine"}


def test_reading_views_and_keeping_them_want_different_scopes(director: User, a_week) -> None:
    reading, keeping = caller(director, Scope.READ_KPIS), caller(director, Scope.WRITE_VIEWS)
    asked = {"name": "Agents", "query": QUESTION}

    assert reading.get(VIEWS).status_code == 200
    assert "write:views" in reading.post(VIEWS, asked, format="json").json()["detail"]
    assert keeping.post(VIEWS, asked, format="json").status_code == 201
    assert keeping.get(VIEWS).status_code == 403


def test_who_has_no_figures_keeps_no_views(db) -> None:
    assert keep(UserFactory(roles=[Role.SUPERVISOR])).status_code == 404


def test_views_are_not_sent_again_unchanged(director: User, a_week) -> None:
    view, client = keep(director).json(), caller(director)
    for address in (VIEWS, f"{VIEWS}{view['id']}/"):
        first = client.get(address)
        assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    client.patch(f"{VIEWS}{view['id']}/", {"name": "Other"}, format="json")
    assert client.get(VIEWS, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_list_takes_few_queries_however_many_views(
    director: User, refunds: Team, django_assert_max_num_queries
) -> None:
    client = caller(director)
    for number in range(12):
        owner = UserFactory(roles=[Role.DIRECTOR])
        SavedView.objects.create(name=f"{number}", query=QUESTION, owner=owner, team=refunds)
    with django_assert_max_num_queries(10):
        assert client.get(VIEWS).json()["count"] == 12
