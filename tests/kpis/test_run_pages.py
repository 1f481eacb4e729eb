"""The log of runs, and asking for one."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse
from kombu.exceptions import OperationalError

from interactions.services import mark_days
from kpis.models import QueueDay, Run, RunDay
from kpis.tasks import begin
from people.models import Agent, Queue, User
from tests.factories import MONDAY_NOON, ContactFactory
from tests.kpis.test_pages import text_of


@pytest.fixture
def run(db) -> Run:
    return Run.objects.create(kind=Run.Kind.NIGHTLY, days_planned=2, horizon=dt.date(2026, 11, 8))


def test_the_list_shows_progress_horizon_and_the_days_that_wait(director: User, sign_in, run: Run) -> None:
    RunDay.objects.create(run=run, day=dt.date(2026, 11, 2), seconds=0.5)
    mark_days([dt.date(2026, 11, 3), dt.date(2026, 11, 4)])

    said = text_of(sign_in(director).get(reverse("kpis:run_list")))

    assert "Data to Nov 8, 2026" in said
    assert "2 changed days wait" in said
    assert "Nightly Running" in said
    assert "1 / 2" in said


def test_the_list_keeps_itself_up_to_date_with_the_table_alone(director: User, sign_in, run: Run) -> None:
    part = sign_in(director).get(reverse("kpis:run_list"), headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert "Nightly" in part
    assert 'hx-trigger="every 2s"' in part


def test_a_run_shows_its_days_and_what_does_not_reconcile(director: User, sign_in, run: Run) -> None:
    difference = {"of": "handled, facts", "is": "7", "but": "handled, by queue", "was": "6"}
    RunDay.objects.create(run=run, day=dt.date(2026, 11, 2), seconds=0.5, differences=[difference])
    RunDay.objects.create(run=run, day=dt.date(2026, 11, 3), seconds=0.25)

    said = text_of(sign_in(director).get(reverse("kpis:run_detail", args=[run.pk])))

    assert "handled, facts: 7; handled, by queue: 6" in said
    assert "0.25" in said


@pytest.mark.parametrize("who", ["director", "administrator"])
def test_who_may_recompute_does_so_for_some_days_or_all(
    who: str, cast: dict[str, User], sign_in, refunds_line: Queue, zhao: Agent
) -> None:
    ContactFactory(queue=refunds_line, agent=zhao)
    ContactFactory(queue=refunds_line, agent=zhao, offered_at=MONDAY_NOON + dt.timedelta(days=1))
    page = sign_in(cast[who])

    page.post(reverse("kpis:recompute"), {"from": "2026-11-02", "to": "2026-11-02"})
    assert set(RunDay.objects.values_list("day", flat=True)) >= {dt.date(2026, 11, 2)}

    page.post(reverse("kpis:recompute"), {"every_day": "on"})
    assert set(QueueDay.objects.values_list("day", flat=True)) == {dt.date(2026, 11, 2), dt.date(2026, 11, 3)}
    assert Run.objects.first().started_by == cast[who]


@pytest.mark.parametrize("who", ["qa_analyst", "refunds_supervisor", "chen", "shopper"])
def test_who_may_not_recompute_finds_no_such_page(who: str, cast: dict[str, User], sign_in) -> None:
    assert sign_in(cast[who]).post(reverse("kpis:recompute")).status_code == 404
    assert not Run.objects.exists()


@pytest.mark.parametrize("asked", [{}, {"from": "2026-11-02", "to": "2026-11-02", "every_day": "on"}])
def test_everything_is_computed_anew_only_where_that_was_said(asked: dict[str, str], director: User, sign_in) -> None:
    answer = sign_in(director).post(reverse("kpis:recompute"), asked, follow=True)

    assert "tick “every day” to compute everything" in text_of(answer)
    assert not Run.objects.exists()


def test_days_out_of_order_are_refused_in_words(director: User, sign_in) -> None:
    answer = sign_in(director).post(reverse("kpis:recompute"), {"from": "2026-11-03", "to": "2026-11-02"}, follow=True)

    assert "The period ends before it starts." in text_of(answer)
    assert not Run.objects.exists()


@pytest.mark.parametrize(("first", "last"), [("0001-01-01", "9999-12-31"), ("2001-01-01", "2026-11-02")])
def test_days_without_end_are_refused_in_words(first: str, last: str, director: User, sign_in) -> None:
    answer = sign_in(director).post(reverse("kpis:recompute"), {"from": first, "to": last}, follow=True)

    assert re.search(r"Give a day from 1990-01-01|at most 3660 days", text_of(answer))
    assert not Run.objects.exists()


def test_without_a_broker_the_page_says_so_and_nothing_seems_to_run(director: User, sign_in, monkeypatch) -> None:
    def unreachable(*_arguments: object) -> None:
        raise OperationalError("Connection refused")

    monkeypatch.setattr(begin, "delay", unreachable)
    answer = sign_in(director).post(reverse("kpis:recompute"), {"every_day": "on"}, follow=True)

    assert "The workers cannot be reached." in text_of(answer)
    assert [run.state for run in Run.objects.all()] == [Run.State.FAILED]


def test_before_the_first_run_the_page_says_when_it_comes(director: User, sign_in) -> None:
    assert "The first run starts by itself after the first import." in text_of(
        sign_in(director).get(reverse("kpis:run_list"))
    )
