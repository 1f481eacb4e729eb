"""Agent states, shifts, survey answers and complaints by file."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from interactions.models import AgentState, Complaint, Contact, DirtyDay, Shift, Source, SurveyAnswer
from people.models import Agent
from tests.interactions.deliveries import HEADER, counts, deliver, marked_days, new_source, reasons

pytestmark = pytest.mark.django_db

CALL = "c1,refunds-line,E1001,,answered,{day} 12:00:00,15,100,20"


@pytest.fixture
def calls(source, chen, refunds_line):
    deliver(source, [HEADER, CALL.format(day="2026-11-02")])
    DirtyDay.objects.all().delete()
    return source


def test_a_state_has_its_day_team_length_and_cost(site, chen, refunds):
    source = new_source(site, "states", fact=Source.Fact.STATES)
    rows = ["E1001,ready,2026-11-02 08:00:00,2026-11-02 08:30:00,", "E1001,lunch,2026-11-02 23:50:00,,20:00"]
    assert counts(deliver(source, ["agent,state,started_at,ended_at,seconds", *rows])) == {"new": 2}
    ready, lunch = AgentState.objects.order_by("started_at")
    assert (ready.agent, ready.team, ready.day, ready.seconds) == (chen, refunds, dt.date(2026, 11, 2), 1800)
    # Half an hour at 30.00 an hour; lunch is not paid.
    assert (ready.cost, lunch.cost) == (Decimal(15), None)
    assert (lunch.day, lunch.seconds, f"{lunch.ended_at:%d %H:%M}") == (dt.date(2026, 11, 2), 1200, "02 23:10")
    assert marked_days() == {"2026-11-01", "2026-11-02", "2026-11-03"}


def test_a_raise_since_then_is_no_change_of_a_state(site, chen):
    source = new_source(site, "states", fact=Source.Fact.STATES)
    rows = ["agent,state,started_at,ended_at", "E1001,ready,2026-11-02 08:00:00,2026-11-02 08:30:00"]
    deliver(source, rows)
    Agent.objects.filter(pk=chen.pk).update(hourly_cost=60)
    assert counts(deliver(source, rows)) == {"unchanged": 1}
    assert AgentState.objects.get().cost == 15


def test_a_state_over_the_spring_change_lasts_as_long_as_it_did(site, chen):
    source = new_source(site, "states", fact=Source.Fact.STATES)
    deliver(source, ["agent,state,started_at,ended_at", "E1001,ready,2026-03-29 01:30:00,2026-03-29 03:30:00"])
    assert AgentState.objects.get().seconds == 3600


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("E1001,ready,2026-11-02 08:00:00,,", "Neither the end nor the duration is given."),
        ("E1001,ready,2026-11-02 08:00:00,2026-11-02 07:00:00,", "The span ends before it begins."),
        ("E1001,ready,1980-11-02 08:00:00,2026-11-02 07:00:00,", "The span takes more than ten years."),
        ("E1001,asleep,2026-11-02 08:00:00,,60", "State: “asleep” is none of on_contact, ready"),
        (",ready,2026-11-02 08:00:00,,60", "Agent is missing."),
        ("E77,ready,2026-11-02 08:00:00,,60", "The agent “E77” is not known"),
    ],
)
def test_a_state_that_cannot_be_says_why(site, chen, row, says):
    source = new_source(site, "states", fact=Source.Fact.STATES)
    delivery = deliver(source, ["agent,state,started_at,ended_at,seconds", row])
    assert counts(delivery) == {"rejected": 1}
    assert says in reasons(delivery)[2]


def test_shifts_may_lie_in_the_future_and_are_work_unless_said(site, chen, refunds):
    source = new_source(site, "roster", fact=Source.Fact.SHIFTS)
    header = "agent,activity,starts_at,ends_at"
    rows = ["E1001,,2027-01-04 08:00:00,2027-01-04 16:00:00", "E1001,break,2027-01-04 10:00:00,2027-01-04 10:15:00"]
    assert counts(deliver(source, [header, *rows])) == {"new": 2}
    work, pause = Shift.objects.order_by("starts_at")
    assert (work.activity, work.seconds, work.team, work.day) == ("work", 28_800, refunds, dt.date(2027, 1, 4))
    assert pause.activity == "break"
    empty = deliver(source, [header, "E1001,work,2027-01-05 08:00:00,2027-01-05 08:00:00"])
    assert "ends before it begins" in reasons(empty)[2]


def surveys_of(source: Source) -> Source:
    return new_source(source.site, "surveys", fact=Source.Fact.SURVEYS, contacts_source=source)


def test_a_late_survey_marks_the_day_of_its_contact(calls):
    header = "contact,received_at,csat,nps,ces,is_resolved,comment"
    delivery = deliver(surveys_of(calls), [header, 'c1,2026-11-20 09:00:00,5,10,7,yes,"Thanks, all"'])
    assert counts(delivery) == {"new": 1}
    said = SurveyAnswer.objects.get()
    assert (said.contact.external_id, said.csat, said.nps, said.ces, said.is_resolved, said.comment) == (
        "c1", 5, 10, 7, True, "Thanks, all")  # fmt: skip
    assert marked_days() == {"2026-11-02"}
    assert said.external_id == "c1"


def test_a_survey_follows_its_contact_when_that_is_corrected(calls, chen, refunds_line):
    deliver(surveys_of(calls), ["contact,received_at,csat", "c1,2026-11-20 09:00:00,5"])
    DirtyDay.objects.all().delete()
    deliver(calls, [HEADER, CALL.format(day="2026-11-05")])
    assert SurveyAnswer.objects.get().contact.day == dt.date(2026, 11, 5)
    assert marked_days() == {"2026-11-02", "2026-11-05"}


def test_a_survey_that_moves_to_another_contact_marks_both_days(calls, chen, refunds_line):
    deliver(calls, [HEADER, CALL.format(day="2026-11-04").replace("c1", "c2")])
    source, header = surveys_of(calls), "external_id,contact,received_at,csat"
    deliver(source, [header, "s1,c1,2026-11-20 09:00:00,5"])
    DirtyDay.objects.all().delete()
    assert counts(deliver(source, [header, "s1,c2,2026-11-20 09:00:00,5"])) == {"changed": 1}
    assert marked_days() == {"2026-11-02", "2026-11-04"}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("c9,2026-11-20 09:00:00,5,,", "The contact “c9” is not known."),
        ("c1,2026-11-20 09:00:00,6,,", "“6” is more than 5."),
        ("c1,2026-11-20 09:00:00,,-1,", "“-1” is less than 0."),
        ("c1,2026-11-20 09:00:00,4.5,,", "“4.5” is not a whole number."),
        ("c1,2026-11-20 09:00:00,,,", "The row holds no answer."),
        ("c1,2026-11-20 09:00:00,,,maybe", "“maybe” is not yes or no."),
    ],
)
def test_a_survey_that_cannot_be_taken_says_why(calls, row, says):
    delivery = deliver(surveys_of(calls), ["contact,received_at,csat,nps,is_resolved", row])
    assert counts(delivery) == {"rejected": 1}
    assert says in reasons(delivery)[2]


def test_a_survey_that_came_before_its_contact_is_taken_when_sent_again(source, chen, refunds_line):
    surveys = surveys_of(source)
    rows = ["contact,received_at,csat", "c1,2026-11-20 09:00:00,5"]
    assert counts(deliver(surveys, rows)) == {"rejected": 1}
    deliver(source, [HEADER, CALL.format(day="2026-11-02")])
    assert counts(deliver(surveys, rows)) == {"new": 1}


def test_a_complaint_is_booked_to_the_contact_that_caused_it(calls):
    source = new_source(calls.site, "complaints", fact=Source.Fact.COMPLAINTS, contacts_source=calls)
    header = "external_id,contact,received_at,text"
    assert counts(deliver(source, [header, "k1,c1,2026-11-20 09:00:00,Too late"])) == {"new": 1}
    assert Complaint.objects.get().contact == Contact.objects.get()
    assert marked_days() == {"2026-11-02"}
