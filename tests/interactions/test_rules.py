"""Thresholds act from their day on and never rewrite the past."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from interactions.models import DirtyDay
from interactions.services.rules import set_queue_rules
from people.models import FIRST_DAY, Channel
from people.services import create_queue
from tests.factories import ContactFactory

MAY = dt.date(2026, 5, 1)
JULY = dt.date(2026, 7, 1)


def ranges(queue):
    return [
        (rules.valid_from, rules.valid_until, rules.service_level_seconds)
        for rules in queue.rules.order_by("valid_from")
    ]


def marked():
    return sorted({day.isoformat() for day in DirtyDay.objects.values_list("day", flat=True)})


def at(text):
    return dt.datetime.fromisoformat(f"{text}T11:00:00+00:00")


def test_a_new_queue_has_rules_since_ever(site, administrator):
    queue = create_queue(code="sales", name="Sales", site=site, by=administrator, service_level_seconds=30)

    assert ranges(queue) == [(FIRST_DAY, None, 30)]
    assert queue.history.get().history_user == administrator


def test_new_rules_end_the_former_ones_without_gap_or_overlap(refunds_line, administrator):
    set_queue_rules(refunds_line, valid_from=JULY, by=administrator, service_level_seconds=40)
    set_queue_rules(refunds_line, valid_from=MAY, by=administrator, service_level_seconds=30)

    assert ranges(refunds_line) == [(FIRST_DAY, MAY, 20), (MAY, JULY, 30), (JULY, None, 40)]


def test_what_new_rules_do_not_name_stays_as_it_was(refunds_line):
    set_queue_rules(refunds_line, valid_from=MAY, by=None, short_abandon_seconds=9)
    set_queue_rules(refunds_line, valid_from=JULY, by=None, service_level_target=Decimal("0.9"))

    rules = refunds_line.rules.get(valid_from=JULY)
    assert (rules.short_abandon_seconds, rules.service_level_target, rules.service_level_seconds) == (
        9,
        Decimal("0.9"),
        20,
    )


def test_rules_that_begin_on_the_same_day_are_corrected(refunds_line, administrator):
    set_queue_rules(refunds_line, valid_from=MAY, by=administrator, service_level_seconds=30)
    set_queue_rules(refunds_line, valid_from=MAY, by=administrator, service_level_seconds=25)

    assert ranges(refunds_line) == [(FIRST_DAY, MAY, 20), (MAY, None, 25)]
    assert refunds_line.rules.get(valid_from=MAY).history.first().history_user == administrator


def test_only_the_days_that_the_rules_judge_are_marked(refunds_line, billing_line):
    set_queue_rules(refunds_line, valid_from=JULY, by=None, service_level_seconds=40)
    for day in ("2026-04-30", "2026-05-01", "2026-06-30", "2026-07-01"):
        ContactFactory(queue=refunds_line, offered_at=at(day))
    ContactFactory(queue=billing_line, offered_at=at("2026-06-01"))

    set_queue_rules(refunds_line, valid_from=MAY, by=None, service_level_seconds=30)

    assert marked() == ["2026-05-01", "2026-06-30"]


def test_a_ticket_marks_every_day_on_which_it_was_open(refunds_line):
    refunds_line.channel = Channel.TICKET
    refunds_line.save()
    ContactFactory(queue=refunds_line, offered_at=at("2026-05-04"), ended_at=at("2026-05-07"), due_at=at("2026-05-09"))

    set_queue_rules(refunds_line, valid_from=MAY, by=None, service_level_seconds=30)

    assert marked() == ["2026-05-04", "2026-05-05", "2026-05-06", "2026-05-07", "2026-05-09"]


def test_a_threshold_that_cannot_be_is_refused_and_nothing_changes(refunds_line):
    with pytest.raises(ValidationError):
        set_queue_rules(refunds_line, valid_from=MAY, by=None, service_level_target=Decimal("1.5"))

    assert ranges(refunds_line) == [(FIRST_DAY, None, 20)]
