"""KPI readings over REST: any KPIs, any dimensions, any format, the same figures."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pandas as pd
import pytest

from interactions.models import Outcome
from kpis.definitions import KPIS
from kpis.models import Run
from kpis.period import Period
from kpis.services import compute_days
from people.tokens.models import Scope
from tests.callers import answer, body, caller
from tests.factories import MONDAY_NOON, ContactFactory, SurveyAnswerFactory

READINGS = "/api/v1/readings/"
ROWS = "/api/v1/readings/rows/"
WEEK = {"from": "2026-11-02", "to": "2026-11-08"}
DAY = dt.timedelta(days=1)


@pytest.fixture
def figures(refunds_line, billing_line, chen, zhao, smit, reason, compute):
    """Refunds: Monday 3 of 4 in time (Chen 2, Zhao 1, one waited 60 s), Tuesday one of Chen's. Billing: one lost."""
    ContactFactory.create_batch(2, queue=refunds_line, agent=chen, customer=1, reason=reason)
    ContactFactory(queue=refunds_line, agent=zhao)
    ContactFactory(queue=refunds_line, agent=zhao, wait_seconds=60)
    late = ContactFactory(queue=refunds_line, agent=chen, offered_at=MONDAY_NOON + DAY, talk_seconds=380)
    ContactFactory(queue=billing_line, outcome=Outcome.ABANDONED, wait_seconds=30)
    SurveyAnswerFactory(contact=late, csat=4)
    compute()


def readings(response) -> list[dict]:
    assert response.status_code == 200, body(response)
    return answer(response)["readings"]


def test_one_reading_says_value_top_bottom_sample_and_interval(director, figures):
    (row,) = readings(caller(director).get(READINGS, WEEK | {"kpi": "service_level"}))
    assert (row["kpi"], row["unit"], row["top"], row["bottom"], row["n"]) == ("service_level", "share", 4, 6, 6)
    # Counts are whole numbers.
    assert all(type(row[name]) is int for name in ("top", "bottom", "n"))
    assert row["value"] == pytest.approx(4 / 6)
    # Wilson 95 % of 4 in 6.
    assert (row["low"], row["high"]) == (pytest.approx(0.2999, abs=1e-3), pytest.approx(0.9032, abs=1e-3))


def test_the_answer_says_how_far_the_data_reaches_and_when_it_was_computed(director, figures):
    found = answer(caller(director).get(READINGS, WEEK | {"kpi": "contacts_offered", "by": "day"}))
    assert (found["from"], found["to"], found["by"]) == ("2026-11-02", "2026-11-08", ["day"])
    assert found["data_to"] == "2026-11-03"
    assert dt.datetime.fromisoformat(found["computed_at"])


def test_several_kpis_are_split_by_several_dimensions_with_names_beside_ids(director, figures, refunds_line):
    asked = WEEK | {"kpi": "contacts_offered,average_handle_time", "by": "day,queue"}
    found = {
        (row["kpi"], row["day"], row["queue_name"]): row["value"]
        for row in readings(caller(director).get(READINGS, asked))
    }
    assert found[("contacts_offered", "2026-11-02", "Refunds line")] == 4
    assert found[("contacts_offered", "2026-11-02", "Billing line")] == 1
    assert found[("average_handle_time", "2026-11-02", "Refunds line")] == 120
    assert found[("average_handle_time", "2026-11-03", "Refunds line")] == 400
    assert ("contacts_offered", "2026-11-03", "Billing line") not in found


def test_nothing_to_measure_is_null_and_not_zero(director, figures):
    (row,) = readings(
        caller(director).get(READINGS, {"from": "2020-01-01", "to": "2020-01-31", "kpi": "service_level"})
    )
    assert (row["value"], row["top"], row["bottom"], row["low"]) == (None, None, None, None)


def test_filters_keep_to_a_slice(director, figures, refunds, chen, billing_line):
    client = caller(director)

    def value(key: str, **kept) -> float:
        (row,) = readings(client.get(READINGS, WEEK | {"kpi": key} | kept))
        return row["value"]

    assert value("contacts_handled", agent=chen.pk) == 3
    assert value("contacts_offered", queue=billing_line.pk) == 1
    assert value("contacts_offered", team=refunds.pk) == 5
    assert value("contacts_offered", channel="voice") == 6
    assert value("contacts_offered", channel="chat") is None
    assert value("contacts_offered", weekday="1") == 1
    assert value("contacts_offered", slot="24") == 6


def test_maturing_contacts_are_counted_beside_the_value(director, figures):
    (row,) = readings(caller(director).get(READINGS, WEEK | {"kpi": "first_contact_resolution"}))
    assert row["value"] is None
    assert row["maturing"] == 2
    assert row["provisional"] is not None


@pytest.mark.parametrize(
    ("asked", "named", "says"),
    [
        ({"kpi": "sevice_level"}, "kpi", "There is no KPI “sevice_level”."),
        ({"kpi": ""}, "kpi", ""),
        ({"kpi": "occupancy", "by": "queue"}, "by", "Occupancy"),
        ({"kpi": "abandonment_rate", "by": "agent"}, "by", "agent"),
        ({"kpi": "service_level", "by": "colour"}, "by", "colour"),
        ({"kpi": "service_level", "form": "2026-11-01"}, "form", "Known are"),
        ({"kpi": "service_level", "from": "2026-11-09"}, "to", "before"),
        ({"kpi": "service_level", "from": "2001-01-01"}, "from", "at most 3660 days"),
        ({"kpi": "service_level", "from": "soon"}, "from", ""),
        ({"kpi": "service_level", "team": "refunds"}, "team", ""),
        ({"kpi": "service_level", "team": ""}, "team", "empty"),
        ({"kpi": "service_level", "channel": "pigeon"}, "channel", "pigeon"),
    ],
)
def test_a_wrong_question_is_a_400_that_names_what_is_wrong(director, figures, asked, named, says):
    response = caller(director).get(READINGS, WEEK | asked)
    assert response.status_code == 400, body(response)
    assert named in response.json()["errors"]
    assert says in response.json()["detail"]


def test_a_wrong_question_for_a_file_is_answered_in_json(director, figures):
    response = caller(director).get(READINGS, WEEK | {"kpi": "occupancy", "by": "queue", "format": "xlsx"})
    assert response.status_code == 400
    assert response["Content-Type"] == "application/json"
    assert "Occupancy" in response.json()["detail"]


def test_supervisors_are_answered_from_their_own_teams_and_agents_from_their_own_work(cast, figures, chen):
    def handled(who: str) -> dict[str, float]:
        asked = WEEK | {"kpi": "contacts_handled", "by": "agent"}
        return {row["agent_name"]: row["value"] for row in readings(caller(cast[who]).get(READINGS, asked))}

    assert handled("director") == {"Lin Chen": 3, "Mei Zhao": 2}
    assert handled("refunds_supervisor") == {"Lin Chen": 3, "Mei Zhao": 2}
    assert handled("billing_supervisor") == {}
    assert handled("chen") == {"Lin Chen": 3}


def test_an_agent_asking_for_a_kpi_without_agents_is_told_so(cast, figures):
    response = caller(cast["chen"]).get(READINGS, WEEK | {"kpi": "service_level"})
    assert response.status_code == 400
    assert "Service level" in response.json()["detail"]


def test_a_share_of_a_queue_of_others_is_never_told_as_if_it_were_the_whole(
    cast, figures, chen, refunds_line, billing_line, compute
):
    """Chen answers one of the billing line's two contacts: all of it that her supervisor sees, which is no 100%."""
    ContactFactory(queue=billing_line, agent=chen)
    compute()
    client = caller(cast["refunds_supervisor"])
    for asked in (WEEK | {"kpi": "service_level"}, WEEK | {"kpi": "contacts_handled,contacts_offered"}):
        refused = client.get(READINGS, asked | {"queue": billing_line.pk})
        assert refused.status_code == 400
        assert "your teams see only what they answered there" in refused.json()["detail"]
    assert client.get(ROWS, WEEK | {"kpi": "contacts_offered", "queue": billing_line.pk}).status_code == 400
    assert client.get(ROWS, WEEK | {"kpi": "contacts_handled", "queue": billing_line.pk}).json()["total"] == 1

    (handled,) = readings(client.get(READINGS, WEEK | {"kpi": "contacts_handled", "queue": billing_line.pk}))
    (offered,) = readings(client.get(READINGS, WEEK | {"kpi": "contacts_offered", "queue": refunds_line.pk}))
    split = readings(client.get(READINGS, WEEK | {"kpi": "contacts_offered,contacts_handled", "by": "queue"}))
    assert (handled["value"], offered["value"]) == (1, 5)
    assert {(row["kpi"], row["queue_name"], row["value"]) for row in split} == {
        ("contacts_offered", "Refunds line", 5),
        ("contacts_handled", "Refunds line", 5),
        ("contacts_handled", "Billing line", 1),
    }


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_every_file_holds_the_same_figures_as_json(director, figures, form):
    client = caller(director)
    asked = WEEK | {"kpi": "service_level,average_handle_time,wait_p90,csat", "by": "day,team"}
    expected = pd.DataFrame(readings(client.get(READINGS, asked)))
    response = client.get(READINGS, asked | {"format": form})
    assert response["Content-Disposition"].endswith(f'.{form}"')
    content = io.BytesIO(body(response))
    if form == "csv":
        frame = pd.read_csv(content)
    else:
        frame = pd.read_parquet(content) if form == "parquet" else pd.read_excel(content, engine="calamine")
    assert list(frame.columns) == list(expected.columns)
    assert len(frame) == len(expected) > 4
    assert [str(day)[:10] for day in frame["day"]] == list(expected["day"])
    for name in ("value", "top", "bottom", "n", "low", "high"):
        pd.testing.assert_series_equal(frame[name], expected[name], check_dtype=False)


def test_the_format_may_be_asked_for_by_header(director, figures):
    response = caller(director).get(READINGS, WEEK | {"kpi": "csat"}, headers={"Accept": "text/csv"})
    assert response["Content-Type"] == "text/csv"


def test_names_in_files_cannot_run_as_formulas(director, figures, refunds):
    refunds.name = "=1+1"
    refunds.save()
    client = caller(director)
    asked = WEEK | {"kpi": "contacts_handled", "by": "team"}
    (row,) = csv.DictReader(io.StringIO(body(client.get(READINGS, asked | {"format": "csv"})).decode()))
    assert row["team_name"] == "'=1+1"
    sheet = pd.read_excel(io.BytesIO(body(client.get(READINGS, asked | {"format": "xlsx"}))), engine="calamine")
    assert list(sheet["team_name"]) == ["'=1+1"]


def test_a_year_by_day_and_queue_comes_in_one_call(director, refunds_line, billing_line, compute):
    first = dt.datetime(2025, 11, 3, 11, tzinfo=dt.UTC)
    for week in range(53):
        for line in (refunds_line, billing_line):
            ContactFactory(queue=line, offered_at=first + dt.timedelta(weeks=week))
    compute()
    asked = {"from": "2025-11-01", "to": "2026-11-30", "kpi": "contacts_offered,service_level", "by": "day,queue"}
    found = readings(caller(director).get(READINGS, asked))
    offered = [row for row in found if row["kpi"] == "contacts_offered"]
    assert len(offered) == 106
    assert sum(row["value"] for row in offered) == 106
    assert [row["day"] for row in offered] == sorted(row["day"] for row in offered)
    (whole,) = readings(caller(director).get(READINGS, asked | {"by": ""}))[:1]
    assert whole["value"] == 106


def test_the_queries_of_a_call_do_not_grow_with_the_kpis(director, figures, django_assert_max_num_queries):
    client = caller(director)
    client.get(READINGS, WEEK | {"kpi": "csat"})
    with django_assert_max_num_queries(13):
        readings(client.get(READINGS, WEEK | {"kpi": ",".join(KPIS), "by": "team"}))


def test_an_unchanged_answer_is_a_304_until_a_run_changes_it(director, figures, refunds_line, compute):
    client, asked = caller(director), WEEK | {"kpi": "contacts_offered"}
    first = client.get(READINGS, asked)
    again = client.get(READINGS, asked, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, body(again)) == (304, b"")
    ContactFactory(queue=refunds_line)
    compute(MONDAY_NOON.date())
    changed = client.get(READINGS, asked, headers={"If-None-Match": first["ETag"]})
    assert [row["value"] for row in readings(changed)] == [7]


@pytest.mark.parametrize("place", ["refunds", "chen", "refunds_line", "site"])
def test_a_new_name_changes_the_answer(director, figures, request, place):
    client, asked = caller(director), WEEK | {"kpi": "contacts_handled", "by": "team"}
    first = client.get(READINGS, asked)
    row = request.getfixturevalue(place)
    row.name = "Renamed"
    row.save()
    assert client.get(READINGS, asked, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_an_answer_changes_while_a_run_computes_its_days(director, figures):
    client, asked = caller(director), WEEK | {"kpi": "contacts_handled"}
    first = client.get(READINGS, asked)
    running = Run.objects.create(kind=Run.Kind.CHANGES)
    opened = client.get(READINGS, asked)
    compute_days(running.pk, Period(MONDAY_NOON.date(), MONDAY_NOON.date()))
    assert len({first["ETag"], opened["ETag"], client.get(READINGS, asked)["ETag"]}) == 3


def test_an_etag_of_one_caller_tells_another_nothing(cast, figures):
    asked = WEEK | {"kpi": "contacts_handled"}
    etag = caller(cast["director"]).get(READINGS, asked)["ETag"]
    other = caller(cast["billing_supervisor"]).get(READINGS, asked, headers={"If-None-Match": etag})
    assert other.status_code == 200


def test_the_rows_behind_a_reading_are_as_many_as_it_says(director, figures):
    client = caller(director)
    (row,) = readings(client.get(READINGS, WEEK | {"kpi": "service_level"}))
    behind = client.get(ROWS, WEEK | {"kpi": "service_level", "part": "top"}).json()
    assert behind["tally"] == "answered_in_time"
    assert behind["total"] == len(behind["results"]) == row["top"]
    assert {contact["outcome"] for contact in behind["results"]} == {"answered"}


def test_the_rows_behind_a_sum_add_up_to_it(director, figures, chen):
    client = caller(director)
    kept = WEEK | {"agent": chen.pk}
    (row,) = readings(client.get(READINGS, kept | {"kpi": "average_handle_time"}))
    behind = client.get(ROWS, kept | {"kpi": "average_handle_time"}).json()
    assert behind["total"] == row["top"] == 640
    times = ("talk_seconds", "hold_seconds", "wrap_seconds")
    assert sum(float(contact[name]) for contact in behind["results"] for name in times) == 640


def test_a_part_of_several_tallies_names_them_and_each_can_be_asked_for(director, figures):
    client = caller(director)
    refused = client.get(ROWS, WEEK | {"kpi": "nps", "part": "top"})
    assert refused.status_code == 400
    assert "nps_promoters, nps_detractors" in refused.json()["detail"]
    totals = {
        part: client.get(ROWS, WEEK | {"kpi": "nps", "part": part}).json()["total"]
        for part in ("nps_promoters", "nps_detractors", "bottom")
    }
    (row,) = readings(client.get(READINGS, WEEK | {"kpi": "nps"}))
    assert totals["nps_promoters"] - totals["nps_detractors"] == row["top"]
    assert totals["bottom"] == row["bottom"]


def test_the_answers_behind_satisfaction_are_survey_answers(director, figures):
    behind = caller(director).get(ROWS, WEEK | {"kpi": "csat"}).json()
    assert behind["fact"] == "surveyanswer"
    assert [answer["csat"] for answer in behind["results"]] == [4]


def test_rows_come_in_pages_and_only_the_first_counts_them(director, figures):
    client = caller(director)
    first = client.get(ROWS, WEEK | {"kpi": "contacts_offered", "page_size": 4}).json()
    second = client.get(first["next"]).json()
    assert (first["total"], second["total"]) == (6, None)
    assert len({row["id"] for row in first["results"] + second["results"]}) == 6


def test_the_rows_behind_a_reading_are_the_viewers_own(cast, figures):
    asked = WEEK | {"kpi": "contacts_handled"}
    assert caller(cast["chen"]).get(ROWS, asked).json()["total"] == 3
    assert caller(cast["billing_supervisor"]).get(ROWS, asked).json()["total"] == 0


@pytest.mark.parametrize("key", list(KPIS))
def test_every_kpi_is_read_and_its_rows_agree_with_it(director, figures, key):
    client = caller(director)
    (row,) = readings(client.get(READINGS, WEEK | {"kpi": key}))
    entry = client.get(f"/api/v1/kpis/{key}/").json()
    if not entry["top"] or len(entry["top"]) > 1:
        return
    behind = client.get(ROWS, WEEK | {"kpi": key, "part": "top"}).json()
    assert behind["total"] == pytest.approx(row["top"] or 0)


def test_rows_need_the_scope_of_contacts(director, figures):
    client = caller(director, Scope.READ_KPIS)
    assert client.get(ROWS, WEEK | {"kpi": "contacts_offered"}).status_code == 403
