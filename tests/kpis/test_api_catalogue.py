"""Catalogue, runs and targets over REST."""

from __future__ import annotations

import datetime as dt

import pytest
from kombu.exceptions import OperationalError

from kpis.definitions import KPIS
from kpis.models import Run
from kpis.tasks import begin
from people.tokens.models import Scope
from tests.callers import caller
from tests.factories import MONDAY_NOON, ContactFactory, TargetFactory

KPI = "/api/v1/kpis/"
RUNS = "/api/v1/runs/"
TARGETS = "/api/v1/targets/"


def test_the_catalogue_holds_every_kpi_with_its_definition(director):
    found = caller(director).get(KPI).json()
    assert [entry["key"] for entry in found] == list(KPIS)
    for entry in found:
        assert all(entry[name] for name in ("name", "question", "formula", "definition", "unit", "better")), entry[
            "key"
        ]


def test_an_entry_says_what_it_is_made_of_and_may_be_split_by(director):
    entry = caller(director).get(f"{KPI}service_level/").json()
    assert [term["tally"] for term in entry["top"]] == ["answered_in_time"]
    assert [term["tally"] for term in entry["bottom"]] == ["contacts_judged"]
    score = caller(director).get(f"{KPI}nps/").json()
    assert [(term["tally"], term["sign"]) for term in score["top"]] == [("nps_promoters", 1), ("nps_detractors", -1)]
    assert "queue" in entry["dimensions"]
    assert "agent" not in entry["dimensions"]


def test_a_kpi_that_is_not_there_is_a_404_with_a_sentence(director):
    response = caller(director).get(f"{KPI}happiness/")
    assert response.status_code == 404
    assert response.json()["detail"] == "There is no KPI “happiness”."


def test_the_catalogue_is_not_sent_again_unchanged(director):
    client = caller(director)
    first = client.get(KPI)
    assert client.get(KPI, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.get(f"{KPI}csat/", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_an_administrator_starts_a_run_and_follows_it(administrator, refunds_line, compute):
    ContactFactory(queue=refunds_line)
    client = caller(administrator)
    response = client.post(RUNS, {"kind": "rebuild"}, format="json")
    assert response.status_code == 202
    run = client.get(f"{RUNS}{response.json()['id']}/").json()
    assert (run["state"], run["started_by"], run["horizon"]) == ("done", "Ada Administrator", "2026-11-02")
    assert "2026-11-02" in [day["day"] for day in run["days"]]
    assert run["days_done"] == run["days_planned"] == len(run["days"])


def test_a_run_may_be_kept_to_a_period(administrator, refunds_line, compute):
    for days in range(4):
        ContactFactory(queue=refunds_line, offered_at=MONDAY_NOON + dt.timedelta(days=days))
    compute()
    asked = {"kind": "rebuild", "from": "2026-11-03", "to": "2026-11-04"}
    run_id = caller(administrator).post(RUNS, asked, format="json").json()["id"]
    assert Run.objects.get(pk=run_id).days.count() == 2


def test_a_run_is_kept_to_the_days_that_have_facts(administrator, refunds_line, compute):
    client = caller(administrator)
    asked = {"kind": "rebuild", "from": "2020-01-01", "to": "2026-12-31"}
    assert client.post(RUNS, asked, format="json").json()["detail"] == "from: There are no facts yet."
    ContactFactory(queue=refunds_line)
    compute()

    run_id = client.post(RUNS, asked, format="json").json()["id"]
    assert Run.objects.get(pk=run_id).days.count() == 1
    before = client.post(RUNS, asked | {"to": "2026-11-01"}, format="json")
    assert (before.status_code, before.json()["detail"]) == (
        400,
        "from: There are facts from Nov 2, 2026 to Nov 2, 2026 only.",
    )


def test_without_a_broker_a_run_is_refused_and_closed_as_failed(administrator, refunds_line, monkeypatch):
    monkeypatch.setattr(begin, "delay", unreachable)
    response = caller(administrator).post(RUNS, {"kind": "rebuild"}, format="json")
    assert response.status_code == 503
    assert response.json()["detail"].startswith("The workers cannot be reached.")
    assert [run.state for run in Run.objects.all()] == [Run.State.FAILED]


def unreachable(*_arguments):
    raise OperationalError("Connection refused")


@pytest.mark.parametrize("who", ["chen", "refunds_supervisor", "director", "qa_analyst", "administrator"])
def test_the_log_is_read_by_those_who_see_the_whole_centre(who, cast, sign_in, director):
    run = Run.objects.create(kind=Run.Kind.REBUILD, started_by=director)
    sees = cast[who].sees_everything
    for client in (caller(cast[who]), sign_in(cast[who])):
        assert len(client.get(RUNS).json()["results"]) == sees
        assert client.get(f"{RUNS}{run.pk}/").status_code == (200 if sees else 404)


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"kind": "yearly"}, "kind"),
        ({"kind": "rebuild", "from": "2026-11-03"}, "to"),
        ({"kind": "rebuild", "from": "2026-11-03", "to": "2026-11-01"}, "to"),
        ({"kind": "rebuild", "from": "2001-01-01", "to": "2026-11-01"}, "from"),
        ({"kind": "rebuild", "from": "0001-01-01", "to": "9999-12-31"}, "from"),
        ({"kind": "changes", "from": "2026-11-01", "to": "2026-11-03"}, "from"),
    ],
)
def test_a_run_that_makes_no_sense_is_refused_by_name(administrator, asked, named):
    response = caller(administrator).post(RUNS, asked, format="json")
    assert response.status_code == 400
    assert named in response.json()["errors"]
    assert not Run.objects.exists()


def test_nobody_else_starts_a_run_nor_an_administrators_token_without_the_scope(cast):
    assert caller(cast["director"]).post(RUNS, {"kind": "rebuild"}, format="json").status_code == 403
    client = caller(cast["administrator"], Scope.READ_KPIS)
    assert client.post(RUNS, {"kind": "rebuild"}, format="json").status_code == 403
    assert client.get(RUNS).status_code == 200


def test_targets_are_read_by_those_they_concern(cast, chen, smit, refunds, billing):
    TargetFactory(kpi="csat")
    for number, place in enumerate(({"team": refunds}, {"team": billing}, {"agent": chen}, {"agent": smit})):
        TargetFactory(starts_on=dt.date(2026, 1, 1 + number), **place)

    def seen(who: str) -> set[tuple]:
        rows = caller(cast[who]).get(TARGETS).json()["results"]
        return {(row["team"], row["agent"]) for row in rows}

    assert seen("director") == {(None, None), (refunds.pk, None), (billing.pk, None), (None, chen.pk), (None, smit.pk)}
    assert seen("chen") == {(None, None), (None, chen.pk)}
    assert seen("refunds_supervisor") == {(None, None), (refunds.pk, None), (None, chen.pk)}
    assert seen("billing_supervisor") == {(None, None), (billing.pk, None), (None, smit.pk)}
