"""Contacts by file: what a row becomes, sent once, twice, corrected, mended."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from io import StringIO

import pytest

from interactions.definitions import TEN_YEARS
from interactions.models import Contact, DirtyDay, Outcome
from interactions.rejected_file import rejected_rows_as_csv
from interactions.services.imports import create_import
from people.models import Queue, Reason
from tests.factories import AgentFactory, MembershipFactory, SiteFactory
from tests.interactions.deliveries import HEADER, counts, deliver, marked_days, new_source, reasons

pytestmark = pytest.mark.django_db

ANSWERED = "c1,refunds-line,E1001,+49 30 1234567,answered,2026-11-02 12:00:00,15,100.5,20"
ABANDONED = "c2,refunds-line,,,abandoned,2026-11-02 23:59:50,30,,"


def test_an_answered_call_gets_its_moments_day_slot_and_team(source, chen, refunds, refunds_line):
    assert counts(deliver(source, [HEADER, ANSWERED])) == {"new": 1}
    call = Contact.objects.get()
    assert (call.queue, call.agent, call.team, call.channel) == (refunds_line, chen, refunds, "voice")
    # Noon in Berlin in winter is 11:00 UTC; waited 15 s, talked 100.5 s.
    assert call.offered_at == dt.datetime(2026, 11, 2, 11, 0, tzinfo=dt.UTC)
    assert call.answered_at == dt.datetime(2026, 11, 2, 11, 0, 15, tzinfo=dt.UTC)
    assert call.ended_at == dt.datetime(2026, 11, 2, 11, 1, 55, 500_000, tzinfo=dt.UTC)
    assert (call.day, call.slot, call.answered_day, call.answered_slot) == (
        dt.date(2026, 11, 2), 24, dt.date(2026, 11, 2), 24)  # fmt: skip
    assert (call.wait_seconds, call.talk_seconds, call.wrap_seconds) == (15, Decimal("100.5"), 20)


def test_an_abandoned_call_belongs_to_the_queues_owner_and_may_end_on_the_next_day(source, refunds, refunds_line):
    deliver(source, [HEADER, ABANDONED])
    call = Contact.objects.get()
    assert (call.outcome, call.team, call.agent, call.answered_at) == (Outcome.ABANDONED, refunds, None, None)
    assert (call.day, call.ended_day, call.slot) == (dt.date(2026, 11, 2), dt.date(2026, 11, 3), 47)
    assert marked_days() == {"2026-11-02", "2026-11-03"}


def test_the_day_and_the_slot_are_those_of_the_queues_site(source, refunds_line, centre):
    tokyo = SiteFactory(code="tokyo", name="Tokyo", time_zone="Asia/Tokyo", country="JP", subdivision="")
    Queue.objects.filter(pk=refunds_line.pk).update(site=tokyo)
    deliver(source, [HEADER, "c1,refunds-line,,,abandoned,2026-11-02 17:10:00,5,,"])
    call = Contact.objects.get()
    # 17:10 in Berlin, the source's site, is 16:10 UTC and 1:10 on the next day in Tokyo.
    assert (call.offered_at.hour, call.day, call.slot) == (16, dt.date(2026, 11, 3), 2)


def test_a_time_with_a_zone_is_taken_by_it(source, refunds_line):
    rows = ["c1,refunds-line,,,abandoned,2026-11-02T12:00:00Z,5,,",
            "c2,refunds-line,,,abandoned,2026-11-02 12:00:00+05:30,5,,"]  # fmt: skip
    deliver(source, [HEADER, *rows])
    offered = Contact.objects.order_by("external_id").values_list("offered_at", flat=True)
    assert [f"{at:%H:%M}" for at in offered] == ["12:00", "06:30"]


def test_the_team_is_that_of_the_day_of_answering(source, refunds, billing, refunds_line):
    mover = AgentFactory(employee_number="E9", hired_on=dt.date(2026, 1, 1))
    MembershipFactory(agent=mover, team=refunds, starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 11, 2))
    MembershipFactory(agent=mover, team=billing, starts_on=dt.date(2026, 11, 2))
    rows = ["c1,refunds-line,E9,,answered,2026-11-01 23:59:50,5,10,0",
            "c2,refunds-line,E9,,answered,2026-11-01 23:59:50,30,10,0"]  # fmt: skip
    deliver(source, [HEADER, *rows])
    assert dict(Contact.objects.values_list("external_id", "team__code")) == {"c1": "refunds", "c2": "billing"}


def test_moments_stand_in_for_durations(source, chen, refunds_line):
    header = "external_id,queue,agent,offered_at,answered_at,ended_at,hold_seconds"
    rows = [
        "a,refunds-line,E1001,2026-11-02 12:00:00,2026-11-02 12:00:20,2026-11-02 12:02:00,10",
        "b,refunds-line,,2026-11-02 12:00:00,,2026-11-02 12:00:42,",
        "c,refunds-line,,2026-11-02 12:00:00,,,",
    ]
    deliver(source, [header, *rows])
    found = Contact.objects.order_by("external_id").values_list("outcome", "wait_seconds", "talk_seconds")
    # a: 20 s until answered, then 100 s less 10 s on hold. b: gave up after 42 s. c: still waiting.
    assert list(found) == [("answered", 20, 90), ("abandoned", 42, 0), ("waiting", 0, 0)]


def test_the_same_file_twice_changes_nothing(source, chen, refunds_line):
    deliver(source, [HEADER, ANSWERED, ABANDONED])
    DirtyDay.objects.all().delete()
    before = list(Contact.objects.order_by("pk").values())
    assert counts(deliver(source, [HEADER, ANSWERED, ABANDONED])) == {"unchanged": 2}
    assert list(Contact.objects.order_by("pk").values()) == before
    assert marked_days() == set()


def test_a_corrected_contact_changes_and_marks_its_old_and_its_new_days(source, chen, refunds_line):
    deliver(source, [HEADER, ANSWERED, ABANDONED])
    DirtyDay.objects.all().delete()
    moved = ANSWERED.replace("2026-11-02", "2026-11-05")
    assert counts(deliver(source, [HEADER, moved, ABANDONED])) == {"changed": 1, "unchanged": 1}
    assert Contact.objects.get(external_id="c1").day == dt.date(2026, 11, 5)
    assert marked_days() == {"2026-11-02", "2026-11-05"}


def test_an_open_ticket_marks_every_day_from_the_first_to_where_the_facts_reach(source, refunds_line):
    header = "external_id,channel,queue,outcome,offered_at,answered_at,ended_at,due_at"
    opened = "t1,ticket,refunds-line,waiting,2026-11-02 12:00:00,,,2026-11-09 12:00:00"
    later = "t2,ticket,refunds-line,waiting,2026-11-05 12:00:00,,,"
    deliver(source, [header, opened, later])
    assert marked_days() == {f"2026-11-{day:02}" for day in (2, 3, 4, 5, 9)}
    DirtyDay.objects.all().delete()
    closed = "t1,ticket,refunds-line,answered,2026-11-02 12:00:00,2026-11-03 09:00:00,2026-11-03 10:00:00,"
    assert counts(deliver(source, [header, closed])) == {"changed": 1}
    assert marked_days() == {f"2026-11-{day:02}" for day in (2, 3, 4, 5, 9)}


def test_two_sources_may_use_the_same_ids(source, site, refunds_line):
    other = new_source(site, "other")
    deliver(source, [HEADER, ABANDONED])
    assert counts(deliver(other, [HEADER, ABANDONED])) == {"new": 1}
    assert Contact.objects.count() == 2


def test_an_older_version_never_replaces_a_newer_one(source, refunds_line):
    header = "external_id,queue,outcome,offered_at,wait_seconds,source_version"
    row = "c1,refunds-line,abandoned,2026-11-02 12:00:00,{},2026-11-02T12:{}:00"
    deliver(source, [header, row.format(10, 30)])
    assert counts(deliver(source, [header, row.format(20, 29)])) == {"unchanged": 1}
    assert Contact.objects.get().wait_seconds == 10
    assert counts(deliver(source, [header, row.format(30, 31)])) == {"changed": 1}
    assert Contact.objects.get().wait_seconds == 30


def test_of_the_versions_in_one_file_the_greatest_counts(source, refunds_line):
    header = "external_id,queue,outcome,offered_at,wait_seconds,source_version"
    row = "c1,refunds-line,abandoned,2026-11-02 12:00:00,{},{}"
    assert counts(deliver(source, [header, row.format(1, "b"), row.format(2, "c"), row.format(3, "a")])) == {
        "new": 1, "unchanged": 2}  # fmt: skip
    assert Contact.objects.get().wait_seconds == 2


def test_rows_that_say_the_same_twice_count_once_and_others_name_the_first(source, refunds_line):
    other = ABANDONED.replace(",30,", ",31,")
    delivery = deliver(source, [HEADER, ABANDONED, ABANDONED, other])
    assert counts(delivery) == {"new": 1, "unchanged": 1, "rejected": 1}
    assert list(reasons(delivery)) == [4]
    assert "Line 2 has the same external id" in reasons(delivery)[4]
    assert Contact.objects.get().wait_seconds == 30


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("c1,refunds-line,,,abandoned,2026-11-02 12:00:00,-5,,", "Wait: “-5” is less than 0."),
        ("c1,refunds-line,,,abandoned,yesterday,5,,", "Offered: “yesterday” is no date and time"),
        ("c1,refunds-line,,,abandoned,2026-02-30 12:00:00,5,,", "Offered: “2026-02-30 12:00:00” is no date and time"),
        ("c1,refunds-line,,,abandoned,2026-11-02 12:00 Mars/Base,5,,", "“2026-11-02 12:00 Mars/Base” is no date"),
        ("c1,refunds-line,,,abandoned,2092-11-02 12:00:00,5,,", "Offered: “2092-11-02 12:00:00” lies in the future."),
        ("c1,refunds-line,,,abandoned,0026-11-02 12:00:00,5,,", "is less than 1970-01-01."),
        ("c1,refunds-line,,,abandoned,2026-11-02 12:00:00,soon,,", "Wait: “soon” is not a duration in seconds"),
        ("c1,refunds-line,,,abandoned,2026-11-02 12:00:00,NaN,,", "Wait: “NaN” is not a duration"),
        ("c1,refunds-line,,,abandoned,2026-11-02 12:00:00,999999999999,,", "Wait: “999999999999” is more than"),
        ("c1,refunds-line,,,lost,2026-11-02 12:00:00,5,,", "Outcome: “lost” is none of answered, abandoned, waiting"),
        (",refunds-line,,,abandoned,2026-11-02 12:00:00,5,,", "External id is missing."),
        ("c1,,,,abandoned,2026-11-02 12:00:00,5,,", "Queue is missing."),
        ("c1,refunds-line,E77,,answered,2026-11-02 12:00:00,5,1,1", "The agent “E77” is not known"),
        ("c1,no-such-line,,,abandoned,2026-11-02 12:00:00,5,,", "The queue “no-such-line” is not known"),
        (f"{'x' * 201},refunds-line,,,abandoned,2026-11-02 12:00:00,5,,", "External id is longer than 200 characters."),
        (
            "c1,refunds-line,,,abandoned,2026-11-02 12:00:00",
            "The row has 6 fields, but the first line names 9 columns.",
        ),
        ("c1,refunds-line,,,abandoned,2026-11-02 12:00:00,5,,,7", "The row has 10 fields"),
        ('c1,"refunds-line,,,abandoned,2026-11-02 12:00:00,5,,', "A quotation mark is not closed"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why_and_the_others_go_in(source, refunds_line, row, says):
    delivery = deliver(source, [HEADER, ABANDONED, row, ABANDONED.replace("c2", "c3")])
    assert counts(delivery) == {"new": 2, "rejected": 1}
    assert list(reasons(delivery)) == [3]
    assert says in reasons(delivery)[3]


@pytest.mark.parametrize(
    ("moments", "says"),
    [
        ("2026-11-02 12:00:00,2026-11-02 11:59:00,", "answered before it was offered"),
        ("2026-11-02 12:00:00,,2026-11-02 11:59:00", "ends before it is offered"),
        ("2026-11-02 12:00:00,2026-11-02 12:01:00,2026-11-02 12:00:30", "ends before it is answered"),
    ],
)
def test_moments_in_the_wrong_order_are_rejected(source, refunds_line, moments, says):
    delivery = deliver(source, ["external_id,queue,offered_at,answered_at,ended_at", f"c1,refunds-line,{moments}"])
    assert counts(delivery) == {"rejected": 1}
    assert says in reasons(delivery)[2]


@pytest.mark.parametrize(
    ("moments", "column", "says"),
    [
        ("1980-01-01 12:00:00,1980-01-01 12:01:00,2026-11-02 12:05:00", "ended_at",
         "From answered to ended are more than ten years. Correct one of the two times."),
        ("1980-01-01 12:00:00,2026-11-02 12:01:00,2026-11-02 12:05:00", "offered_at",
         "The contact waits for more than ten years, by its times. Correct when it was offered, answered or ended."),
        ("1980-01-01 12:00:00,,2026-11-02 12:05:00", "offered_at", "The contact waits for more than ten years"),
    ],
)  # fmt: skip
def test_times_that_lie_decades_apart_are_rejected_and_the_others_go_in(source, refunds_line, moments, column, says):
    good = "c2,refunds-line,2026-11-02 12:00:00,2026-11-02 12:01:00,2026-11-02 12:05:00"
    header = "external_id,queue,offered_at,answered_at,ended_at"
    delivery = deliver(source, [header, f"c1,refunds-line,{moments}", good])
    assert counts(delivery) == {"new": 1, "rejected": 1}
    kept = delivery.rejected_rows.get()
    assert (kept.line, kept.column) == (2, column)
    assert says in kept.reason


def test_times_just_within_ten_years_are_taken(source, refunds_line):
    row = "c1,refunds-line,2016-11-05 11:00:00,2016-11-05 11:00:00,2026-11-03 11:00:00"
    assert counts(deliver(source, ["external_id,queue,offered_at,answered_at,ended_at", row])) == {"new": 1}
    assert Contact.objects.get().talk_seconds == 3_650 * 86_400 == TEN_YEARS


def test_all_that_is_wrong_with_a_row_is_told_at_once(source, refunds_line):
    delivery = deliver(source, [HEADER, "c1,refunds-line,,,lost,now,-1,,"])
    kept = delivery.rejected_rows.get()
    assert (kept.column, kept.value) == ("outcome", "lost")
    assert "“lost”" in kept.reason
    assert "“now”" in kept.reason
    assert "“-1”" in kept.reason


def test_rejected_rows_can_be_mended_and_sent_again(source, chen, refunds_line):
    bad = ANSWERED.replace("answered", "=lost")
    delivery = deliver(source, [HEADER, bad, ABANDONED])
    lines = b"".join(rejected_rows_as_csv(delivery)).decode("utf-8-sig")
    [row] = csv.DictReader(StringIO(lines))
    assert (row["rejected_line"], row["rejected_column"]) == ("2", "outcome")
    assert row["outcome"] == "'=lost"
    assert "“=lost”" in row["rejected_reason"]
    again = deliver(source, lines.replace("'=lost", "answered"))
    assert counts(again) == {"new": 1}
    mended = Contact.objects.get(external_id="c1")
    direct = deliver(source, [HEADER, ANSWERED])
    assert counts(direct) == {"unchanged": 1}, "the customer of the mended row is the one of the number"
    assert mended.customer is not None


def test_a_negative_number_that_was_defused_for_spreadsheets_is_read_again(source, refunds_line):
    delivery = deliver(source, [HEADER, ABANDONED.replace(",30,", ",-30,")])
    lines = b"".join(rejected_rows_as_csv(delivery)).decode("utf-8-sig")
    assert ",'-30," in lines
    assert "“-30” is less than 0" in reasons(deliver(source, lines))[2]


def test_unknown_names_are_created_where_the_source_says_so(site, centre):
    source = new_source(site, "new-centre", unknown_agents="create", unknown_queues="create")
    header = "external_id,channel,queue,queue_name,agent,agent_name,reason,offered_at,wait_seconds,talk_seconds,outcome"
    row = "c1,chat,q7,Seventh,E7,Sven,late,2026-11-02 12:00:00,1,2,answered"
    bad = "c2,chat,q8,Eighth,E8,Acht,late,nonsense,1,2,answered"
    assert counts(deliver(source, [header, row, bad])) == {"new": 1, "rejected": 1}
    call = Contact.objects.select_related("queue", "agent").get()
    assert (call.queue.code, call.queue.name, call.queue.site, call.queue.channel) == ("q7", "Seventh", site, "chat")
    assert call.queue.rules.get().valid_from == dt.date(1, 1, 1)
    assert (call.agent.employee_number, call.agent.name, call.team) == ("E7", "Sven", None)
    assert call.reason.code == "late"
    assert not Queue.objects.filter(code="q8").exists(), "a row that is not taken creates nothing"


def test_an_agent_is_found_by_the_login_on_the_platform_too(source, chen, refunds_line):
    deliver(source, [HEADER, ANSWERED.replace("E1001", "chen")])
    assert Contact.objects.get().agent == chen


def test_a_day_of_23_hours_and_one_of_25_are_cut_right(source, refunds_line):
    row = "{0},refunds-line,,,abandoned,{1},1,,"
    moments = {
        "before spring": "2026-03-29 01:59:00", "after spring": "2026-03-29 03:00:00",
        "summer": "2025-10-26T02:30:00+02:00", "winter": "2025-10-26T02:30:00+01:00", "unsaid": "2025-10-26 02:30:00",
        "never": "2026-03-29 02:30:00",
    }  # fmt: skip
    deliver(source, [HEADER, *(row.format(name, at) for name, at in moments.items())])
    found = {c.external_id: (f"{c.offered_at:%H:%M}", str(c.day), c.slot) for c in Contact.objects.all()}
    assert found == {
        "before spring": ("00:59", "2026-03-29", 3),
        "after spring": ("01:00", "2026-03-29", 6),
        "summer": ("00:30", "2025-10-26", 5),
        "winter": ("01:30", "2025-10-26", 5),
        # The hour that comes twice, without a zone: the second one. The hour that never was: an hour later.
        "unsaid": ("01:30", "2025-10-26", 5),
        "never": ("01:30", "2026-03-29", 7),
    }


def test_no_number_of_a_customer_is_kept_anywhere(source, chen, refunds_line, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    bad, ragged = ANSWERED.replace("c1", "c2").replace("answered", "lost"), f"{ANSWERED.replace('c1', 'c3')},,9,9"
    delivery = deliver(source, [HEADER, ANSWERED, bad, ragged])
    assert counts(delivery) == {"new": 1, "rejected": 2}
    kept = [*Contact.objects.values_list(), *delivery.rejected_rows.values_list()]
    assert "1234567" not in str(kept).replace(" ", "")
    assert not delivery.file
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_that_failed_is_kept_to_be_tried_again(source, refunds_line, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    delivery = deliver(source, ["id,what", "1,2"])
    assert delivery.state == "failed"
    assert delivery.file.read() == b"id,what\n1,2\n"


def test_an_import_waits_until_a_worker_takes_it(source, refunds_line):
    from django.core.files.base import ContentFile

    create_import(source=source, file=ContentFile(b"", name="x.csv"), by=None)
    assert not Contact.objects.exists()


def test_reasons_come_with_the_contact(source, refunds_line, reason):
    deliver(source, [f"{HEADER},reason", f"{ABANDONED},refund"])
    assert Contact.objects.get().reason == Reason.objects.get(code="refund")


def test_a_call_over_the_hour_that_comes_twice_keeps_its_order(source, refunds_line):
    # On 25 October 2026 at 3:00 clocks in Berlin go back to 2:00.
    header = "external_id,queue,offered_at,answered_at,ended_at"
    rows = [
        "across,refunds-line,2026-10-25 02:49:00,2026-10-25 02:50:00,2026-10-25 02:05:00",
        "second,refunds-line,2026-10-25 02:05:00,2026-10-25 02:06:00,2026-10-25 02:10:00",
    ]
    assert counts(deliver(source, [header, *rows])) == {"new": 2}
    found = {c.external_id: (f"{c.offered_at:%H:%M}", c.wait_seconds, c.talk_seconds) for c in Contact.objects.all()}
    assert found == {"across": ("00:49", 60, 900), "second": ("01:05", 60, 240)}


WRITTEN = "external_id,channel,queue,outcome,offered_at,answered_at,ended_at,wait_seconds,talk_seconds"


@pytest.mark.parametrize("channel", ["ticket", "email"])
def test_an_open_ticket_stays_open_whatever_was_worked_on_it(source, refunds_line, channel):
    deliver(source, [WRITTEN, f"t1,{channel},refunds-line,,2026-11-02 12:00:00,2026-11-02 13:00:00,,,300"])
    ticket = Contact.objects.get()
    assert (ticket.outcome, ticket.ended_at, ticket.ended_day, ticket.talk_seconds) == ("answered", None, None, 300)


def test_the_days_that_a_ticket_lay_open_are_no_talk(source, refunds_line):
    deliver(source, [WRITTEN, "t1,ticket,refunds-line,,2026-11-02 12:00:00,2026-11-02 13:00:00,2026-11-06 13:00:00,,"])
    ticket = Contact.objects.get()
    assert (ticket.wait_seconds, ticket.talk_seconds, ticket.ended_day) == (3600, 0, dt.date(2026, 11, 6))


def test_a_ticket_that_was_only_closed_was_answered_then_unless_it_says_otherwise(source, refunds_line):
    rows = [
        "closed,ticket,refunds-line,,2026-11-02 12:00:00,,2026-11-02 13:00:00,,",
        "waited,ticket,refunds-line,,2026-11-02 12:00:00,,2026-11-02 13:00:00,60,",
        "given up,ticket,refunds-line,abandoned,2026-11-02 12:00:00,,2026-11-02 13:00:00,,",
        "given up open,ticket,refunds-line,abandoned,2026-11-02 12:00:00,,,,",
        "call,voice,refunds-line,,2026-11-02 12:00:00,,2026-11-02 13:00:00,,",
    ]
    assert counts(deliver(source, [WRITTEN, *rows])) == {"new": 5}
    found = {
        c.external_id: (c.outcome, c.answered_at and f"{c.answered_at:%H:%M}", c.wait_seconds, bool(c.ended_at))
        for c in Contact.objects.all()
    }
    assert found == {
        "closed": ("answered", "12:00", 3600, True),
        "waited": ("answered", "11:01", 60, True),
        "given up": ("abandoned", None, 3600, True),
        "given up open": ("abandoned", None, 0, False),
        "call": ("abandoned", None, 3600, True),
    }


def test_the_channel_of_the_queue_tells_a_ticket_where_the_row_does_not(source, refunds_line):
    Queue.objects.filter(pk=refunds_line.pk).update(channel="ticket")
    deliver(
        source, ["external_id,queue,offered_at,ended_at", "t1,refunds-line,2026-11-02 12:00:00,2026-11-03 12:00:00"]
    )
    ticket = Contact.objects.get()
    assert (ticket.channel, ticket.outcome, ticket.talk_seconds) == ("ticket", "answered", 0)


def kept_of(delivery) -> str:
    """Everything that is kept of the rows that were not taken."""
    return str(list(delivery.rejected_rows.values_list("line", "column", "value", "reason", "row")))


def test_of_a_rejected_row_only_what_the_mapping_names_is_kept(source, refunds_line):
    header = f"{HEADER},mobile,mail,remark"
    bad = ABANDONED.replace("abandoned", "lost")
    delivery = deliver(source, [header, f"{bad},0301234567,anna@example.com,ask for Anna"])
    assert delivery.rejected_rows.get().row == [*bad.split(","), "", "", ""]
    lines = b"".join(rejected_rows_as_csv(delivery)).decode("utf-8-sig")
    assert counts(deliver(source, lines.replace("lost", "abandoned"))) == {"new": 1}


@pytest.mark.parametrize(
    "content",
    [
        [HEADER, f"{ABANDONED},0301234567,anna@example.com,Anna"],
        [HEADER, '"0301234567,anna@example.com,Anna'],
        '{"external_id":"a","queue":"refunds-line","offered_at":"2026-11-02 12:00:00"}\n'
        '{"external_id":"b","customer":{"phone":0301234567,"mail":"anna@example.com","name":"Anna"}}\n',
        '{"external_id":"a","queue":"refunds-line","offered_at":"2026-11-02 12:00:00"}\n'
        '{"customer":"+49301234567","mail":"anna@example.com","name":"Anna"\n',
        '{"external_id":"a","queue":"refunds-line","offered_at":"2026-11-02 12:00:00"}\n'
        '{"external_id":"b","customer":{"phone":301234567,"mail":"anna@example.com","name":"Anna"}}\n',
    ],
)
def test_of_a_row_that_cannot_be_split_only_line_and_reason_are_kept(source, refunds_line, content):
    delivery = deliver(source, content)
    assert delivery.rows_rejected >= 1
    kept = kept_of(delivery)
    assert not [secret for secret in ("1234567", "anna@", "Anna") if secret in kept]


def test_a_customer_is_never_told_as_the_wrong_value(site, refunds_line):
    columns = {"external_id": {"from": "id"}, "queue": {"from": "q"}, "offered_at": {"from": "at"},
               "customer": {"from": "who"}}  # fmt: skip
    aside = [{"column": "who", "is": ["+49301234567"], "reason": "Our own number."}]
    source = new_source(site, "by-number", {"columns": columns, "set_aside": aside})
    long = "anna@example.com " * 40
    rows = [f"1,refunds-line,2026-11-02 12:00:00,{long}", "2,refunds-line,2026-11-02 12:00:00,+49301234567"]
    delivery = deliver(source, ["id,q,at,who", *rows])
    assert counts(delivery) == {"rejected": 1, "set_aside": 1}
    assert "Customer is longer than 500 characters." in reasons(delivery)[2]
    kept = kept_of(delivery)
    assert "anna" not in kept
    assert "1234567" not in kept


@pytest.mark.parametrize("strange", ["\\u0000", "\\ud800", "\\\\u0000"])
def test_signs_that_no_database_takes_cost_no_more_than_their_row(source, refunds_line, strange):
    good = '{"external_id":"a","queue":"refunds-line","offered_at":"2026-11-02 12:00:00"}'
    assert counts(deliver(source, f'{good}\n{{"external_id":["{strange}"]}}\n')) == {"new": 1, "rejected": 1}
    assert counts(deliver(source, [HEADER, ABANDONED, f"{strange},7"])) == {"new": 1, "rejected": 1}


def test_a_column_that_would_run_in_a_spreadsheet_is_defused_and_read_again(site, refunds_line):
    name = '=HYPERLINK("http://x")'
    columns = {"external_id": {"from": "id"}, "queue": {"from": "q"}, "offered_at": {"from": name}}
    source = new_source(site, "formulas", {"columns": columns})
    delivery = deliver(source, ["id;q;" + '"=HYPERLINK(""http://x"")"', "1;refunds-line;never"])
    lines = b"".join(rejected_rows_as_csv(delivery)).decode("utf-8-sig")
    [row] = csv.DictReader(StringIO(lines))
    assert row["rejected_column"] == f"'{name}"
    assert list(row)[2] == f"'{name}"
    assert counts(deliver(source, lines.replace("never,", "2026-11-02 12:00:00,"))) == {"new": 1}


def test_a_ticket_closed_after_a_year_marks_what_changes_and_not_the_year(source, chen, refunds_line):
    header = "external_id,channel,queue,agent,outcome,offered_at,ended_at"
    open_long = "t1,ticket,refunds-line,,waiting,2025-11-02 12:00:00,"
    deliver(source, [header, open_long, "c1,voice,refunds-line,,abandoned,2026-11-05 12:00:00,2026-11-05 12:00:00"])
    DirtyDay.objects.all().delete()
    closed = "t1,ticket,refunds-line,,abandoned,2025-11-02 12:00:00,2026-11-03 12:00:00"
    assert counts(deliver(source, [header, closed])) == {"changed": 1}
    assert marked_days() == {"2025-11-02", "2026-11-03", "2026-11-04", "2026-11-05"}
    DirtyDay.objects.all().delete()
    moved = closed.replace("refunds-line,,", "refunds-line,E1001,")
    assert counts(deliver(source, [header, moved])) == {"changed": 1}
    assert len(marked_days()) == 367, "every day on which it was open now counts for its agent"
