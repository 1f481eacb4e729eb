"""The list of contacts, and each contact's page."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.urls import reverse

from interactions.models import Contact, Outcome
from people.models import Agent, Queue, Reason, User
from tests.factories import (
    MONDAY_NOON,
    ComplaintFactory,
    ContactFactory,
    QueueFactory,
    SiteFactory,
    SurveyAnswerFactory,
)

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

    assert "Queue: Select a valid choice." in answer.content.decode()
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
        ("from=soon&to=2026-11-02", "Enter a valid date."),
    ],
)
def test_days_that_make_no_period_are_named_and_the_last_week_is_shown(
    query: str, sentence: str, call: Contact, director: User, sign_in, refunds_line: Queue
) -> None:
    ContactFactory(queue=refunds_line, offered_at=later(days=-7))
    answer = sign_in(director).get(f"{LIST}?{query}")

    assert sentence in answer.content.decode()
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


def test_the_timeline_lays_each_stretch_after_the_last(call: Contact, director: User, sign_in) -> None:
    """10 s wait, 100 s talk, 20 s wrap-up: 130 s in all."""
    steps = sign_in(director).get(reverse("interactions:contact_detail", args=[call.pk])).context["steps"]

    shown = [(step.seconds, step.start, step.width) for step in steps if step.seconds]
    assert shown == [(10.0, 0.0, 7.69), (100.0, 7.69, 76.92), (20.0, 84.62, 15.38)]


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

    assert whole["legs"] == [call, leg]
    assert whole["repeats"] == [before, after]
    assert own["legs"] == []
    assert own["repeats"] == [before]


# Session, user, the viewer's teams (2), the last day, the count, the page, and the choices of five filters.
QUERIES_OF_THE_LIST = 14
# Session, user, the viewer's teams and agent (4), the contact, legs, repeats (2), answers, complaints.
QUERIES_OF_A_CONTACT = 12


def test_pages_take_few_queries_however_many_contacts(
    call: Contact, refunds_supervisor: User, sign_in, refunds_line: Queue, chen: Agent, django_assert_max_num_queries
) -> None:
    for number in range(60):
        ContactFactory(queue=refunds_line, agent=chen, offered_at=later(minutes=number), wait_seconds=Decimal(number))
    page = sign_in(refunds_supervisor)

    with django_assert_max_num_queries(QUERIES_OF_THE_LIST):
        page.get(LIST)
    with django_assert_max_num_queries(QUERIES_OF_A_CONTACT):
        page.get(reverse("interactions:contact_detail", args=[call.pk]))


def test_without_contacts_the_list_says_what_to_do(director: User, sign_in) -> None:
    assert "Contacts appear here as soon as they are imported." in sign_in(director).get(LIST).content.decode()


def test_times_name_their_zone_where_sites_differ(call: Contact, director: User, sign_in, billing_line: Queue) -> None:
    page = sign_in(director)
    zone = call.queue.site.time_zone
    assert zone not in page.get(f"{LIST}?{DAY}").content.decode()

    ContactFactory(
        queue=QueueFactory(site=SiteFactory(code="boston", time_zone="America/New_York")), outcome=Outcome.ABANDONED
    )

    said = page.get(f"{LIST}?{DAY}").content.decode()
    assert zone in said
    assert "America/New_York" in said


def test_filters_that_fit_nothing_can_be_cleared(call: Contact, director: User, sign_in) -> None:
    said = sign_in(director).get(f"{LIST}?{DAY}&channel=chat").content.decode()

    assert "No contacts fit" in said
    assert f'href="?{DAY}"'.replace("&", "&amp;") in said
    assert "0 contacts" not in said
