"""Reports: as files, and by e-mail on a schedule, each with what its reader may see."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable
from decimal import Decimal
from smtplib import SMTPServerDisconnected
from threading import Thread
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend as LocmemBackend
from django.db import connection
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from callcenter.reports.content import report_of
from callcenter.reports.due import Rhythm
from callcenter.reports.models import Delivery, ReportSchedule
from callcenter.reports.tasks import deliver, send_due
from interactions.text import format_moment
from kpis.definitions import kpi
from kpis.measure import measure
from kpis.period import Period
from kpis.text import format_value
from people.models import Agent, Queue, Team, User
from tests.factories import ContactFactory, UserFactory
from tests.kpis.conftest import _tasks_run_at_once, compute  # noqa: F401

WEEK = "from=2026-11-02&to=2026-11-08"
PERIOD = Period(dt.date(2026, 11, 2), dt.date(2026, 11, 8))
# The Monday after that week, seven in the morning in Berlin.
DUE = dt.datetime(2026, 11, 9, 6, 0, tzinfo=dt.UTC)


@pytest.fixture
def a_week(chen: Agent, smit: Agent, refunds_line: Queue, billing_line: Queue, compute: Callable) -> None:  # noqa: F811
    """40 contacts of 120 s for Chen's team, 40 of 220 s for Smit's."""
    ContactFactory.create_batch(40, queue=refunds_line, agent=chen)
    ContactFactory.create_batch(40, queue=billing_line, agent=smit, talk_seconds=Decimal(200))
    compute()


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def handle_time(viewer: User, **where) -> str:
    """What measure() says, in words."""
    (reading,) = measure([kpi("average_handle_time")], viewer=viewer, period=PERIOD, where=where)
    return format_value(reading.kpi, reading.value)


def test_a_team_as_a_pdf_says_what_the_page_says(
    sign_in: Callable, refunds_supervisor: User, refunds: Team, a_week
) -> None:
    answer = sign_in(refunds_supervisor).get(reverse("reports:team_pdf", args=[refunds.pk]) + f"?{WEEK}")

    assert answer["Content-Type"] == "application/pdf"
    said = text_of(answer.content)
    assert "Refunds" in said
    assert handle_time(refunds_supervisor, team=[refunds.pk]) == "2:00"
    assert "2:00" in said
    assert "Lin Chen" in said
    assert "Jan Smit" not in said
    assert "3:40" not in said, "the other team's"


def test_heads_of_a_team_pdf_stand_apart(sign_in: Callable, refunds_supervisor: User, refunds: Team, a_week) -> None:
    """Between the end of one head and the next there is more than two spaces of their size."""
    answer = sign_in(refunds_supervisor).get(reverse("reports:team_pdf", args=[refunds.pk]) + f"?{WEEK}")

    pages = PdfReader(io.BytesIO(answer.content)).pages
    laid_out = "\n".join(page.extract_text(extraction_mode="layout") for page in pages)
    assert re.search(r"Average speed {3,}Abandonment", laid_out)


def test_the_centre_as_a_pdf_is_for_who_sees_all_of_it(cast, sign_in: Callable, a_week) -> None:
    url = reverse("reports:centre_pdf") + f"?{WEEK}"
    found = {name: sign_in(user).get(url).status_code for name, user in cast.items()}

    assert {name for name, status in found.items() if status == 200} == {
        "director",
        "qa_analyst",
        "administrator",
        "api_client_user",
    }
    assert set(found.values()) == {200, 404}


def test_the_pdf_of_a_team_of_others_is_not_there(
    sign_in: Callable, billing_supervisor: User, refunds: Team, a_week
) -> None:
    assert sign_in(billing_supervisor).get(reverse("reports:team_pdf", args=[refunds.pk])).status_code == 404


@pytest.mark.parametrize("name", ['#eval("1+1")', "*bold* _x_ $1$", "= heading \\ <b>", "退款组 “一”"])
def test_a_name_is_never_read_as_markup(sign_in: Callable, director: User, refunds: Team, a_week, name: str) -> None:
    Team.objects.filter(pk=refunds.pk).update(name=name)

    answer = sign_in(director).get(reverse("reports:team_pdf", args=[refunds.pk]) + f"?{WEEK}")

    assert answer.status_code == 200
    if name.isascii():
        assert name in text_of(answer.content)


def test_a_report_of_nothing_says_so(sign_in: Callable, director: User, refunds: Team) -> None:
    answer = sign_in(director).get(reverse("reports:team_pdf", args=[refunds.pk]))

    assert "No contacts yet" in text_of(answer.content)


def scheduled(team: Team | None, *people: User, **more) -> ReportSchedule:
    made = ReportSchedule(team=team, hour=7, **more)
    made.next_at = made.rhythm.next_after(DUE - dt.timedelta(hours=1))
    made.save()
    made.recipients.set(people)
    return made


@pytest.fixture
def readers(director: User, refunds_supervisor: User, billing_supervisor: User) -> None:
    for user in (director, refunds_supervisor, billing_supervisor):
        user.email = f"{user.username}@example.org"
        user.save()


def form(team: Team | None, *people: User, **more) -> dict:
    filled = {"team": team.pk if team else "", "frequency": "weekly", "weekday": 0, "month_day": 1, "hour": 7}
    return filled | {"compare": "before", "attachment": "pdf", "recipients": [user.pk for user in people]} | more


def test_a_weekly_report_tells_each_reader_of_the_week_before_once(
    director: User, refunds_supervisor: User, refunds: Team, readers, a_week
) -> None:
    schedule = scheduled(refunds, director, refunds_supervisor)
    assert schedule.next_at == DUE
    with time_machine.travel(DUE - dt.timedelta(minutes=1)):
        send_due()
    assert mail.outbox == []

    with time_machine.travel(DUE + dt.timedelta(minutes=3)):
        send_due()
        send_due()

    assert sorted(message.to[0] for message in mail.outbox) == ["diana@example.org", "rosa@example.org"]
    message = mail.outbox[0]
    html = message.alternatives[0][0]
    for said in (message.body, html):
        assert "2:00" in said
        assert "3:40" not in said
    (attached,) = message.attachments
    assert attached[1].startswith(b"%PDF")
    assert "2:00" in text_of(attached[1])
    schedule.refresh_from_db()
    assert schedule.next_at == DUE + dt.timedelta(weeks=1)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_a_reader_gets_it_in_their_language(director: User, refunds: Team, readers, a_week) -> None:
    director.language = "zh-hans"
    director.save()
    scheduled(refunds, director)

    with time_machine.travel(DUE):
        send_due()

    assert "平均处理时长" in mail.outbox[0].body


def test_who_lost_the_right_is_skipped_and_the_log_says_why(
    sign_in: Callable, director: User, refunds: Team, refunds_supervisor: User, readers, a_week
) -> None:
    schedule = scheduled(refunds, director, refunds_supervisor)
    refunds.supervisors.clear()

    with time_machine.travel(DUE):
        send_due()

    assert [message.to for message in mail.outbox] == [["diana@example.org"]]
    said = sign_in(director).get(schedule.get_absolute_url()).content.decode()
    assert "may no longer see these figures" in said


class LostServer(LocmemBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages) -> int:
        raise SMTPServerDisconnected("Connection unexpectedly closed")


LOST = f"{__name__}.LostServer"


def look(minutes: float) -> tuple[str, int]:
    """What becomes of the only delivery when the clock looks, so many minutes after it was due."""
    with time_machine.travel(DUE + dt.timedelta(minutes=minutes), tick=False):
        send_due()
    delivery = Delivery.objects.get()
    return delivery.state, delivery.attempts


def test_a_mail_server_that_is_away_is_asked_again_after_a_growing_delay_and_given_up_at_last(
    director: User, refunds: Team, readers, a_week, settings, sign_in: Callable
) -> None:
    """After 5 and 15 minutes, 1, 4 and 12 hours: 0, 5, 20, 80, 320 and 1,040 minutes after it was due."""
    settings.EMAIL_BACKEND = LOST
    schedule = scheduled(refunds, director)
    tries = [0, 5, 20, 80, 320, 1040]
    for number, minutes in enumerate(tries[:-1], start=1):
        assert look(minutes) == ("waiting", number)
        assert look(tries[number] - 1) == ("waiting", number), "not before its time"
    said = sign_in(director).get(schedule.get_absolute_url()).content.decode()
    last = format_moment(DUE + dt.timedelta(minutes=tries[-1]), "Europe/Berlin")
    assert f"5 attempts; the next is due {last}." in said

    assert look(tries[-1]) == ("failed", 6)
    assert look(tries[-1] + 5_000) == ("failed", 6)
    said = sign_in(director).get(schedule.get_absolute_url()).content.decode()
    assert "Given up after 6 attempts." in said
    assert "unexpectedly closed" in said


def test_a_mail_server_that_comes_back_gets_the_report_once(
    director: User, refunds: Team, readers, a_week, settings
) -> None:
    scheduled(refunds, director)
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, LOST
    assert look(0) == ("waiting", 1)

    settings.EMAIL_BACKEND = working

    assert [look(minutes) for minutes in (4, 5, 5, 30)] == [("waiting", 1), ("sent", 2), ("sent", 2), ("sent", 2)]
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("reason", ["paused", "removed"])
def test_what_waits_for_the_mail_server_is_not_sent_once_nobody_wants_it(
    reason: str, sign_in: Callable, director: User, refunds_supervisor: User, refunds: Team, readers, a_week, settings
) -> None:
    schedule = scheduled(refunds, director)
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, LOST
    assert look(0) == ("waiting", 1)
    settings.EMAIL_BACKEND, page = working, sign_in(director)

    if reason == "paused":
        page.post(reverse("reports:pause", args=[schedule.pk]))
    else:
        page.post(reverse("reports:edit", args=[schedule.pk]), form(refunds, refunds_supervisor))

    assert look(5) == ("skipped", 1)
    assert (Delivery.objects.get().reason, mail.outbox) == (reason, [])
    assert Delivery.objects.get().get_reason_display() in page.get(schedule.get_absolute_url()).content.decode()


def test_what_is_sent_at_once_is_sent_from_a_paused_schedule_too(
    sign_in: Callable, director: User, refunds: Team, readers, a_week
) -> None:
    schedule = scheduled(refunds, director, is_active=False)

    with time_machine.travel(DUE, tick=False):
        sign_in(director).post(reverse("reports:send", args=[schedule.pk]))

    assert [message.to for message in mail.outbox] == [["diana@example.org"]]


def test_what_is_queued_twice_uses_up_no_attempt(director: User, refunds: Team, readers, a_week, settings) -> None:
    settings.EMAIL_BACKEND = LOST
    scheduled(refunds, director)
    assert look(0) == ("waiting", 1)

    with time_machine.travel(DUE + dt.timedelta(minutes=3)):
        for _again in range(10):
            deliver(Delivery.objects.get().pk)

    assert Delivery.objects.get().attempts == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail_and_count_one_attempt(
    director: User, refunds: Team, readers, a_week
) -> None:
    """The second comes while the first still makes the report."""
    delivery = Delivery.objects.create(schedule=scheduled(refunds, director), recipient=director, due_at=DUE)
    made = []

    def second_worker() -> None:
        deliver(delivery.pk)
        connection.close()

    def made_beside_another(*args, **kwargs):
        made.append(args)
        if len(made) == 1:
            worker = Thread(target=second_worker)
            worker.start()
            worker.join(timeout=20)
            assert not worker.is_alive(), "it waits for the first instead of leaving the delivery to it"
        return report_of(*args, **kwargs)

    with patch("callcenter.reports.delivery.report_of", side_effect=made_beside_another):
        deliver(delivery.pk)

    delivery.refresh_from_db()
    assert (len(made), len(mail.outbox), delivery.state, delivery.attempts) == (1, 1, "sent", 1)


def test_a_worker_that_died_before_sending_loses_nothing_and_one_that_died_in_it_sends_nothing_twice(
    director: User, refunds_supervisor: User, refunds: Team, readers, a_week
) -> None:
    schedule = scheduled(refunds, director, refunds_supervisor)
    with time_machine.travel(DUE):
        Delivery.objects.create(schedule=schedule, recipient=director, due_at=DUE)
        Delivery.objects.create(schedule=schedule, recipient=refunds_supervisor, due_at=DUE, state="sending")

    with time_machine.travel(DUE + dt.timedelta(hours=1)):
        send_due()

    assert [message.to for message in mail.outbox] == [["diana@example.org"]]
    interrupted = Delivery.objects.get(recipient=refunds_supervisor)
    assert (interrupted.state, interrupted.reason) == ("failed", "interrupted")


def test_after_an_outage_the_latest_report_goes_out_once(director: User, refunds: Team, readers, a_week) -> None:
    scheduled(refunds, director)

    with time_machine.travel(DUE + dt.timedelta(weeks=3)):
        send_due()

    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("frequency", "day", "due", "first", "last"),
    [
        ("daily", "2026-11-09", "2026-11-09T06:00", "2026-11-08", "2026-11-08"),
        ("weekly", "2026-11-10", "2026-11-16T06:00", "2026-11-09", "2026-11-15"),
        ("monthly", "2026-11-09", "2026-12-01T06:00", "2026-11-01", "2026-11-30"),
        # Clocks went forward on 29 March: seven in Berlin is five in UTC from then on.
        ("daily", "2026-03-29", "2026-03-29T05:00", "2026-03-28", "2026-03-28"),
    ],
)
def test_a_report_is_due_by_the_wall_clock_and_tells_of_whole_days(frequency, day, due, first, last) -> None:
    rhythm = Rhythm(frequency, 0, 1, 7, ZoneInfo("Europe/Berlin"))

    found = rhythm.next_after(dt.datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=dt.UTC))

    assert found == dt.datetime.fromisoformat(due).replace(tzinfo=dt.UTC)
    assert rhythm.period_at(found) == Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def test_an_hour_that_the_clock_skips_is_due_an_hour_later() -> None:
    """On 29 March 2026 there is no half past two in Berlin: 2:00 is 3:00, one in UTC."""
    rhythm = Rhythm("daily", 0, 1, 2, ZoneInfo("Europe/Berlin"))

    assert rhythm.next_after(dt.datetime(2026, 3, 28, 12, tzinfo=dt.UTC)) == dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC)


def test_a_schedule_is_made_changed_paused_and_deleted(
    sign_in: Callable, refunds_supervisor: User, refunds: Team, readers
) -> None:
    page = sign_in(refunds_supervisor)
    page.post(reverse("reports:create"), form(refunds, refunds_supervisor))
    schedule = ReportSchedule.objects.get()
    assert (schedule.created_by, schedule.team, schedule.hour) == (refunds_supervisor, refunds, 7)

    page.post(reverse("reports:edit", args=[schedule.pk]), form(refunds, refunds_supervisor, hour=8))
    page.post(reverse("reports:pause", args=[schedule.pk]))
    schedule.refresh_from_db()
    assert (schedule.hour, schedule.is_active) == (8, False)
    page.post(reverse("reports:resume", args=[schedule.pk]))
    assert page.get(reverse("reports:delete", args=[schedule.pk])).status_code == 200
    page.post(reverse("reports:delete", args=[schedule.pk]))

    assert not ReportSchedule.objects.exists()


def test_now_means_now_and_a_second_click_sends_nothing_more(
    sign_in: Callable, refunds_supervisor: User, refunds: Team, readers, a_week
) -> None:
    schedule = scheduled(refunds, refunds_supervisor)
    page: Client = sign_in(refunds_supervisor)

    with time_machine.travel(DUE + dt.timedelta(hours=3), tick=False):
        page.post(reverse("reports:send", args=[schedule.pk]))
        page.post(reverse("reports:send", args=[schedule.pk]))

    assert len(mail.outbox) == 1


def test_who_may_not_see_the_figures_cannot_be_chosen(
    sign_in: Callable, refunds_supervisor: User, billing_supervisor: User, refunds: Team, readers
) -> None:
    answer = sign_in(refunds_supervisor).post(reverse("reports:create"), form(refunds, billing_supervisor))

    assert "Some of the chosen people may not see these figures." in answer.content.decode()
    assert "Boris Billing" not in answer.content.decode(), "a stranger's name, guessed by number"
    assert not ReportSchedule.objects.exists()


def offered(page: Client, query: str = "", url: str = "") -> set[str]:
    answer = page.get((url or reverse("reports:create")) + query).context["form"]
    return {person.get_full_name() for person in answer.fields["recipients"].queryset}


def test_only_who_may_see_the_figures_of_the_report_is_offered(
    cast, sign_in: Callable, centre: Team, refunds: Team, billing: Team
) -> None:
    """A supervisor finds no stranger's name; a director finds other people for another team."""
    everywhere = {"Diana Director", "Quinn Analyst", "Ada Administrator", "Data Warehouse"}

    rosas = sign_in(cast["refunds_supervisor"])
    assert offered(rosas) == everywhere | {"Rosa Refunds"}
    assert "Boris" not in rosas.get(reverse("reports:create")).content.decode()
    assert offered(rosas, f"?team={billing.pk}") == set(), "not a team of hers"
    dianas = sign_in(cast["director"])
    assert offered(dianas) == offered(dianas, "?team=") == everywhere
    assert offered(dianas, f"?team={billing.pk}") == everywhere | {"Boris Billing"}
    made = scheduled(refunds, cast["refunds_supervisor"])
    edit = reverse("reports:edit", args=[made.pk])
    assert offered(dianas, url=edit) == everywhere | {"Rosa Refunds"}
    assert offered(dianas, f"?team={billing.pk}", url=edit) == everywhere | {"Boris Billing"}


def test_whoever_stays_among_the_readers_stays_chosen_when_the_team_is_changed(
    sign_in: Callable, director: User, refunds: Team, billing: Team, refunds_supervisor: User
) -> None:
    query = f"?team={billing.pk}&recipients={director.pk}&recipients={refunds_supervisor.pk}"
    html = sign_in(director).get(reverse("reports:create") + query).content.decode()

    checked = re.findall(r'<input[^>]*name="recipients"[^>]*value="(\d+)"[^>]*checked', html)
    assert checked == [str(director.pk)]
    assert f'<option value="{billing.pk}" selected>' in html


def test_the_form_takes_few_queries_however_many_people(
    sign_in: Callable, director: User, refunds: Team, django_assert_max_num_queries
) -> None:
    UserFactory.create_batch(20, roles=["director"])
    page = sign_in(director)
    with django_assert_max_num_queries(8):
        page.get(reverse("reports:create") + f"?team={refunds.pk}")


def test_a_reader_without_an_address_is_said_at_once(sign_in: Callable, director: User, refunds: Team) -> None:
    answer = sign_in(director).post(reverse("reports:create"), form(refunds, director))

    assert "Diana Director has no e-mail address." in answer.content.decode()


def test_a_supervisor_cannot_schedule_the_centre_or_a_team_of_others(
    sign_in: Callable, refunds_supervisor: User, billing: Team, readers
) -> None:
    page = sign_in(refunds_supervisor)

    for team in (None, billing):
        assert page.post(reverse("reports:create"), form(team, refunds_supervisor)).status_code == 200
    assert not ReportSchedule.objects.exists()


def test_schedules_are_pages_of_who_plans_reports_and_those_of_others_are_not_there(
    cast, sign_in: Callable, refunds: Team, director: User, readers
) -> None:
    schedule = scheduled(refunds, director)
    opened = {name: sign_in(user).get(reverse("reports:list")).status_code for name, user in cast.items()}
    assert {name for name, status in opened.items() if status == 200} == {
        "director",
        "administrator",
        "api_client_user",
        "refunds_supervisor",
        "billing_supervisor",
    }

    page = sign_in(cast["billing_supervisor"])
    assert "Refunds" not in page.get(reverse("reports:list")).content.decode()
    for name in ("detail", "edit", "delete"):
        assert page.get(reverse(f"reports:{name}", args=[schedule.pk])).status_code == 404
    for name in ("pause", "resume", "send", "delete"):
        assert page.post(reverse(f"reports:{name}", args=[schedule.pk])).status_code == 404


def test_the_list_takes_few_queries_however_many_schedules(
    sign_in: Callable, director: User, refunds: Team, readers, django_assert_max_num_queries
) -> None:
    people = [director, *UserFactory.create_batch(3)]
    for hour in range(5):
        scheduled(refunds, *people, weekday=hour)
    page = sign_in(director)
    with django_assert_max_num_queries(6):
        assert page.get(reverse("reports:list")).status_code == 200


def test_a_pdf_takes_few_queries(
    sign_in: Callable, director: User, refunds: Team, a_week, django_assert_max_num_queries
) -> None:
    """As its page, and the course of each chart."""
    page = sign_in(director)
    with django_assert_max_num_queries(32):
        page.get(reverse("reports:team_pdf", args=[refunds.pk]) + f"?{WEEK}")


def test_a_report_that_cannot_be_made_is_said_and_not_tried_forever(
    director: User, refunds: Team, readers, a_week
) -> None:
    scheduled(refunds, director)
    with (
        time_machine.travel(DUE),
        patch("callcenter.reports.delivery.report_of", side_effect=ZeroDivisionError),
        pytest.raises(ZeroDivisionError),
    ):
        send_due()
    assert (Delivery.objects.get().state, Delivery.objects.get().reason) == ("failed", "not_made")

    with time_machine.travel(DUE + dt.timedelta(minutes=15)):
        send_due()

    assert mail.outbox == []
