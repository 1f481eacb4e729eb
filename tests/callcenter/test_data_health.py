"""The data's health: how far it reaches, what is missing, late, unknown or unreconciled, and what to do about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.urls import reverse

from interactions.models import Contact, DirtyDay, Import, Outcome, Source
from interactions.services import mark_days
from kpis.models import Run, RunDay
from people.models import CalendarDay, Queue, User
from tests.factories import MONDAY_NOON, ContactFactory, QueueFactory, SiteFactory
from tests.interactions.deliveries import HEADER, counts, deliver, new_source
from tests.kpis.conftest import _tasks_run_at_once, compute  # noqa: F401
from tests.kpis.test_pages import text_of

# A Saturday; the week before it is full of contacts.
NOW = dt.datetime(2026, 11, 28, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
URL = "/data/"


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ten_weeks(refunds_line: Queue, compute: Callable) -> None:  # noqa: F811
    """24 contacts on every working day of the ten weeks before, from Monday 21 September on."""
    contacts = []
    for number in range(68):
        noon = MONDAY_NOON.replace(month=9, day=21) + number * DAY
        if noon.weekday() < 5:
            contacts += ContactFactory.build_batch(
                24, queue=refunds_line, source=source_of(refunds_line), outcome=Outcome.ABANDONED, offered_at=noon
            )
    Contact.objects.bulk_create(contacts)
    compute()
    Run.objects.update(kind=Run.Kind.NIGHTLY)


def source_of(queue: Queue) -> Source:
    return Source.objects.get_or_create(name="calls", site=queue.site)[0]


@pytest.fixture
def admin(administrator: User, sign_in):
    return sign_in(administrator)


def sentences(answer) -> list[str]:
    return [finding.title for finding in answer.context["findings"]]


def state_of(answer, day: dt.date) -> str:
    return next(entry.state for entry in answer.context["days"].days if entry.day == day)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("administrator", 200),
        ("director", 200),
        ("qa_analyst", 200),
        ("refunds_supervisor", 404),
        ("chen", 404),
        ("shopper", 404),
        ("nobody", 404),
    ],
)
def test_only_who_sees_the_whole_centre_finds_the_page(who: str, status: int, cast: dict[str, User], sign_in) -> None:
    assert sign_in(cast[who]).get(URL).status_code == status
    assert ("Data health" in text_of(sign_in(cast[who]).get("/accounts/"))) == (status == 200)


def test_an_empty_installation_is_told_what_comes(db, admin) -> None:
    said = text_of(admin.get(URL))

    assert "Contacts reach to none yet" in said
    assert "Nothing came in yet. Once contacts are imported, this page says whether anything is missing." in said


def test_all_well_is_said_with_how_far_it_reaches(ten_weeks, admin) -> None:
    answer = admin.get(URL)

    said = text_of(answer)
    assert sentences(answer) == []
    assert "all well Nothing is missing, late, unknown or unreconciled." in said
    assert "Contacts reach to Nov 27, 2026" in said
    assert "KPIs are computed to Nov 27, 2026" in said
    assert "Nightly · 0:00" in said
    assert "Nov 27, 2026: 24 contacts, usually 24 (as usual)" in said
    assert "Nov 28, 2026: 0 contacts, usually 0 (not over yet)" in said
    assert "Sep 21, 2026: 24 contacts, usually – (nothing to compare with yet)" in said


def test_the_usual_of_a_weekday_is_the_median_of_the_eight_before(ten_weeks, refunds_line, admin, compute) -> None:  # noqa: F811
    """Of the eight Mondays before 23 November two had 30 contacts: still 24. The fifth Monday is the first with one."""
    for weeks in (1, 2):
        ContactFactory.create_batch(
            6, queue=refunds_line, outcome=Outcome.ABANDONED, offered_at=MONDAY_NOON.replace(day=23) - weeks * 7 * DAY
        )
    compute()

    days = {entry.day: entry.usual for entry in admin.get(URL).context["days"].days}

    assert days[dt.date(2026, 11, 23)] == 24
    assert (days[dt.date(2026, 10, 12)], days[dt.date(2026, 10, 19)]) == (None, 24)


def test_a_working_day_without_contacts_is_a_gap_and_a_holiday_none(ten_weeks, refunds_line, admin, compute) -> None:  # noqa: F811
    """18 November 2026 is a Wednesday; 17 November is made a day off; the 21st is a Saturday."""
    gone = [dt.date(2026, 11, 17), dt.date(2026, 11, 18)]
    Contact.objects.filter(day__in=gone).delete()
    CalendarDay.objects.create(site=refunds_line.site, day=gone[0], is_working=False)
    compute(*gone)

    answer = admin.get(URL)

    assert sentences(answer) == ["Berlin has no contacts on 1 working day: Nov 18, 2026."]
    assert "Send the files of these days, or enter them in the site" in text_of(answer)
    assert (state_of(answer, gone[0]), state_of(answer, gone[1])) == ("rest", "gap")
    assert state_of(answer, dt.date(2026, 11, 21)) == "rest"


def test_one_site_that_falls_silent_is_found_though_others_go_on(ten_weeks, admin, compute) -> None:  # noqa: F811
    tokyo = SiteFactory(code="tokyo", name="Tokyo", time_zone="Asia/Tokyo", country="JP", subdivision="")
    line = QueueFactory(site=tokyo)
    for day in (24, 25):
        ContactFactory(queue=line, outcome=Outcome.ABANDONED, offered_at=MONDAY_NOON.replace(day=day, hour=3))
    compute()

    answer = admin.get(URL)

    assert sentences(answer) == ["Tokyo has no contacts on 2 working days: Nov 26, 2026, Nov 27, 2026."]
    assert [state_of(answer, dt.date(2026, 11, day)) for day in (25, 26, 28)] == ["", "silent", "running"]


def test_unusual_days_are_named_with_their_numbers(ten_weeks, refunds_line, admin, compute) -> None:  # noqa: F811
    low = dt.date(2026, 11, 26)
    Contact.objects.filter(pk__in=Contact.objects.filter(day=low).values("pk")[:14]).delete()
    ContactFactory.create_batch(
        30, queue=refunds_line, outcome=Outcome.ABANDONED, offered_at=MONDAY_NOON.replace(day=27)
    )
    compute()

    answer = admin.get(URL)

    assert sentences(answer) == [
        "Nov 27, 2026: 54 contacts, usually 24 (more than twice the usual)",
        "Nov 26, 2026: 10 contacts, usually 24 (less than half of the usual)",
    ]
    assert "/contacts/?from=2026-11-27&amp;to=2026-11-27" in answer.content.decode()


def test_days_that_wait_too_long_are_an_alarm(ten_weeks, admin) -> None:
    mark_days([dt.date(2026, 11, 25), dt.date(2026, 11, 26)])
    assert sentences(admin.get(URL)) == []
    assert state_of(admin.get(URL), dt.date(2026, 11, 26)) == "waiting"

    DirtyDay.objects.update(marked_at=NOW - dt.timedelta(minutes=31))

    (title,) = sentences(admin.get(URL))
    assert title.startswith("2 changed days have been waiting to be computed, the first since Nov 28, 2026")
    assert title.endswith("Nov 25, 2026, Nov 26, 2026.")


def test_a_night_without_a_run_is_an_alarm(ten_weeks, admin) -> None:
    Run.objects.update(started_at=NOW - dt.timedelta(hours=25))
    assert sentences(admin.get(URL)) == []

    Run.objects.update(started_at=NOW - dt.timedelta(hours=27))

    (title,) = sentences(admin.get(URL))
    assert title.startswith("The nightly run is missing: the last one began Nov 27, 2026")


def test_a_run_that_broke_off_leads_to_its_page(ten_weeks, admin) -> None:
    run = Run.objects.create(kind=Run.Kind.CHANGES, state=Run.State.FAILED)

    answer = admin.get(URL)

    assert sentences(answer)[0].endswith("did not end well: Failed.")
    assert reverse("kpis:run_detail", args=[run.pk]) in answer.content.decode()


def test_a_day_that_does_not_reconcile_is_named_until_a_later_run_puts_it_right(ten_weeks, admin) -> None:
    difference = [{"of": "offered", "is": "7", "but": "answered", "was": "6"}]
    troubled = Run.objects.create(kind=Run.Kind.NIGHTLY, state=Run.State.UNRECONCILED)
    RunDay.objects.create(run=troubled, day=dt.date(2026, 11, 20), seconds=1, differences=difference)

    answer = admin.get(URL)
    assert sentences(answer) == ["1 day does not reconcile: Nov 20, 2026."]
    assert reverse("kpis:run_detail", args=[troubled.pk]) in answer.content.decode()

    later = Run.objects.create(kind=Run.Kind.NIGHTLY, state=Run.State.DONE)
    RunDay.objects.create(run=later, day=dt.date(2026, 11, 20), seconds=1)
    assert sentences(admin.get(URL)) == []


def test_unknown_names_among_rejected_rows_are_told_with_their_import(
    ten_weeks, refunds_line, admin, director: User, sign_in
) -> None:
    """A mapped column, and one that bears our own name."""
    mapped = {"columns": {"queue": {"from": "Skill"}, "external_id": {"from": "Call"}, "offered_at": {"from": "When"}}}
    source = new_source(refunds_line.site, "mapped", mapped)
    rows = ["Call,Skill,When", *(f"{n},repairs,2026-11-27 12:00:00" for n in range(3))]
    assert counts(deliver(source, rows, "skills.csv")) == {"rejected": 3}
    plain = new_source(refunds_line.site, "plain")
    row = "c9,refunds-line,E9999,,answered,2026-11-27 12:00:00,5,1,1"
    assert counts(deliver(plain, [HEADER, row], "agents.csv")) == {"rejected": 1}

    answer = admin.get(URL)

    assert sentences(answer) == [
        "The queue “repairs” is not known: 3 rows of skills.csv were rejected.",
        "The agent “E9999” is not known: 1 row of agents.csv was rejected.",
    ]
    url = reverse("interactions:import_detail", args=[Import.objects.get(file_name="skills.csv").pk])
    assert url in answer.content.decode()
    assert "/data/imports/" not in sign_in(director).get(URL).content.decode()


def test_contacts_that_came_late_and_imports_that_failed_are_told(ten_weeks, refunds_line, admin) -> None:
    source = source_of(refunds_line)
    row = "late1,refunds-line,,,abandoned,2026-11-20 12:00:00,5,,"
    deliver(source, [HEADER, row], "late.csv")
    deliver(source, [HEADER, row.replace("late1,", "soon1,").replace("-20 ", "-26 ")], "soon.csv")
    Import.objects.create(source=source, file_name="broken.csv", state=Import.State.FAILED, message="It has no header.")
    DirtyDay.objects.all().delete()

    answer = admin.get(URL)

    assert sentences(answer) == [
        "1 import failed lately, the last one Nov 28, 2026, 9:00:00\u202fAM: broken.csv.",
        "late.csv brought 1 new row more than 3 days late: its days begin Nov 20, 2026.",
    ]
    assert "It has no header." in text_of(answer)


# Session, user, the last day, horizon, measured days, sites with their own days (2), marks, runs (4), imports (3),
# rejected rows, days that do not reconcile.
QUERIES = 16


def test_the_page_takes_few_queries_and_none_of_them_reads_the_contacts_wholesale(
    ten_weeks, admin, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(QUERIES) as asked:
        admin.get(URL)

    of_contacts = [query["sql"] for query in asked if 'FROM "interactions_contact"' in query["sql"]]
    assert of_contacts == ['SELECT MAX("interactions_contact"."day") AS "last" FROM "interactions_contact"']


def test_the_list_of_runs_shows_how_long_each_took(ten_weeks, admin) -> None:
    Run.objects.update(started_at=NOW - dt.timedelta(seconds=75), finished_at=NOW)

    assert "1:15" in text_of(admin.get(reverse("kpis:run_list")))
