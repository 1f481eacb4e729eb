"""How a source's mapping turns its columns into facts."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from interactions.mapping import suggest_columns
from interactions.models import Contact
from people.models import Site
from tests.interactions.deliveries import counts, deliver, new_source, reasons

pytestmark = pytest.mark.django_db

NEEDED = {"external_id": {"from": "id"}, "queue": {"constant": "refunds-line"}, "outcome": {"constant": "abandoned"}}


def taken(site: Site, columns: dict, header: str, *rows: str, **options) -> list[Contact]:
    """The contacts that these rows become under this mapping."""
    source = new_source(site, "mapped", {"columns": {**NEEDED, **columns}, **options})
    delivery = deliver(source, [header, *rows])
    assert counts(delivery) == {"new": len(rows)}, reasons(delivery)
    return list(Contact.objects.order_by("external_id"))


@pytest.mark.parametrize(
    ("form", "value", "utc"),
    [
        ("%d.%m.%Y %H:%M:%S", "2.11.2026 13:05:09", "2026-11-02 12:05:09"),
        ("%m/%d/%Y %I:%M %p", "11/02/2026 01:05 PM", "2026-11-02 12:05:00"),
        ("%m/%d/%Y %I:%M %p", "11/02/2026 12:05 am", "2026-11-01 23:05:00"),
        ("%y%m%d %H:%M:%S", "990101 0:00:36", "1998-12-31 23:00:36"),
        ("%y%m%d %H:%M:%S", "680101 0:00:36", None),
        ("%Y%m%dT%H%M%S%z", "20261102T130509+0500", "2026-11-02 08:05:09"),
        ("%d.%m.%Y %H:%M:%S.%f", "02.11.2026 13:05:09.25", "2026-11-02 12:05:09.250000"),
        ("epoch", "1793620800", "2026-11-02 12:00:00"),
        ("epoch_ms", "1793620800500", "2026-11-02 12:00:00.500000"),
        ("%d.%m.%Y %H:%M:%S", "2026-11-02 13:00:00", "2026-11-02 12:00:00"),
        ("%d.%m.%Y %H:%M:%S", "31.2.2026 13:00:00", None),
    ],
)
def test_a_stated_format_reads_the_time(site, refunds_line, form, value, utc):
    source = new_source(site, "mapped", {"columns": {**NEEDED, "offered_at": {"from": "at", "format": form}}})
    delivery = deliver(source, ["id,at", f"1,{value}"])
    found = Contact.objects.values_list("offered_at", flat=True).first()
    assert found == (dt.datetime.fromisoformat(f"{utc}+00:00") if utc else None), reasons(delivery)


@pytest.mark.parametrize(
    ("unit", "value", "seconds"),
    [("s", "75", 75), ("ms", "75500", 75.5), ("min", "1.5", 90), ("s", "1:15", 75), ("s", "1:01:15", 3675),
     ("s", "1:15.5", 75.5), ("s", "0", 0)],
)  # fmt: skip
def test_durations_come_in_several_forms(site, refunds_line, unit, value, seconds):
    columns = {"offered_at": {"from": "at"}, "wait_seconds": {"from": "wait", "unit": unit}}
    [contact] = taken(site, columns, "id,at,wait", f"1,2026-11-02 12:00:00,{value}")
    assert contact.wait_seconds == seconds


def test_a_comma_may_be_the_decimal_sign(site, refunds_line):
    columns = {"offered_at": {"from": "at"}, "wait_seconds": {"from": "wait"}, "cost": {"from": "cost"}}
    [contact] = taken(site, columns, "id;at;wait;cost", "1;2026-11-02 12:00:00;1,5;0,25", decimal=",", delimiter=";")
    assert (float(contact.wait_seconds), float(contact.cost)) == (1.5, 0.25)


def test_columns_are_joined_values_translated_and_nothing_is_nothing(site, chen, refunds_line):
    columns = {
        "external_id": {"from": ["line", "id"], "separator": "-"},
        "offered_at": {"from": ["date", "time"], "format": "%y%m%d %H:%M:%S"},
        "outcome": {"from": "end", "values": {"AGENT": "answered", "HANG": "abandoned"}},
        "agent": {"from": "server", "none": ["NO_SERVER"]},
        "customer": {"from": "caller", "none": ["0"]},
        "is_transferred": {"from": "moved"},
    }
    header = "line,id,date,time,end,server,caller,moved"
    rows = ["A'1,7,261102,9:05:00,AGENT,chen,77,ja", "A'1,8,261102,9:06:00,HANG,NO_SERVER,0,no"]
    first, second = taken(site, columns, header, *rows)
    assert (first.external_id, first.outcome, first.agent, first.is_transferred) == ("A'1-7", "answered", chen, True)
    assert first.offered_at == dt.datetime(2026, 11, 2, 8, 5, tzinfo=dt.UTC)
    assert first.customer is not None
    assert (second.agent, second.customer, second.outcome) == (None, None, "abandoned")


def test_rows_that_are_nothing_of_the_kind_are_set_aside_with_the_reason(site, refunds_line):
    rule = {"column": "end", "is": ["PHANTOM", "TEST"], "reason": "Nobody was there."}
    mapping = {"columns": {**NEEDED, "offered_at": {"from": "at"}}, "set_aside": [rule]}
    delivery = deliver(new_source(site, "mapped", mapping), [
        "id,at,end", "1,2026-11-02 12:00:00,HANG", "2,rubbish,PHANTOM", "3,,TEST"])  # fmt: skip
    assert counts(delivery) == {"new": 1, "set_aside": 2}
    aside = delivery.rejected_rows.filter(kind="set_aside")
    assert list(aside.values_list("line", "column", "value", "reason")) == [
        (3, "end", "PHANTOM", "Nobody was there."), (4, "end", "TEST", "Nobody was there.")]  # fmt: skip


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ([], "A mapping is a JSON object"),
        ({"colums": {}}, "The mapping has a key “colums” that means nothing here."),
        ({"columns": {"wait": {"from": "x"}}}, "“wait” is no column of this fact. It has: external_id"),
        ({"columns": {"queue": {}}}, "“queue” needs “from”"),
        ({"columns": {"queue": {"from": 7}}}, "“queue”: “from” is the name of a column"),
        ({"columns": {"queue": {"from": "x", "fomat": "y"}}}, "“queue” has a key “fomat”"),
        ({"columns": {"queue": {"from": "x", "format": "%Y"}}}, "“queue” is no time"),
        ({"columns": {"offered_at": {"from": "x", "format": "%Q"}}}, "“%Q” is no part of a time"),
        ({"columns": {"offered_at": {"from": "x", "format": "%H:%M"}}}, "needs day, month and year"),
        ({"columns": {"wait_seconds": {"from": "x", "unit": "h"}}}, "“unit” is for durations"),
        ({"columns": {"outcome": {"from": "x", "values": {"A": "lost"}}}}, "“lost” is none of: answered"),
        ({"columns": {"customer": {"from": ["x", "y"]}}}, "“customer” comes from one column only."),
        ({"encoding": "klingon"}, "“encoding” is one of"),
        ({"set_aside": [{"column": "x"}]}, "“set_aside” is a list of objects"),
    ],
)
def test_a_mapping_that_means_nothing_is_refused_with_a_sentence(site, mapping, says):
    with pytest.raises(ValidationError) as refused:
        new_source(site, "mapped", mapping)
    assert says in " ".join(refused.value.messages)


def test_columns_are_suggested_by_their_names():
    header = ["Call ID", "Start-Time", "Skill", "AGENT", "queue time", "Talk Time", "colour"]
    assert suggest_columns("contacts", header) == {
        "external_id": "Call ID", "offered_at": "Start-Time", "queue": "Skill", "agent": "AGENT",
        "wait_seconds": "queue time", "talk_seconds": "Talk Time"}  # fmt: skip


def test_columns_are_suggested_by_the_names_that_exports_often_use():
    header = ["interaction_id", "queue_name", "agent_name", "offer_time", "answer", "hangup", "hold_time", "acw_time"]
    assert suggest_columns("contacts", header) == {
        "external_id": "interaction_id", "queue": "queue_name", "agent": "agent_name", "offered_at": "offer_time",
        "answered_at": "answer", "ended_at": "hangup", "hold_seconds": "hold_time",
        "wrap_seconds": "acw_time"}  # fmt: skip


BANK = (
    "vru+line call_id customer_id priority type date vru_entry vru_exit vru_time q_start q_exit q_time outcome "
    "ser_start ser_exit ser_time server"
)
BANK_ROWS = [
    "AA0101 1 900 2 PS 990103 8:00:00 8:00:10 10 8:00:10 8:00:30 20 AGENT 8:00:30 8:02:30 120 MICHAL",
    "AA0101 2 0 0 PS 990103 8:00:00 8:00:10 10 0:00:00 0:00:00 0 AGENT 8:00:10 8:01:10 60 BASCH",
    "AA0101 3 901 2 NW 990103 8:00:00 8:00:10 10 8:00:10 8:00:14 4 HANG 0:00:00 0:00:00 0 NO_SERVER",
    "AA0101 4 902 2 NW 990103 8:00:00 8:00:10 10 8:00:10 8:00:31 21 PHANTOM 0:00:00 0:00:00 0 NO_SERVER",
    # The same number of call on another day, and times that run backwards as in the real file.
    "AA0101 1 900 2 PS 990104 23:59:50 0:00:10 20 0:00:10 0:00:31 21 AGENT 0:00:30 0:01:30 60 MICHAL",
]


def test_the_anonymous_banks_preset_goes_in_with_one_command(tmp_path, capsys, db):
    file = tmp_path / "january.txt"
    file.write_bytes(
        "\r\n".join([BANK.replace(" ", "\t"), *(row.replace(" ", "\t") for row in BANK_ROWS), ""]).encode()
    )
    call_command("import_contacts", str(file), preset="anonymous_bank")
    assert "5 rows read: 4 new, 0 changed, 0 unchanged, 1 set aside, 0 rejected." in capsys.readouterr().out
    assert Site.objects.get(code="anonymous-bank").time_zone == "Asia/Jerusalem"
    found = Contact.objects.order_by("offered_at", "external_id").values_list(
        "external_id", "queue__code", "agent__name", "reason__code", "outcome", "wait_seconds", "talk_seconds", "day"
    )
    third, fourth = dt.date(1999, 1, 3), dt.date(1999, 1, 4)
    assert list(found) == [
        ("AA0101-1-990103", "PS", "MICHAL", "PS", "answered", 20, 120, third),
        ("AA0101-2-990103", "PS", "BASCH", "PS", "answered", 0, 60, third),
        ("AA0101-3-990103", "NW", None, "NW", "abandoned", 4, 0, third),
        ("AA0101-1-990104", "PS", "MICHAL", "PS", "answered", 21, 60, fourth),
    ]  # fmt: skip
    known = {c.external_id: c.customer is not None for c in Contact.objects.all()}
    assert known["AA0101-1-990103"]
    assert not known["AA0101-2-990103"]
    # Jerusalem is UTC+2 in January.
    assert Contact.objects.get(external_id="AA0101-1-990103").offered_at == dt.datetime(
        1999, 1, 3, 6, 0, 10, tzinfo=dt.UTC)  # fmt: skip
    call_command("import_contacts", str(file), preset="anonymous_bank")
    assert "0 new, 0 changed, 4 unchanged, 1 set aside" in capsys.readouterr().out


def test_the_command_says_what_is_missing(tmp_path, source, refunds_line):
    file = tmp_path / "calls.csv"
    with pytest.raises(CommandError, match="There is no file"):
        call_command("import_contacts", str(file), source="calls")
    file.write_text("id\n1\n")
    with pytest.raises(CommandError, match=r"There is no source “nowhere”\. Known are: calls"):
        call_command("import_contacts", str(file), source="nowhere")
    with pytest.raises(CommandError, match="There is no site “moon”"):
        call_command("import_contacts", str(file), preset="anonymous_bank", site="moon")
    with pytest.raises(CommandError, match="Nothing says where these columns come from"):
        call_command("import_contacts", str(file), source="calls")
