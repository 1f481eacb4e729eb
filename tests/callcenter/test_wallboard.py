"""The wall: who may put whose day on it, what it shows, and that it never passes another day off as today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise

import pytest
import time_machine
from django.urls import reverse

from callcenter.celery import app
from interactions.models import Outcome, Source
from kpis.tasks import run_changed_days
from people.models import Agent, Channel, Queue, Role, Team, User
from tests.factories import MONDAY_NOON, ContactFactory, QueueFactory, SiteFactory, TargetFactory, UserFactory
from tests.interactions.deliveries import HEADER, counts, deliver
from tests.kpis.conftest import _tasks_run_at_once, compute  # noqa: F401
from tests.kpis.test_pages import text_of

NIGHT = MONDAY_NOON.replace(hour=21)  # 22:00 in Berlin, still Monday


@pytest.fixture
def monday_night() -> Iterator[None]:
    with time_machine.travel(NIGHT, tick=False):
        yield


@pytest.fixture
def a_monday(refunds_line: Queue, chen: Agent, compute: Callable) -> None:  # noqa: F811
    """40 calls: 33 answered in time and 3 too late, 4 abandoned after half a minute, in two half-hours."""
    for number in range(40):
        is_answered = number < 36
        ContactFactory(
            queue=refunds_line,
            agent=chen if is_answered else None,
            outcome=Outcome.ANSWERED if is_answered else Outcome.ABANDONED,
            wait_seconds=Decimal(10 if number < 33 else 30),
            offered_at=MONDAY_NOON + dt.timedelta(minutes=30 * (number % 4 == 0)),
        )
    compute()


def wall_of(answer) -> dict[str, str]:
    wall = answer.context["wall"]
    figures = [wall.headline, *wall.figures] if wall.headline else wall.figures
    return {figure.kpi.key: figure.text for figure in figures}


def test_the_wall_shows_the_day_with_target_and_state(
    a_monday, monday_night, refunds_supervisor: User, sign_in, refunds: Team
) -> None:
    """33 of 40 in time: 82.5 %. Answered after 10 s (33) and 30 s (3): 11.67 s."""
    answer = sign_in(refunds_supervisor).get(reverse("wallboard:team", args=[refunds.pk]))

    assert wall_of(answer) == {
        "service_level": "82.5%",
        "contacts_offered": "40",
        "contacts_answered": "36",
        "contacts_abandoned": "4",
        "average_speed_of_answer": "0:12",
        "average_handle_time": "2:00",
    }
    said = text_of(answer)
    assert "Service level 82.5% on target Target ≥ 80.0% · 40 contacts" in said
    assert "Today Nov 2, 2026" in said
    assert "Contacts until 13:00 · computed" in said
    assert "12:00: Contacts offered 30, Contacts answered 27" in said
    assert "12:30: Contacts offered 10, Contacts answered 9" in said
    assert "Not today" not in said


@pytest.mark.parametrize(("target", "word"), [("0.95", "below target"), ("0.9", "missed, within chance")])
def test_a_missed_target_is_said_in_words(
    a_monday, monday_night, refunds: Team, director: User, sign_in, target: str, word: str
) -> None:
    """33 of 40 are 82.5 %, with an interval from 68.1 to 91.3 %: 90 % might as well have come out, 95 % not."""
    TargetFactory(kpi="service_level", team=refunds, value=Decimal(target))

    said = text_of(sign_in(director).get(reverse("wallboard:team", args=[refunds.pk])))

    assert f"82.5% {word} Target ≥ {Decimal(target):.1%}" in said


def test_a_few_contacts_are_not_judged(refunds_line, chen, compute, monday_night, director, sign_in) -> None:  # noqa: F811
    ContactFactory(queue=refunds_line, agent=chen, wait_seconds=Decimal(60))
    compute()

    answer = sign_in(director).get(reverse("wallboard:queue", args=[refunds_line.pk]))

    assert "0.0% too few to judge" in text_of(answer)
    assert answer.context["wall"].headline.is_pale


def test_before_the_days_first_contact_the_wall_shows_nothing_and_offers_the_last_day(
    a_monday, director: User, sign_in, refunds: Team
) -> None:
    url = reverse("wallboard:team", args=[refunds.pk])
    with time_machine.travel(MONDAY_NOON + dt.timedelta(days=2), tick=False):
        page = sign_in(director)
        today, monday = page.get(url), page.get(f"{url}?day=2026-11-02")

    assert wall_of(today) == {}
    assert "No figures for today yet" in text_of(today)
    assert "Show the last day with data: Nov 2, 2026" in text_of(today)
    assert '"?day=2026-11-02"' in today.content.decode()
    assert wall_of(monday)["contacts_offered"] == "40"
    assert "Not today Nov 2, 2026" in text_of(monday)


def test_a_level_without_a_contact_is_no_data(refunds: Team, director: User, sign_in, compute) -> None:  # noqa: F811
    """A ticket that is still open on Wednesday is no figure of Wednesday's contacts."""
    tickets = QueueFactory(channel=Channel.TICKET, owner_team=refunds, site=refunds.site)
    ContactFactory(queue=tickets, outcome=Outcome.WAITING)
    ContactFactory(queue=QueueFactory(site=refunds.site), offered_at=MONDAY_NOON + dt.timedelta(days=2))
    compute()

    with time_machine.travel(MONDAY_NOON + dt.timedelta(days=2), tick=False):
        page = sign_in(director)
        today = page.get(reverse("wallboard:queue", args=[tickets.pk]))
        monday = page.get(reverse("wallboard:queue", args=[tickets.pk]) + "?day=2026-11-02")

    assert wall_of(today) == {}
    assert wall_of(monday)["backlog"] == "1"


def test_today_is_the_sites_own(refunds: Team, director: User, sign_in) -> None:
    """At 23:00 UTC it is Tuesday in Berlin and Monday in Boston."""
    boston = QueueFactory(site=SiteFactory(code="boston", time_zone="America/New_York"))
    with time_machine.travel(MONDAY_NOON.replace(hour=23), tick=False):
        page = sign_in(director)
        days = [
            page.get(reverse(f"wallboard:{kind}", args=[pk])).context["wall"].day
            for kind, pk in (("team", refunds.pk), ("queue", boston.pk))
        ]

    assert days == [dt.date(2026, 11, 3), dt.date(2026, 11, 2)]


@pytest.mark.parametrize("day", ["soon", "2099-01-01", "0001-01-01", "2026-11-02\x00"])
def test_a_day_that_makes_no_sense_is_today(day: str, a_monday, monday_night, director, sign_in, refunds) -> None:
    answer = sign_in(director).get(reverse("wallboard:team", args=[refunds.pk]), {"day": day})

    assert answer.context["wall"].is_today


ROWS = [
    HEADER,
    "1,refunds-line,E1001,,answered,2026-11-02 12:00:00,5,100,20",
    "2,refunds-line,,,abandoned,2026-11-02 12:01:00,60,,",
]


def test_contacts_imported_today_stand_on_the_wall_after_the_task_of_the_next_minutes(
    refunds_line: Queue, chen: Agent, source: Source, monday_night, director: User, sign_in
) -> None:
    url = reverse("wallboard:queue", args=[refunds_line.pk])
    page = sign_in(director)
    assert counts(deliver(source, ROWS)) == {"new": 2}
    assert "Contacts of today have come in; their figures are computed within minutes." in text_of(page.get(url))

    assert run_changed_days() is not None

    assert wall_of(page.get(url)) == {
        "service_level": "50.0%",
        "contacts_offered": "2",
        "contacts_answered": "1",
        "contacts_abandoned": "1",
        "average_speed_of_answer": "0:05",
        "average_handle_time": "2:00",
    }
    assert "Contacts until 12:30" in text_of(page.get(url))


def test_changed_days_are_looked_for_every_few_minutes_and_cost_one_question_when_there_are_none(
    db, django_assert_num_queries
) -> None:
    entry = next(entry for entry in app.conf.beat_schedule.values() if entry["task"] == "kpis.tasks.run_changed_days")
    minutes = sorted(entry["schedule"].minute)
    assert max(later - earlier for earlier, later in pairwise([*minutes, minutes[0] + 60])) <= 5

    with django_assert_num_queries(1):
        assert run_changed_days() is None


OPEN_TO = {
    "director": {"choice", "team", "queue", "billing"},
    "qa_analyst": {"choice", "team", "queue", "billing"},
    "administrator": {"choice", "team", "queue", "billing"},
    "refunds_supervisor": {"choice", "team", "queue"},
    "billing_supervisor": {"choice", "queue", "billing"},
    "chen": set(),
    "shopper": set(),
    "nobody": set(),
}


def test_each_role_finds_the_walls_of_its_teams_and_no_other(
    cast: dict[str, User], sign_in, refunds: Team, billing: Team, refunds_line: Queue
) -> None:
    pages = {
        "choice": reverse("wallboard:choice"),
        "team": reverse("wallboard:team", args=[refunds.pk]),
        "billing": reverse("wallboard:team", args=[billing.pk]),
        "queue": reverse("wallboard:queue", args=[refunds_line.pk]),
    }
    for who, expected in OPEN_TO.items():
        page = sign_in(cast[who])
        assert (who, {name for name, url in pages.items() if page.get(url).status_code == 200}) == (who, expected)
        assert page.get(reverse("wallboard:team", args=[10**9])).status_code == 404


def test_of_a_queue_of_others_the_wall_shows_what_ones_own_teams_answered(
    a_monday,
    monday_night,
    refunds_line: Queue,
    smit: Agent,
    compute,  # noqa: F811
    billing_supervisor: User,
    sign_in,
) -> None:
    ContactFactory(queue=refunds_line, agent=smit)
    compute()

    answer = sign_in(billing_supervisor).get(reverse("wallboard:queue", args=[refunds_line.pk]))

    assert wall_of(answer) == {"contacts_handled": "1", "average_handle_time": "2:00"}
    assert "what your teams answered in this queue" in text_of(answer)


def test_the_choice_names_ones_own_teams_and_the_queues_of_which_there_are_figures(
    refunds: Team,
    refunds_evening: Team,
    refunds_line: Queue,
    billing_line: Queue,
    chen: Agent,
    refunds_supervisor,
    sign_in,
    compute,  # noqa: F811
) -> None:
    page = sign_in(refunds_supervisor)
    before = text_of(page.get(reverse("wallboard:choice")))
    ContactFactory(queue=billing_line, agent=chen)
    compute()
    after = text_of(page.get(reverse("wallboard:choice")))

    assert "Teams Refunds Refunds evening" in before
    assert "Billing line" not in before
    assert "Queues Refunds line Voice" in before
    assert "Billing line Voice · what your teams answered in this queue Refunds line Voice" in after


@pytest.mark.parametrize("day", ["soon", "2026-13-45", "2026-11-03", "1066-10-14"])
def test_a_day_that_is_none_or_lies_ahead_is_named_and_today_is_shown(
    day: str, a_monday, monday_night, director: User, sign_in, refunds: Team
) -> None:
    answer = sign_in(director).get(reverse("wallboard:team", args=[refunds.pk]) + f"?day={day}")

    assert f"“{day}” is no day up to today Today Nov 2, 2026" in text_of(answer)
    assert wall_of(answer)["contacts_offered"] == "40"


def test_the_wall_asks_for_its_figures_alone(a_monday, monday_night, director: User, sign_in, refunds: Team) -> None:
    url = reverse("wallboard:team", args=[refunds.pk])

    part = sign_in(director).get(url, headers={"HX-Request": "true"})

    assert "<html" not in part.content.decode()
    assert 'id="wall"' in part.content.decode()
    assert "no-store" in part.headers["Cache-Control"]


# Session, user, the viewer's teams (3), the team and its site (3), horizon, the teams below, tallies and slots
# (3), targets (4), marked days, the last run.
QUERIES_OF_A_WALL = 20


def test_a_wall_takes_few_queries_however_many_contacts(
    a_monday, monday_night, refunds_supervisor: User, sign_in, refunds: Team, django_assert_max_num_queries
) -> None:
    page = sign_in(refunds_supervisor)

    with django_assert_max_num_queries(QUERIES_OF_A_WALL):
        page.get(reverse("wallboard:team", args=[refunds.pk]))


def test_a_supervisor_who_also_works_as_an_agent_finds_the_same_wall(
    a_monday, monday_night, refunds: Team, smit: Agent, sign_in
) -> None:
    both = UserFactory(username="both", roles=[Role.SUPERVISOR, Role.AGENT])
    refunds.supervisors.add(both)
    Agent.objects.filter(pk=smit.pk).update(user=both)

    assert wall_of(sign_in(both).get(reverse("wallboard:team", args=[refunds.pk])))["contacts_offered"] == "40"
