"""An agent who changes team takes along what they did since, and leaves behind what they did before."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from interactions.models import Contact, DirtyDay, Outcome
from interactions.services.memberships import Span, follow_memberships, move_agent, set_memberships
from tests.factories import AgentStateFactory, ContactFactory, ShiftFactory

MAY = dt.date(2026, 5, 1)
JULY = dt.date(2026, 7, 1)


def at(text):
    return dt.datetime.fromisoformat(f"{text}T11:00:00+00:00")


def spans(agent):
    return [
        (membership.team.code, membership.starts_on, membership.ends_on)
        for membership in agent.memberships.order_by("starts_on")
    ]


def marked():
    return sorted({day.isoformat() for day in DirtyDay.objects.values_list("day", flat=True)})


def test_a_move_ends_the_former_membership_and_starts_the_next(chen, billing, administrator):
    move_agent(chen, team=billing, on=MAY, by=administrator)

    assert spans(chen) == [("refunds", dt.date(2025, 1, 1), MAY), ("billing", MAY, None)]
    assert chen.memberships.get(team=billing).history.get().history_user == administrator


def test_a_move_into_the_past_lasts_until_the_next_known_move(chen, billing, refunds_evening):
    move_agent(chen, team=billing, on=JULY, by=None)
    move_agent(chen, team=refunds_evening, on=MAY, by=None)

    assert spans(chen) == [
        ("refunds", dt.date(2025, 1, 1), MAY),
        ("refunds-evening", MAY, JULY),
        ("billing", JULY, None),
    ]


def test_a_move_on_the_day_of_another_replaces_it(chen, billing, refunds_evening):
    move_agent(chen, team=billing, on=MAY, by=None)
    move_agent(chen, team=refunds_evening, on=MAY, by=None)

    assert spans(chen) == [("refunds", dt.date(2025, 1, 1), MAY), ("refunds-evening", MAY, None)]


def test_a_move_to_the_own_team_changes_nothing(chen, refunds):
    ContactFactory(agent=chen)

    move_agent(chen, team=refunds, on=MAY, by=None)

    assert spans(chen) == [("refunds", dt.date(2025, 1, 1), None)]
    assert marked() == []


def test_contacts_before_the_move_stay_with_the_team_of_the_time(chen, zhao, refunds_line, refunds, billing):
    before = ContactFactory(agent=chen, queue=refunds_line, offered_at=at("2026-04-30"))
    after = ContactFactory(agent=chen, queue=refunds_line, offered_at=at("2026-05-01"))
    of_another = ContactFactory(agent=zhao, queue=refunds_line, offered_at=at("2026-05-02"))

    move_agent(chen, team=billing, on=MAY, by=None)

    teams = dict(Contact.objects.values_list("pk", "team__code"))
    assert teams == {before.pk: "refunds", after.pk: "billing", of_another.pk: "refunds"}
    assert marked() == ["2026-05-01"]


def test_a_contact_that_nobody_answered_stays_with_the_owner_of_its_queue(chen, refunds_line, billing):
    ContactFactory(agent=chen, queue=refunds_line, outcome=Outcome.ABANDONED, offered_at=at("2026-05-02"))

    move_agent(chen, team=billing, on=MAY, by=None)

    assert Contact.objects.get().team.code == "refunds"


def test_states_and_shifts_go_along_and_mark_the_days_around_them(chen, billing):
    state = AgentStateFactory(agent=chen, started_at=at("2026-05-10"))
    shift = ShiftFactory(agent=chen, starts_at=at("2026-05-20"))

    move_agent(chen, team=billing, on=MAY, by=None)

    state.refresh_from_db()
    shift.refresh_from_db()
    assert (state.team, shift.team) == (billing, billing)
    assert marked() == ["2026-05-09", "2026-05-10", "2026-05-11", "2026-05-19", "2026-05-20", "2026-05-21"]


def test_who_leaves_every_team_leaves_contacts_to_the_owner_of_the_queue(chen, billing_line, billing):
    ContactFactory(agent=chen, queue=billing_line, offered_at=at("2026-05-02"))
    state = AgentStateFactory(agent=chen, started_at=at("2026-05-02"))

    move_agent(chen, team=None, on=MAY, by=None)

    state.refresh_from_db()
    assert Contact.objects.get().team == billing
    assert state.team is None
    assert spans(chen) == [("refunds", dt.date(2025, 1, 1), MAY)]


def test_a_whole_career_is_set_at_once_even_where_teams_swap_their_times(chen, billing, refunds):
    start = dt.date(2025, 1, 1)
    set_memberships(chen, spans=[Span(refunds, start, MAY), Span(billing, MAY)], by=None)
    contact = ContactFactory(agent=chen, offered_at=at("2026-06-01"))

    set_memberships(chen, spans=[Span(billing, start, MAY), Span(refunds, MAY)], by=None)

    contact.refresh_from_db()
    assert spans(chen) == [("billing", start, MAY), ("refunds", MAY, None)]
    assert contact.team == refunds
    assert marked() == ["2026-06-01"]


def test_an_extended_membership_may_take_the_time_of_one_that_is_cut(chen, billing, refunds):
    set_memberships(chen, spans=[Span(refunds, MAY, JULY), Span(billing, JULY)], by=None)

    set_memberships(chen, spans=[Span(refunds, MAY)], by=None)

    assert spans(chen) == [("refunds", MAY, None)]


def test_two_teams_at_a_time_are_refused_in_words(chen, billing, refunds):
    with pytest.raises(ValidationError, match=r"In Billing from .*, but until then still in Refunds"):
        set_memberships(chen, spans=[Span(refunds, MAY), Span(billing, JULY)], by=None)


def test_following_twice_changes_nothing_more(chen, billing, refunds_line):
    ContactFactory(agent=chen, queue=refunds_line, offered_at=at("2026-06-01"))
    chen.memberships.update(team=billing)

    follow_memberships(chen, since=MAY)
    follow_memberships(chen, since=MAY)

    assert Contact.objects.get().team == billing
    assert DirtyDay.objects.count() == 1
