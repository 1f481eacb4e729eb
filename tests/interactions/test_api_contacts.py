"""Contacts over REST: page by page, and whole as a file."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pyarrow.parquet as pq
import pytest

from interactions.models import Contact, Outcome
from people.models import Channel
from tests.callers import body, caller
from tests.factories import MONDAY_NOON, ContactFactory

CONTACTS = "/api/v1/contacts/"
EXPORT = "/api/v1/contacts/export/"
NOVEMBER = {"from": "2026-11-01", "to": "2026-11-30"}


@pytest.fixture
def contacts(source, chen, zhao, smit, refunds_line, billing_line, reason) -> dict[str, Contact]:
    """Two of Chen's, one of Zhao's, one of Smit's, one that hung up in Billing the day after."""
    own = {"source": source, "reason": reason}
    return {
        "a": ContactFactory(external_id="a", queue=refunds_line, agent=chen, customer=2**62, **own),
        "b": ContactFactory(external_id="b", queue=refunds_line, agent=chen, is_transferred=True, **own),
        "c": ContactFactory(external_id="c", queue=refunds_line, agent=zhao, is_resolved=True, **own),
        "d": ContactFactory(external_id="d", queue=billing_line, agent=smit, channel=Channel.CHAT, **own),
        "e": ContactFactory(
            external_id="e",
            queue=billing_line,
            outcome=Outcome.ABANDONED,
            offered_at=MONDAY_NOON + dt.timedelta(days=1),
            source=source,
        ),
    }


def ids(response) -> list[str]:
    assert response.status_code == 200, response.content
    return [row["external_id"] for row in response.json()["results"]]


def exported(response) -> list[dict[str, str]]:
    assert response.status_code == 200, body(response)
    return list(csv.DictReader(io.StringIO(body(response).decode())))


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("director", "edcba"),
        ("administrator", "edcba"),
        ("refunds_supervisor", "cba"),
        ("billing_supervisor", "ed"),
        ("chen", "ba"),
        ("zhao", "c"),
    ],
)
def test_everyone_reads_their_own_contacts_and_no_others_in_lists_and_files(cast, contacts, who, seen):
    client = caller(cast[who])
    assert ids(client.get(CONTACTS)) == list(seen)
    assert {row["external_id"] for row in exported(client.get(EXPORT, NOVEMBER))} == set(seen)


def test_another_teams_contact_is_the_same_404_as_none(cast, contacts):
    client = caller(cast["refunds_supervisor"])
    assert client.get(f"{CONTACTS}{contacts['a'].pk}/").json()["external_id"] == "a"
    not_mine, not_there = client.get(f"{CONTACTS}{contacts['d'].pk}/"), client.get(f"{CONTACTS}999999/")
    assert not_mine.status_code == not_there.status_code == 404
    assert not_mine.json() == not_there.json()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"from": "2026-11-03"}, "e"),
        ({"to": "2026-11-02"}, "dcba"),
        ({"answered_from": "2026-11-02", "answered_to": "2026-11-02"}, "dcba"),
        ({"outcome": "abandoned"}, "e"),
        ({"channel": "chat,email"}, "d"),
        ({"is_transferred": "true"}, "b"),
        ({"is_resolved": "true"}, "c"),
        ({"external_id": "a,d"}, "da"),
        ({"source": "calls"}, "edcba"),
        ({"source": "others"}, ""),
    ],
)
def test_contacts_are_narrowed_down(director, contacts, asked, found):
    assert ids(caller(director).get(CONTACTS, asked)) == list(found)


def test_contacts_are_narrowed_down_by_team_agent_queue_and_reason(director, contacts, chen, billing, reason):
    client = caller(director)
    assert ids(client.get(CONTACTS, {"agent": chen.pk})) == ["b", "a"]
    assert ids(client.get(CONTACTS, {"team": billing.pk})) == ["e", "d"]
    assert ids(client.get(CONTACTS, {"queue": contacts["e"].queue_id, "reason": reason.pk})) == ["d"]


def test_pages_follow_each_other_until_all_are_read_once(director, contacts):
    client = caller(director)
    address, seen = f"{CONTACTS}?page_size=2", []
    while address:
        page = client.get(address)
        seen += ids(page)
        address = page.json()["next"]
    assert seen == list("edcba")


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"from": "yesterday"}, "from"),
        ({"queue": "refunds"}, "queue"),
        ({"queue": str(2**63)}, "queue"),
        ({"qeue": "1"}, "qeue"),
    ],
)
def test_a_wrong_parameter_is_a_400_that_names_it(director, contacts, asked, named):
    response = caller(director).get(CONTACTS, asked)
    assert response.status_code == 400
    assert named in response.json()["errors"]
    assert response.json()["detail"].startswith(named)


def test_names_stand_beside_ids(director, contacts, chen, refunds, refunds_line):
    row = caller(director).get(f"{CONTACTS}{contacts['a'].pk}/").json()
    assert (row["agent"], row["agent_name"]) == (chen.pk, "Lin Chen")
    assert (row["team_name"], row["queue_name"], row["reason_name"]) == ("Refunds", "Refunds line", "Refund")
    assert row["talk_seconds"] == "100.000"


def test_a_page_of_contacts_takes_two_queries(director, contacts, django_assert_num_queries):
    client = caller(director)
    client.get(CONTACTS)
    with django_assert_num_queries(2):  # token, contacts with all names
        client.get(CONTACTS)


def test_who_sees_the_whole_centre_can_tell_customers_apart_and_others_cannot(cast, contacts, chen):
    address = f"{CONTACTS}{contacts['a'].pk}/"
    assert caller(cast["director"]).get(address).json()["customer"] == str(2**62)
    assert exported(caller(cast["director"]).get(EXPORT, NOVEMBER))[0]["customer"] == str(2**62)
    for who in ("refunds_supervisor", "chen"):
        assert caller(cast[who]).get(address).json()["customer"] is None
        assert {row["customer"] for row in exported(caller(cast[who]).get(EXPORT, NOVEMBER))} == {""}


def test_an_export_needs_a_period_and_says_so(director, contacts):
    response = caller(director).get(EXPORT, {"from": "2026-11-01"})
    assert response.status_code == 400
    assert response["Content-Type"] == "application/json"
    assert response.json()["errors"] == {"to": ["is needed for an export: a day such as 2026-11-01."]}


def test_the_csv_holds_every_column_of_a_contact(director, contacts):
    response = caller(director).get(EXPORT, NOVEMBER)
    assert response["Content-Type"] == "text/csv"
    assert response["Content-Disposition"] == 'attachment; filename="contacts-2026-11-01-2026-11-30.csv"'
    first = exported(response)[0]
    assert (
        first
        | {
            "external_id": "a",
            "queue": "refunds-line",
            "team": "refunds",
            "agent": "E1001",
            "agent_name": "Lin Chen",
            "outcome": "answered",
            "offered_at": "2026-11-02 11:00:00+00",
            "day": "2026-11-02",
            "slot": "24",
            "talk_seconds": "100.000",
            "is_transferred": "false",
            "is_resolved": "",
        }
        == first
    )


def test_exported_text_cannot_run_as_a_formula(director, contacts):
    contacts["a"].external_id = '=HYPERLINK("http://example.org")'
    contacts["a"].conversation_id = "＝1+1"
    contacts["a"].save()
    row = exported(caller(director).get(EXPORT, NOVEMBER))[0]
    assert row["external_id"] == '\'=HYPERLINK("http://example.org")'
    assert row["conversation_id"] == "'＝1+1"


def test_parquet_holds_the_same_contacts_with_their_types(director, contacts):
    response = caller(director).get(EXPORT, NOVEMBER | {"format": "parquet"})
    table = pq.read_table(io.BytesIO(body(response)))
    rows = {row["external_id"]: row for row in table.to_pylist()}
    assert set(rows) == set("abcde")
    assert rows["a"]["offered_at"] == MONDAY_NOON
    assert rows["a"]["talk_seconds"] == 100.0
    assert rows["a"]["day"] == dt.date(2026, 11, 2)
    assert rows["a"]["customer"] == 2**62
    assert rows["a"]["is_transferred"] is False
    assert rows["a"]["is_resolved"] is None
    assert rows["e"]["agent"] is None
    assert rows["e"]["conversation_id"] == ""
    assert table.num_columns == len(exported(caller(director).get(EXPORT, NOVEMBER))[0])


def test_instants_between_seconds_survive_an_export(director, contacts):
    moment = MONDAY_NOON + dt.timedelta(milliseconds=500)
    Contact.objects.filter(external_id="a").update(offered_at=moment)
    response = caller(director).get(EXPORT, NOVEMBER | {"format": "parquet", "external_id": "a"})
    assert pq.read_table(io.BytesIO(body(response)))["offered_at"].to_pylist() == [moment]


def test_an_export_of_nothing_is_a_file_with_headings_only(director, contacts):
    asked = {"from": "2020-01-01", "to": "2020-12-31"}
    assert body(caller(director).get(EXPORT, asked)).decode().startswith("id,source,external_id")
    empty = body(caller(director).get(EXPORT, asked | {"format": "parquet"}))
    assert pq.read_table(io.BytesIO(empty)).num_rows == 0
