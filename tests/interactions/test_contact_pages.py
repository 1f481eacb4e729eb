"""The list of contacts, and each contact's page."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from decimal import Decimal

import pandas as pd
import pytest
from django.urls import reverse

from interactions.models import Contact, Import, Outcome
from kpis.models import Run
from kpis.services import run_here
from people.models import Agent, Queue, Reason, User
from tests.factories import (
    MONDAY_NOON,
    ComplaintFactory,
    ContactFactory,
    QueueFactory,
    SiteFactory,
    SurveyAnswerFactory,
)
from tests.kpis.conftest import _tasks_run_at_once, compute  # noqa: F401
from tests.kpis.test_pages import text_of

LIST = "/contacts/"
DAY = "from=2026-11-02&to=2026-11-02"


def later(**gap: float) -> dt.datetime:
    return MONDAY_NOON + dt.timedelta(**gap)


@pytest.fixture
def call(refunds_line: Queue, chen: Agent, reason: Reason) -> Contact:
    return ContactFactory(queue=refunds_line, agent=chen, reason=reason, customer=77, conversation_id="K1")


def listed(answer) -> set[int]:
    return {contact.pk for contact in answer.context["page"].rows}


def test_each_role_lists_its_own_contacts(
    call: Contact, cast: dict[str, User], sign_in, billing_line: Queue, smit: Agent, zhao: Agent, refunds_line: Queue
) -> None:
    of_zhao = ContactFactory(queue=refunds_line, agent=zhao)
    unanswered = ContactFactory(queue=refunds_line, outcome=Outcome.ABANDONED)
    of_smit = ContactFactory(queue=billing_line, agent=smit)
    everything = {contact.pk for contact in (call, of_zhao, unanswered, of_smit)}

    for who, expected in {
        "director": everything,
        "qa_analyst": everything,
        "administrator": everything,
        "refunds_supervisor": everything - {of_smit.pk},
        "billing_supervisor": {of_smit.pk},
        "chen": {call.pk},
        "smit": {of_smit.pk},
    }.items():
        answer = sign_in(cast[who]).get(LIST)
        assert (who, listed(answer)) == (who, expected)
        assert answer.context["count"] == len(expected)


@pytest.mark.parametrize("who", ["shopper", "nobody"])
def test_who_sees_no_contacts_finds_no_list(who: str, call: Contact, cast: dict[str, User], sign_in) -> None:
    assert sign_in(cast[who]).get(LIST).status_code == 404
    assert sign_in(cast[who]).get(reverse("interactions:contact_detail", args=[call.pk])).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("director", 200), ("refunds_supervisor", 200), ("chen", 200), ("billing_supervisor", 404), ("zhao", 404)],
)
def test_a_contact_that_is_not_yours_is_not_there(who: str, status: int, call: Contact, cast, sign_in) -> None:
    page = sign_in(cast[who])

    assert page.get(reverse("interactions:contact_detail", args=[call.pk])).status_code == status
    assert page.get(reverse("interactions:contact_detail", args=[10**9])).status_code == 404


def test_a_contact_that_still_waits_has_no_times_yet(director: User, sign_in, refunds_line: Queue) -> None:
    """A contact that was abandoned at once did wait 0 s; of one that still waits nothing is known."""
    for outcome, cells in ((Outcome.WAITING, ["–"] * 4), (Outcome.ABANDONED, ["0:00"] * 4)):
        ContactFactory(queue=refunds_line, outcome=outcome, wait_seconds=Decimal(0))

        said = sign_in(director).get(f"{LIST}?{DAY}&outcome={outcome}").content.decode()

        assert re.findall(r'<td role="cell"[^>]*class="number">([^<]*)</td>', said) == cells


def test_filters_narrow_the_list(
    call: Contact, director: User, sign_in, refunds_line: Queue, billing_line: Queue, smit: Agent, chen: Agent
) -> None:
    ContactFactory(queue=refunds_line, outcome=Outcome.ABANDONED)
    ContactFactory(queue=billing_line, agent=smit)
    ContactFactory(queue=refunds_line, agent=chen, offered_at=later(days=1))
    page = sign_in(director)

    for query, count in {
        DAY: 3,
        f"{DAY}&queue={refunds_line.pk}": 2,
        f"{DAY}&team={refunds_line.owner_team_id}": 2,
        f"{DAY}&team={refunds_line.owner_team.parent_id}": 3,
        f"{DAY}&agent={chen.pk}": 1,
        f"{DAY}&outcome=abandoned": 1,
        f"{DAY}&reason={call.reason_id}": 1,
        f"{DAY}&channel=chat": 0,
    }.items():
        assert (query, page.get(f"{LIST}?{query}").context["count"]) == (query, count)


def test_a_wrong_filter_is_named_and_left_out(call: Contact, director: User, sign_in) -> None:
    answer = sign_in(director).get(f"{LIST}?{DAY}&queue=999999")

    assert "Queue: “999999” is none of those that you can choose here." in answer.content.decode()
    assert listed(answer) == {call.pk}


def test_pages_follow_each_other_without_gap_or_repetition(director: User, sign_in, refunds_line: Queue) -> None:
    """120 contacts, of which many share their second."""
    for number in range(120):
        ContactFactory(queue=refunds_line, offered_at=later(seconds=number // 7), outcome=Outcome.ABANDONED)
    page, seen, after = sign_in(director), [], ""

    while True:
        context = page.get(LIST, {"from": "2026-11-02", "to": "2026-11-02", "after": after}).context
        seen += [contact.pk for contact in context["page"].rows]
        after = context["page"].after
        if not after:
            break

    assert len(seen) == 120
    assert seen == list(Contact.objects.order_by("-day", "-offered_at", "-pk").values_list("pk", flat=True))


def test_very_many_contacts_are_not_counted_to_their_end(director: User, sign_in, refunds_line: Queue, monkeypatch):
    monkeypatch.setattr("interactions.views.contacts.MOST_COUNTED", 2)
    ContactFactory.create_batch(2, queue=refunds_line)
    assert "2 contacts offered" in sign_in(director).get(f"{LIST}?{DAY}").content.decode()

    ContactFactory(queue=refunds_line)
    page = sign_in(director).get(f"{LIST}?{DAY}").content.decode()
    assert "more than 2 contacts offered" in page
    assert "csv=contacts" in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=2001-01-01&to=2026-11-02", "A period takes at most 3660 days."),
        ("from=0001-01-01&to=9999-12-31", "Give a day from 1990-01-01 to 2100-01-01."),
        ("to=2026-11-02", "Give both days of the period."),
        ("from=soon&to=2026-11-02", "From: This is no day. Write it like 2026-11-20."),
    ],
)
def test_days_that_make_no_period_are_named_and_the_last_week_is_shown(
    query: str, sentence: str, call: Contact, director: User, sign_in, refunds_line: Queue
) -> None:
    ContactFactory(queue=refunds_line, offered_at=later(days=-7))
    answer = sign_in(director).get(f"{LIST}?{query}")

    assert sentence in answer.content.decode()
    assert "The usual days are shown instead." in answer.content.decode()
    assert 'name="from" value="2026-10-27"' in answer.content.decode()
    assert listed(answer) == {call.pk}
    assert set(answer.context["query"].split("&")) == {"from=2026-10-27", "to=2026-11-02"}


def test_a_cursor_that_makes_no_sense_gives_the_first_page(call: Contact, director: User, sign_in) -> None:
    for cursor in ("x", "a~b~c", "2026-11-02~yesterday~7"):
        assert listed(sign_in(director).get(LIST, {"from": "2026-11-02", "to": "2026-11-02", "after": cursor}))


def test_the_csv_holds_the_contacts_of_the_list(
    call: Contact, refunds_supervisor: User, sign_in, billing_line: Queue, smit: Agent
) -> None:
    ContactFactory(queue=billing_line, agent=smit)

    answer = sign_in(refunds_supervisor).get(f"{LIST}?{DAY}&csv=contacts")

    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert [row["external_id"] for row in rows] == [call.external_id]
    assert rows[0]["customer"] == ""


def test_the_page_tells_the_contact_by_the_clock_of_its_queue(call: Contact, director: User, sign_in) -> None:
    """Berlin in November is an hour ahead of UTC."""
    moment = call.offered_at.astimezone(call.queue.site.zone)

    said = sign_in(director).get(reverse("interactions:contact_detail", args=[call.pk])).content.decode()

    assert f"{moment:%b} {moment.day}, {moment.year}" in said
    assert f"{moment:%-I:%M:%S}" in said
    assert "Europe/Berlin" in said


def test_the_timeline_lays_each_stretch_after_the_last_and_to_scale(call: Contact, director: User, sign_in) -> None:
    """10 s wait, 100 s talk, 20 s wrap-up: 130 s in all."""
    drawing = sign_in(director).get(reverse("interactions:contact_detail", args=[call.pk])).context["drawing"]

    shown = [(bar.step.kind, bar.step.seconds, bar.start, bar.width) for bar in drawing.lanes[0].bars]
    assert shown == [("wait", 10.0, 0.0, 7.69), ("talk", 100.0, 7.69, 76.92), ("wrap", 20.0, 84.62, 15.38)]
    assert drawing.marks == [(0.0, "0:00"), (23.08, "0:30"), (46.15, "1:00"), (69.23, "1:30"), (92.31, "2:00")]


def test_ringing_is_kept_apart_from_waiting_where_the_instants_tell(
    director: User, sign_in, refunds_line, chen
) -> None:
    """Answered 30 s after the offer, of which it rang for 8: 22 s in the queue, whatever the source calls waiting."""
    ringing = ContactFactory(queue=refunds_line, agent=chen, wait_seconds=Decimal(30), ring_seconds=Decimal(8))

    steps = sign_in(director).get(reverse("interactions:contact_detail", args=[ringing.pk])).context["steps"]

    assert [(step.kind, step.seconds) for step in steps[:2]] == [("wait", 22.0), ("ring", 8.0)]
    assert steps[2].begins_at == ringing.answered_at


def test_a_ticket_shows_when_nobody_worked_on_it(director: User, sign_in, refunds_line, chen) -> None:
    """Answered after an hour, worked on for 10 minutes, closed a day after the answer: 23:50:00 open."""
    ticket = ContactFactory(
        queue=refunds_line,
        agent=chen,
        channel="ticket",
        wait_seconds=Decimal(3600),
        talk_seconds=Decimal(600),
        wrap_seconds=Decimal(0),
        ended_at=later(hours=25),
    )

    said = text_of(sign_in(director).get(reverse("interactions:contact_detail", args=[ticket.pk])))

    assert "Open, not worked on Nov 2, 2026, 1:10:00 PM – Nov 3, 2026, 1:00:00 PM 23:50:00" in said


def test_what_came_of_a_contact_stands_in_its_order(call: Contact, director: User, sign_in) -> None:
    Contact.objects.filter(pk=call.pk).update(is_transferred=True)
    SurveyAnswerFactory(contact=call, csat=2, nps=3, received_at=later(hours=2))
    ComplaintFactory(contact=call, received_at=later(days=1, hours=1))

    said = text_of(sign_in(director).get(reverse("interactions:contact_detail", args=[call.pk])))

    assert re.search(
        "Transferred out .*1:50 after it was offered .*Survey answer : satisfaction 2 of 5 · recommendation 3 of 10 "
        ".*2:00:00 after it was offered .*Complaint .*1 day 1 h after it was offered",
        said,
    )


def test_the_page_shows_what_the_customer_said(call: Contact, director: User, sign_in) -> None:
    SurveyAnswerFactory(contact=call, csat=2, comment="Still <waiting>")
    ComplaintFactory(contact=call, text="Twice the same story")

    said = sign_in(director).get(reverse("interactions:contact_detail", args=[call.pk])).content.decode()

    assert "Still &lt;waiting&gt;" in said
    assert "Twice the same story" in said


def test_legs_and_repeats_are_shown_as_far_as_one_may_see_them(
    call: Contact,
    director: User,
    refunds_supervisor: User,
    sign_in,
    refunds_line: Queue,
    billing_line: Queue,
    zhao: Agent,
    smit: Agent,
    reason: Reason,
) -> None:
    leg = ContactFactory(queue=billing_line, agent=smit, offered_at=later(minutes=5), conversation_id="K1", customer=77)
    before = ContactFactory(queue=refunds_line, agent=zhao, offered_at=later(days=-3), customer=77, reason=reason)
    after = ContactFactory(queue=billing_line, agent=smit, offered_at=later(days=3), customer=77, reason=reason)
    ContactFactory(queue=refunds_line, agent=zhao, offered_at=later(days=1), customer=78, reason=reason)
    url = reverse("interactions:contact_detail", args=[call.pk])

    whole, own = sign_in(director).get(url).context, sign_in(refunds_supervisor).get(url).context

    assert [near.contact for near in whole["repeats"]] == [before, after]
    assert [lane.leg.contact for lane in whole["drawing"].lanes] == [call, leg]
    assert [near.contact for near in own["repeats"]] == [before, None]
    assert [lane.leg.contact for lane in own["drawing"].lanes] == [call, None]


@pytest.mark.parametrize(
    ("place", "drawn", "said"),
    [
        (0, (0, 12), "8 later legs of this conversation are not drawn."),
        (9, (4, 16), "4 earlier legs of this conversation are not drawn."),
        (9, (4, 16), "4 later legs of this conversation are not drawn."),
        (18, (8, 20), "8 earlier legs of this conversation are not drawn."),
    ],
)
def test_a_leg_of_a_long_conversation_stands_among_those_around_it(
    place: int, drawn: tuple[int, int], said: str, director: User, sign_in, refunds_line: Queue, chen: Agent
) -> None:
    legs = [
        ContactFactory(queue=refunds_line, agent=chen, conversation_id="K2", offered_at=later(minutes=n))
        for n in range(20)
    ]

    answer = sign_in(director).get(reverse("interactions:contact_detail", args=[legs[place].pk]))

    lanes = answer.context["drawing"].lanes
    assert [lane.leg.contact for lane in lanes] == legs[slice(*drawn)]
    assert [lane.leg.contact for lane in lanes if lane.is_current] == [legs[place]]
    assert said in text_of(answer)


def test_a_transferred_contact_is_told_in_the_readers_language(call: Contact, director: User, sign_in) -> None:
    Contact.objects.filter(pk=call.pk).update(is_transferred=True)
    page = sign_in(director)

    assert "Answered, transferred" in text_of(page.get(f"{LIST}?{DAY}"))
    said = text_of(page.get(f"{LIST}?{DAY}", headers={"accept-language": "zh-hans"}))
    assert "接通，已转接" in said


def test_what_one_may_not_open_is_mentioned_without_names_or_link(
    call: Contact, refunds_supervisor: User, chen: Agent, sign_in, billing_line: Queue, smit: Agent, reason: Reason
) -> None:
    leg = ContactFactory(queue=billing_line, agent=smit, offered_at=later(minutes=5), conversation_id="K1", customer=77)
    after = ContactFactory(queue=billing_line, agent=smit, offered_at=later(days=3), customer=77, reason=reason)

    for who in (refunds_supervisor, chen.user):
        answer = sign_in(who).get(reverse("interactions:contact_detail", args=[call.pk]))
        said, page = text_of(answer), answer.content.decode()
        assert "A leg that is not yours to open" in said
        assert re.search("3 days later within the window Another contact, which is not yours to open", said)
        assert not re.search("Smit|Billing", page)
        assert f"/contacts/{leg.pk}/" not in page
        assert f"/contacts/{after.pk}/" not in page


@pytest.mark.parametrize(
    ("days_until_next", "days_of_data", "verdict"),
    [
        (3, 30, "not resolved The customer came back for the same reason within 7 days: Nov 5, 2026"),
        (8, 30, "resolved The customer did not come back for the same reason within 7 days."),
        (None, 30, "resolved The customer did not come back for the same reason within 7 days."),
        (None, 5, "maturing The customer has not come back so far. Whether it stays so within 7 days is known once "),
        (3, 5, "It is counted as soon as the data reaches Nov 9, 2026; now it reaches Nov 7, 2026."),
    ],
)
def test_a_contact_says_whether_it_counts_as_resolved_and_why(
    days_until_next: int | None,
    days_of_data: int,
    verdict: str,
    call: Contact,
    director: User,
    sign_in,
    refunds_line: Queue,
    zhao: Agent,
    reason: Reason,
) -> None:
    """The same verdict as the KPI's: it reads the same conditions."""
    if days_until_next:
        ContactFactory(
            queue=refunds_line, agent=zhao, offered_at=later(days=days_until_next), customer=77, reason=reason
        )
    ContactFactory(queue=refunds_line, agent=zhao, offered_at=later(days=days_of_data))
    run_here(kind=Run.Kind.REBUILD)

    assert verdict in text_of(sign_in(director).get(reverse("interactions:contact_detail", args=[call.pk])))


def test_a_contact_that_the_kpi_leaves_out_says_why(call: Contact, director: User, sign_in, refunds_line, chen) -> None:
    page = sign_in(director)
    unanswered = ContactFactory(queue=refunds_line, outcome=Outcome.ABANDONED)
    unknown = ContactFactory(queue=refunds_line, agent=chen)

    for contact, why in {
        unanswered: "not counted Nobody answered it, and only handled contacts are counted.",
        unknown: "not counted The customer or the reason is unknown, so repeats cannot be told.",
        call: "not counted The numbers of its day are not computed yet.",
    }.items():
        assert why in text_of(page.get(reverse("interactions:contact_detail", args=[contact.pk])))


def test_administrators_are_led_to_the_imports_that_touched_the_contacts_day(
    call: Contact, administrator: User, director: User, sign_in
) -> None:
    day = call.day
    for name, first, last in (
        ("that-day.csv", day, day),
        ("later.csv", day + dt.timedelta(days=1), later(days=2).date()),
    ):
        Import.objects.create(
            source=call.source, file_name=name, state=Import.State.DONE, first_day=first, last_day=last
        )
    url = reverse("interactions:contact_detail", args=[call.pk])

    said = text_of(sign_in(administrator).get(url))
    assert "that-day.csv" in said
    assert "later.csv" not in said
    assert "that-day.csv" not in text_of(sign_in(director).get(url))


@pytest.mark.parametrize("sort", ["wait", "talk", "hold", "wrap"])
def test_the_list_is_sorted_by_a_time_through_all_its_pages(
    sort: str, director: User, sign_in, refunds_line, chen
) -> None:
    """70 contacts with 7 different times, so that a page ends among equals."""
    for number in range(70):
        ContactFactory(queue=refunds_line, agent=chen, **{f"{sort}_seconds": Decimal(number * 13 % 7)})
    page = sign_in(director)
    first = page.get(f"{LIST}?{DAY}&sort={sort}").context
    rest = page.get(
        LIST, {"from": "2026-11-02", "to": "2026-11-02", "sort": sort, "after": first["page"].after}
    ).context

    seen = [contact.pk for contact in (*first["page"].rows, *rest["page"].rows)]

    assert seen == list(Contact.objects.order_by(f"-{sort}_seconds", "-pk").values_list("pk", flat=True))
    assert f"sort={sort}" in rest["query"]


def test_a_sort_or_cursor_that_makes_no_sense_is_left_out(call: Contact, director: User, sign_in) -> None:
    for query in ("sort=customer", "sort=wait&after=NaN~3", "sort=wait&after=x~y", "sort=handle"):
        assert listed(sign_in(director).get(f"{LIST}?{DAY}&{query}")) == {call.pk}


def test_very_many_contacts_are_not_sorted(call, director, sign_in, refunds_line, monkeypatch) -> None:
    monkeypatch.setattr("interactions.views.contacts.MOST_COUNTED", 2)
    ContactFactory.create_batch(2, queue=refunds_line)

    assert sign_in(director).get(f"{LIST}?{DAY}&sort=wait").context["sort"] is None


def test_more_contacts_than_a_sheet_takes_are_offered_as_csv_alone(call, director, sign_in, refunds_line, monkeypatch):
    monkeypatch.setattr("interactions.views.contacts.MOST_IN_A_SHEET", 2)
    ContactFactory.create_batch(2, queue=refunds_line)

    said = text_of(sign_in(director).get(f"{LIST}?{DAY}&xlsx=contacts"))

    assert "CSV" in said
    assert "XLSX" not in said


def heads_of(answer) -> list[str]:
    table = re.search("<thead.*?</thead>", answer.content.decode(), re.S)
    assert table
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "|", table[0])).replace("↓", "").split("|")


def test_the_columns_that_one_chooses_are_remembered_until_one_wants_the_usual_ones(call, director, sign_in) -> None:
    page = sign_in(director)
    choose = reverse("interactions:contact_columns")

    answer = page.post(choose, {"column": ["handle", "id", "nonsense"], "query": f"{DAY}&sort=wait"})
    assert answer.headers["Location"] == f"{LIST}?{DAY}&sort=wait"
    heads = heads_of(page.get(f"{LIST}?{DAY}"))
    assert {"Handle time", "Id at the source"} <= set(heads)
    assert not {"Queue", "Agent"} & set(heads)

    page.post(choose, {"usual": "1", "column": ["handle"]})
    assert {"Queue", "Agent"} <= set(heads_of(page.get(f"{LIST}?{DAY}")))


def test_the_sheet_holds_the_contacts_of_the_list_with_times_as_times(
    call: Contact, refunds_supervisor: User, sign_in, billing_line: Queue, smit: Agent
) -> None:
    ContactFactory(queue=billing_line, agent=smit)
    Contact.objects.filter(pk=call.pk).update(external_id="=1+1")

    answer = sign_in(refunds_supervisor).get(f"{LIST}?{DAY}&xlsx=contacts")

    sheet = pd.read_excel(io.BytesIO(b"".join(answer.streaming_content)), engine="calamine")
    assert list(sheet["external_id"]) == ["'=1+1"]
    assert sheet["offered_at"][0] == pd.Timestamp("2026-11-02 11:00:00")
    assert sheet["talk_seconds"][0] == 100
    assert sheet["customer"].isna().all()
    assert sheet["day"][0] == pd.Timestamp("2026-11-02")
    assert 'filename="contacts.xlsx"' in answer.headers["Content-Disposition"]


# Session, user, the viewer's teams (2), the last day, the count, the page, and the choices of five filters.
QUERIES_OF_THE_LIST = 14
# Session, user, the viewer's teams and agent (3), the contact, answers, complaints, legs (2: all, and one's own),
# repeats (4: before, after, the own window, those one may open), the horizon, the verdict.
QUERIES_OF_A_CONTACT = 17


def test_pages_take_few_queries_however_many_contacts(
    call: Contact, refunds_supervisor: User, sign_in, refunds_line: Queue, chen: Agent, django_assert_max_num_queries
) -> None:
    for number in range(60):
        ContactFactory(queue=refunds_line, agent=chen, offered_at=later(minutes=number), wait_seconds=Decimal(number))
    for days in (-2, -1, 1, 2):
        ContactFactory(queue=refunds_line, agent=chen, offered_at=later(days=days), customer=77, reason=call.reason)
    ContactFactory(queue=refunds_line, agent=chen, offered_at=later(minutes=5), conversation_id="K1")
    page = sign_in(refunds_supervisor)

    with django_assert_max_num_queries(QUERIES_OF_THE_LIST):
        page.get(LIST)
    with django_assert_max_num_queries(QUERIES_OF_A_CONTACT):
        page.get(reverse("interactions:contact_detail", args=[call.pk]))


def test_without_contacts_the_list_says_what_to_do(director: User, sign_in) -> None:
    assert "Contacts appear here as soon as they are imported." in sign_in(director).get(LIST).content.decode()


def test_the_sheet_keeps_every_digit_of_a_customer(call: Contact, director: User, sign_in) -> None:
    Contact.objects.filter(pk=call.pk).update(customer=1234567890123456789)

    answer = sign_in(director).get(f"{LIST}?{DAY}&xlsx=contacts")

    sheet = pd.read_excel(io.BytesIO(b"".join(answer.streaming_content)), engine="calamine", dtype=str)
    assert list(sheet["customer"]) == ["1234567890123456789"]


def test_times_name_their_zone_where_sites_differ(call: Contact, director: User, sign_in, billing_line: Queue) -> None:
    page = sign_in(director)
    zone = call.queue.site.time_zone
    assert zone not in page.get(f"{LIST}?{DAY}").content.decode()

    ContactFactory(
        queue=QueueFactory(site=SiteFactory(code="boston", time_zone="America/New_York")), outcome=Outcome.ABANDONED
    )

    said = page.get(f"{LIST}?{DAY}").content.decode()
    assert f"{zone}, UTC+1" in said
    assert "America/New_York, UTC−5" in said
    assert "by the clock of each site, in the order in which they came" in said


def test_filters_that_fit_nothing_can_be_cleared(call: Contact, director: User, sign_in) -> None:
    said = sign_in(director).get(f"{LIST}?{DAY}&channel=chat").content.decode()

    assert "No contacts fit" in said
    assert f'href="?{DAY}"'.replace("&", "&amp;") in said
    assert "0 contacts" not in said


def test_agents_read_no_costs_and_others_read_them_as_amounts(call: Contact, cast: dict[str, User], sign_in) -> None:
    Contact.objects.filter(pk=call.pk).update(cost=Decimal("1.1560"), sale_amount=Decimal("1250"))

    said = {who: text_of(sign_in(cast[who]).get(f"/contacts/{call.pk}/")) for who in ("chen", "refunds_supervisor")}
    costs = {
        who: next(csv.DictReader(io.StringIO(b"".join(page.streaming_content).decode())))["cost"]
        for who in said
        if (page := sign_in(cast[who]).get(f"{LIST}?{DAY}&csv=1"))
    }

    assert "Cost 1.16 in the currency of its source" in said["refunds_supervisor"]
    assert "Cost" not in said["chen"]
    assert "Sale 1,250.00 in the currency of its source" in said["chen"]
    assert costs == {"chen": "", "refunds_supervisor": "1.1560"}


def test_agents_read_no_costs_over_rest_and_in_no_sheet(call: Contact, cast: dict[str, User], sign_in) -> None:
    Contact.objects.filter(pk=call.pk).update(cost=Decimal("1.1560"))

    agent, director = sign_in(cast["chen"]), sign_in(cast["director"])

    assert agent.get(f"/api/v1/contacts/{call.pk}/").json()["cost"] is None
    assert director.get(f"/api/v1/contacts/{call.pk}/").json()["cost"] == "1.1560"
    sheets = [
        pd.read_excel(io.BytesIO(b"".join(page.get(f"{LIST}?{DAY}&xlsx=1"))), engine="calamine")
        for page in (agent, director)
    ]
    assert [sheet["cost"].tolist() for sheet in sheets] == [pytest.approx([float("nan")], nan_ok=True), [1.156]]


def test_no_page_tells_an_agent_what_a_contact_costs(
    call: Contact,
    cast: dict[str, User],
    sign_in,
    compute,  # noqa: F811
) -> None:
    Contact.objects.filter(pk=call.pk).update(cost=Decimal("1.1560"))
    compute()
    agent, leads = sign_in(cast["chen"]), sign_in(cast["refunds_supervisor"])
    page = f"/agents/{call.agent_id}/?{DAY}"

    assert "Cost per contact" in text_of(leads.get(page))
    assert "Cost per contact" not in text_of(agent.get(page))
    assert "1.16" in text_of(leads.get(f"/kpis/cost_per_contact/?{DAY}"))
    assert "Not measured here" in text_of(agent.get(f"/kpis/cost_per_contact/?{DAY}"))
    assert agent.get(f"/kpis/cost_per_contact/rows/contact_cost/?{DAY}").status_code == 404
