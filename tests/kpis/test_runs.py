"""The nightly run under disturbance: the KPIs are the same as computed once from scratch."""

from __future__ import annotations

import datetime as dt
import random
import threading
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction

from interactions.models import Contact, DirtyDay, Outcome
from interactions.services import mark_days
from interactions.services.days import days_of
from interactions.services.memberships import move_agent
from interactions.services.rules import set_queue_rules
from kpis import rollup, services
from kpis.models import ROLLUPS, AgentDay, Run
from kpis.period import Period
from kpis.tasks import launch, run_changed_days, run_nightly
from people.models import Channel, Team
from tests.factories import (
    MONDAY_NOON,
    AgentStateFactory,
    ContactFactory,
    QueueFactory,
    ReasonFactory,
    ShiftFactory,
    SurveyAnswerFactory,
)
from tests.kpis.conftest import MONDAY, everything_computed

DAY = dt.timedelta(days=1)


@pytest.fixture
def three_weeks(chen, zhao, smit, refunds_line, billing_line) -> list[Contact]:
    """150 contacts of 20 customers over three weeks, with surveys, states and shifts; the seed is fixed."""
    draw = random.Random(5)
    reasons = ReasonFactory.create_batch(2)
    contacts = []
    for _ in range(150):
        line, people = draw.choice([(refunds_line, (chen, zhao)), (billing_line, (smit,))])
        answered = draw.random() < 0.85
        contacts.append(
            ContactFactory(
                queue=line,
                reason=draw.choice(reasons),
                customer=draw.choice([None, *range(-10, 10)]),
                offered_at=MONDAY_NOON + dt.timedelta(minutes=draw.randrange(21 * 24 * 60)),
                outcome=Outcome.ANSWERED if answered else Outcome.ABANDONED,
                agent=draw.choice(people) if answered else None,
                wait_seconds=draw.randrange(90),
                talk_seconds=Decimal(draw.randrange(400_000)) / 1000 if answered else 0,
            )
        )
        if answered and draw.random() < 0.3:
            SurveyAnswerFactory(contact=contacts[-1], csat=draw.randint(1, 5), nps=draw.randint(0, 10))
    for day in range(21):
        AgentStateFactory(agent=chen, started_at=MONDAY_NOON + day * DAY, hours=3, cost=90)
        ShiftFactory(agent=chen, starts_at=MONDAY_NOON + day * DAY, hours=4)
    return contacts


def from_scratch() -> list[tuple]:
    """What one computation of everything gives, into empty roll-ups."""
    for table in (*ROLLUPS, DirtyDay, Run):
        table.objects.all().delete()
    Contact.objects.update(next_contact_at=None)
    launch(Run.Kind.REBUILD)
    return everything_computed()


def fall_silent() -> None:
    """What a killed worker does: it gives no sign of life any more."""
    Run.objects.filter(state=Run.State.RUNNING).update(heartbeat_at=MONDAY_NOON)


def test_running_twice_changes_nothing(three_weeks, compute):
    compute()
    once = everything_computed()
    compute()
    assert everything_computed() == once
    assert len(once) > 100


def test_a_run_without_changes_computes_no_day(three_weeks, compute):
    compute()
    run_nightly.delay()
    assert Run.objects.first().days_planned == 0
    assert run_changed_days.delay().get() is None


def test_a_worker_killed_in_the_middle_of_a_day_leaves_it_to_the_next_run(three_weeks, compute, monkeypatch):
    compute()
    before = everything_computed()
    contact = three_weeks[0]
    Contact.objects.filter(pk=contact.pk).update(wait_seconds=55, talk_seconds=600)
    mark_days([contact.day, contact.answered_day or contact.day])

    def killed(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rollup, "_sum_slots_into_days", killed)
        with pytest.raises(KeyboardInterrupt):
            run_nightly.delay()
    assert everything_computed() == before, "a broken day shows the former figures, not half of the new"
    assert run_changed_days.delay().get() is None, "the run may still be alive"
    fall_silent()
    run_changed_days.delay()
    assert Run.objects.first().state == Run.State.DONE
    assert everything_computed() == from_scratch()


def test_a_silent_run_is_called_interrupted_by_the_next(three_weeks, compute):
    stale = services.start_run(kind=Run.Kind.REBUILD)
    fall_silent()
    run_nightly.delay()
    stale.refresh_from_db()
    assert stale.state == Run.State.INTERRUPTED
    assert everything_computed() == from_scratch()


def test_a_late_survey_counts_on_its_contacts_day(three_weeks, compute):
    compute()
    contact = next(c for c in three_weeks if c.answered_day and not c.surveyanswers.exists())
    SurveyAnswerFactory(contact=contact, csat=1, received_at=MONDAY_NOON + 60 * DAY)
    mark_days([contact.answered_day])
    run_nightly.delay()
    assert everything_computed() == from_scratch()


def test_a_corrected_contact_moves_all_that_follows_from_it(three_weeks, compute):
    """The correction takes a contact to another day, which also changes who repeats whom."""
    compute()
    contact = next(c for c in three_weeks if c.customer is not None and c.answered_at)
    moved = 3 * DAY
    changed = {name: getattr(contact, name) + moved for name in ("offered_at", "answered_at", "ended_at")}
    changed |= {name: getattr(contact, name) + moved for name in ("day", "answered_day", "ended_day")}
    Contact.objects.filter(pk=contact.pk).update(**changed)
    mark_days([contact.day, contact.answered_day, changed["day"], changed["answered_day"]])
    run_nightly.delay()
    assert everything_computed() == from_scratch()


@pytest.mark.parametrize("days_later", [1, 3, 30])
def test_new_days_mature_the_old_ones(three_weeks, refunds_line, compute, days_later):
    compute()
    last = max(contact.offered_at for contact in three_weeks)
    new = ContactFactory(queue=refunds_line, offered_at=last + days_later * DAY, customer=three_weeks[-1].customer)
    mark_days([new.day, new.answered_day])
    run_nightly.delay()
    assert everything_computed() == from_scratch()


def test_days_come_in_one_by_one_and_end_as_from_scratch(three_weeks, compute):
    """Facts arrive a day at a time and a run follows each."""
    kept = {contact.pk: contact for contact in three_weeks}
    days = sorted({contact.day for contact in three_weeks})
    far = 400 * DAY
    Contact.objects.update(  # not yet delivered: kept out of the way under a queue-less customer far in the past
        customer=None, day=MONDAY - far, answered_day=None, answered_at=None, outcome=Outcome.ABANDONED
    )
    for day in days:
        for contact in (c for c in kept.values() if c.day == day):
            contact.save()
            mark_days({contact.day, contact.answered_day or contact.day})
        mark_days([MONDAY - far])
        run_nightly.delay()
    assert everything_computed() == from_scratch()


def test_a_change_that_comes_in_during_a_run_keeps_its_mark(three_weeks, compute, refunds_line):
    """Between the search for repeats and the computing of the day, a further contact of a customer arrives."""
    compute()
    contact = next(c for c in three_weeks if c.customer is not None and c.answered_at)
    mark_days([contact.day])
    run = services.start_run(kind=Run.Kind.CHANGES)
    for half in (0, 1):
        services.search_repeats(run.pk, half)
    late = ContactFactory(
        queue=contact.queue, reason=contact.reason, customer=contact.customer,
        offered_at=contact.offered_at + dt.timedelta(minutes=1),
    )  # fmt: skip
    mark_days([late.day, late.answered_day])
    for step in services.plan_days(run.pk):
        services.compute_days(run.pk, step)
    services.finish_run(run.pk)
    assert services.has_changes()
    run_changed_days.delay()
    assert not services.has_changes()
    assert everything_computed() == from_scratch()


def test_days_without_an_hour_and_with_one_more_are_right(refunds_line, compute, read):
    """Berlin skips 2:00 to 3:00 on 28 March 2027 and repeats it on 31 October 2027."""
    spring, autumn = dt.date(2027, 3, 28), dt.date(2027, 10, 31)
    instants = {
        spring: [(3, 27, 23, 30), (3, 28, 0, 59), (3, 28, 1, 0), (3, 28, 21, 59)],
        autumn: [(10, 30, 22, 0), (10, 31, 0, 30), (10, 31, 1, 30), (10, 31, 22, 59)],
    }
    for day, moments in instants.items():
        for moment in moments:
            offered_at = dt.datetime(2027, *moment, tzinfo=dt.UTC)
            ContactFactory(queue=refunds_line, offered_at=offered_at, talk_seconds=1)
        compute()
        assert read("contacts_offered", day=day).value == 4
    assert read("contacts_offered", day=spring, slot=4).value is None
    assert read("contacts_offered", day=spring, slot=6).value == 1
    assert read("contacts_offered", day=autumn, slot=5).value == 2


def test_a_run_that_does_not_reconcile_says_so(three_weeks, compute, monkeypatch):
    def forget_agents(*args):
        original(*args)
        AgentDay.objects.all().delete()

    original = rollup._sum_facts
    monkeypatch.setattr(rollup, "_sum_facts", forget_agents)
    compute()
    run = Run.objects.first()
    assert run.state == Run.State.UNRECONCILED
    assert three_weeks[0].day.isoformat() in run.message
    assert any("by agent" in entry["but"] for day in run.days.all() for entry in day.differences)


def test_a_search_for_lasting_changes_that_breaks_off_fails_no_computed_run(three_weeks, compute, monkeypatch, caplog):
    def break_off(_sign_of_life):
        raise ZeroDivisionError

    monkeypatch.setattr(services, "look_for_changes", break_off)
    compute()
    assert Run.objects.get().state == Run.State.DONE
    assert "search for lasting changes" in caplog.text


def test_a_run_that_looks_for_lasting_changes_gives_a_sign_of_life_per_team(three_weeks, compute, monkeypatch):
    compute()
    run, signs = services.start_run(kind=Run.Kind.NIGHTLY), []
    monkeypatch.setattr(services, "_sign_of_life", signs.append)
    services.finish_run(run.pk)
    assert signs == [run.pk] * (Team.objects.count() + 1)


def test_an_empty_installation_runs_through(db, compute):
    compute()
    assert Run.objects.get().state == Run.State.DONE


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_give_the_same(three_weeks, compute):
    mark_days({contact.day for contact in three_weeks} | {c.answered_day for c in three_weeks if c.answered_day})
    runs = []
    for _ in range(2):  # each has marks of its own on every day
        mark_days({contact.day for contact in three_weeks})
        runs.append(services.start_run(kind=Run.Kind.CHANGES))
    errors = []

    def work(run: Run) -> None:
        try:
            for half in (0, 1):
                services.search_repeats(run.pk, half)
            for step in services.plan_days(run.pk):
                services.compute_days(run.pk, step)
            services.finish_run(run.pk)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not errors
    run_nightly.delay()
    assert everything_computed() == from_scratch()


@pytest.mark.django_db(transaction=True)
def test_a_connection_lost_in_the_middle_of_a_day_leaves_the_former_figures(three_weeks, compute):
    compute()
    before = everything_computed()
    Contact.objects.filter(pk=three_weeks[0].pk).update(wait_seconds=999)
    mark_days([three_weeks[0].day])
    run = services.start_run(kind=Run.Kind.CHANGES)
    transaction.set_autocommit(False)
    rollup.roll_up(Period(three_weeks[0].day, three_weeks[0].day), run.pk)
    connection.close()
    connection.connect()
    assert everything_computed() == before
    fall_silent()
    run_nightly.delay()
    assert everything_computed() == from_scratch()


def test_a_command_computes_what_changed_without_a_worker(three_weeks, compute, capsys):
    mark_days([three_weeks[0].day])
    call_command("compute_kpis", workers=1)
    assert "data to 2026-11-2" in capsys.readouterr().out
    call_command("compute_kpis", "--all", workers=1)
    assert everything_computed() == from_scratch()


def test_days_computed_together_are_as_each_alone(three_weeks, compute, monkeypatch):
    compute()
    together = everything_computed()
    monkeypatch.setattr(services, "LONGEST_STEP", 1)
    assert from_scratch() == together
    monkeypatch.setattr(services, "FEWEST_STEPS", 1)
    monkeypatch.setattr(services, "LONGEST_STEP", 14)
    assert from_scratch() == together


def test_a_search_killed_before_its_finds_are_marked_finds_them_again(three_weeks, compute, monkeypatch, refunds_line):
    """A further contact turns an earlier one into a repeat; the worker dies right after the search saw it."""
    compute()
    earlier = next(c for c in three_weeks if c.customer is not None and c.answered_at and c.next_contact_at is None)
    late = ContactFactory(
        queue=earlier.queue, reason=earlier.reason, customer=earlier.customer, offered_at=earlier.offered_at + 5 * DAY
    )
    mark_days([late.day, late.answered_day])

    def killed(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(services, "mark_days", killed)
        with pytest.raises(KeyboardInterrupt):
            run_changed_days.delay()
    fall_silent()
    run_changed_days.delay()
    assert everything_computed() == from_scratch()


def test_a_living_run_keeps_its_marks_when_the_clock_strikes(three_weeks, compute):
    """Marked days are computed by the run that claimed them, however long its search takes."""
    compute()
    mark_days([three_weeks[0].day])
    run = services.start_run(kind=Run.Kind.REBUILD)
    assert run_changed_days.delay().get() is None
    run_nightly.delay()
    assert services.claimed_days(run.pk)
    for half in (0, 1):
        services.search_repeats(run.pk, half)
    for step in services.plan_days(run.pk):
        services.compute_days(run.pk, step)
    assert services.finish_run(run.pk).days_planned > 20
    assert not services.marked_days()
    assert everything_computed() == from_scratch()


def test_what_was_answered_beyond_the_horizon_matures_with_it(refunds_line, reason, compute):
    """A written contact offered on the first day and answered on the twentieth; the facts reach day 2, then 9."""
    mail = ContactFactory(
        queue=refunds_line, reason=reason, customer=5, wait_seconds=20 * 86_400, offered_at=MONDAY_NOON
    )
    ContactFactory(queue=refunds_line, offered_at=MONDAY_NOON + 2 * DAY)
    compute()
    newer = ContactFactory(queue=refunds_line, offered_at=MONDAY_NOON + 9 * DAY)
    mark_days([newer.day])
    run_nightly.delay()
    assert everything_computed() == from_scratch()
    assert AgentDay.objects.get(day=mail.answered_day).fcr_matured == 1


def a_new_contact(draw, lines, people, reasons) -> None:
    """Of any kind, at any moment, also far later than all others."""
    line, outcome = draw.choice(lines), draw.choice(list(Outcome))
    offered_at = MONDAY_NOON + dt.timedelta(minutes=draw.randrange(35 * 24 * 60))
    answered = outcome == Outcome.ANSWERED
    ends = offered_at + dt.timedelta(days=draw.randrange(9)) if draw.random() < 0.7 else None
    contact = ContactFactory(
        queue=line, outcome=outcome, reason=draw.choice(reasons), customer=draw.choice([None, 1, -1, 2]),
        conversation_id=draw.choice(["", "", "a", "b"]), offered_at=offered_at,
        agent=draw.choice(people) if answered else None,
        wait_seconds=draw.choice([3, 30, 3 * 86_400]) if line.channel == Channel.TICKET else draw.choice([3, 30]),
        **({"ended_at": ends, "due_at": offered_at + 2 * DAY} if line.channel == Channel.TICKET else {}),
    )  # fmt: skip
    mark_days(days_of(Contact.objects.filter(pk=contact.pk)))


def a_corrected_contact(draw) -> None:
    contacts = Contact.objects.filter(pk=draw.choice(list(Contact.objects.values_list("pk", flat=True))))
    before = days_of(contacts)
    contact = contacts.get()
    if contact.channel == Channel.TICKET and contact.ended_at is None:
        closed = contact.offered_at + 12 * DAY
        contacts.update(ended_at=closed, ended_day=closed.date())
    else:
        contacts.update(customer=draw.choice([None, 1, 2]), wait_seconds=draw.choice([2, 21, 50]))
    mark_days(before | days_of(contacts))


def a_survey(draw) -> None:
    contact = draw.choice(list(Contact.objects.all()))
    SurveyAnswerFactory(contact=contact, csat=draw.randint(1, 5))
    mark_days([contact.answered_day or contact.day])


@pytest.mark.parametrize("seed", range(4))
def test_any_history_of_changes_ends_as_from_scratch(
    seed, compute, chen, zhao, smit, billing, refunds, refunds_line, billing_line, director
):
    """Contacts of all kinds, corrections, surveys, moves between teams and new rules in any order; a run after each."""
    draw = random.Random(seed)
    tickets = QueueFactory(channel=Channel.TICKET, site=refunds.site, owner_team=refunds)
    lines, people, reasons = [refunds_line, billing_line, tickets], [chen, zhao, smit], ReasonFactory.create_batch(2)
    for step in range(24):
        change = draw.choice(["contact", "contact", "contact", "correction", "survey", "move", "rules"])
        if change == "contact" or step < 4:
            a_new_contact(draw, lines, people, reasons)
        elif change == "correction":
            a_corrected_contact(draw)
        elif change == "survey":
            a_survey(draw)
        elif change == "move":
            on = MONDAY + dt.timedelta(days=draw.randrange(30))
            move_agent(draw.choice(people), team=draw.choice([refunds, billing]), on=on, by=director)
        else:
            set_queue_rules(
                draw.choice(lines), valid_from=MONDAY + dt.timedelta(days=draw.randrange(-5, 30)), by=director,
                service_level_seconds=draw.choice([10, 40]), service_level_target=Decimal("0.8"),
                short_abandon_seconds=5, fcr_window_days=draw.choice([3, 7, 14]), csat_top_box=4,
            )  # fmt: skip
        run_changed_days.delay()
    assert everything_computed() == from_scratch()
