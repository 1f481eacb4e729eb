"""An agent is in one team at a time, and history keeps the team of the time."""

import datetime as dt

import pytest
from django.db import IntegrityError

from people.models import Membership, QueueRules
from tests.factories import ContactFactory, QueueRulesFactory


def test_the_database_refuses_two_teams_at_a_time(chen, billing):
    with pytest.raises(IntegrityError, match="an_agent_is_in_one_team_at_a_time"):
        Membership.objects.create(agent=chen, team=billing, starts_on=dt.date(2026, 5, 1))


def test_a_membership_may_start_on_the_day_the_other_ends(chen, billing):
    chen.memberships.update(ends_on=dt.date(2026, 5, 1))

    Membership.objects.create(agent=chen, team=billing, starts_on=dt.date(2026, 5, 1))

    assert chen.memberships.count() == 2


def test_the_database_refuses_two_sets_of_rules_at_a_time(refunds_line):
    with pytest.raises(IntegrityError, match="queue_has_one_set_of_rules_at_a_time"):
        QueueRulesFactory(queue=refunds_line, valid_from=dt.date(2026, 5, 1))


def test_a_new_queue_of_the_cast_has_rules_since_ever(refunds_line):
    assert QueueRules.objects.get(queue=refunds_line).valid_from == dt.date(1, 1, 1)


def test_a_contact_of_the_cast_is_in_its_agents_team(chen, refunds_line, refunds):
    contact = ContactFactory(agent=chen, queue=refunds_line)

    assert (contact.team, str(contact.day), contact.slot) == (refunds, "2026-11-02", 24)
