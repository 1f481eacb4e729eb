"""Loading the demo centre: reproducible, complete, and into an empty database only."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from callcenter.demo.cast import AGENT_LOGINS, LEADERS, PASSWORD
from callcenter.demo.services import DatabaseInUseError, load_demo
from interactions.models import Contact, DirtyDay
from kpis.models import Run
from kpis.period import Period
from people.models import User
from tests.callcenter.demo_centre import UNTIL, read, rows, undone

TINY = {"months": 1, "scale": 0.05, "tell": lambda line: None}


@pytest.fixture(scope="module", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Sixteen logins are not worth seconds of hashing each time."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


def checksum() -> list[tuple]:
    """One number for all rows of each fact, by what they say and not by their keys."""
    said = {
        "interactions_contact": "external_id, offered_at, outcome, wait_seconds, talk_seconds, hold_seconds, "
        "wrap_seconds, customer, is_resolved, sale_amount, cost",
        "interactions_agentstate": "external_id, state, started_at, seconds, cost",
        "interactions_shift": "external_id, activity, starts_at, seconds",
        "interactions_surveyanswer": "external_id, received_at, csat, nps, ces, comment",
        "interactions_complaint": "external_id, received_at, text",
        "people_agent": "employee_number, name, hired_on, left_on, hourly_cost",
    }
    return [
        rows(
            f"SELECT COUNT(*), md5(string_agg(line, '' ORDER BY line)) FROM "
            f"(SELECT concat_ws('|', {columns}) AS line FROM {table}) AS lines"
        )[0]
        for table, columns in said.items()
    ]


def checksum_of(**options: object) -> list[tuple]:
    with undone():
        load_demo(**{"until": UNTIL, **TINY, **options})
        return checksum()


@pytest.mark.django_db
class TestLoading:
    def test_the_same_seed_gives_the_same_rows_and_another_seed_others(self) -> None:
        first = checksum_of(seed=7)
        assert all(count for count, _sum in first)
        assert checksum_of(seed=7) == first
        assert checksum_of(seed=8) != first

    def test_keys_and_indexes_are_as_before(self) -> None:
        sql = """
            SELECT conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint
            WHERE conrelid::regclass::text LIKE 'interactions_%%'
            UNION ALL SELECT indexname, indexdef, true FROM pg_indexes WHERE tablename LIKE 'interactions_%%'
            ORDER BY 1, 2
        """
        before = rows(sql)
        with undone():
            load_demo(until=UNTIL, **TINY)
            assert rows(sql) == before

    def test_a_night_of_23_hours_has_no_contacts_in_the_hour_that_is_skipped(self) -> None:
        with undone():
            load_demo(until=dt.date(2025, 4, 2), months=1, tell=lambda line: None)
            slots = dict(
                rows(
                    """SELECT slot, COUNT(*)
                       FROM interactions_contact contact JOIN people_queue queue ON queue.id = queue_id
                       WHERE queue.code LIKE 'mail-%%' AND day = '2025-03-30' GROUP BY 1"""
                )
            )
        assert sum(slots.values()) > 20
        assert 2 not in slots
        assert 3 not in slots

    def test_every_day_that_facts_touch_is_marked(self) -> None:
        load_demo(until=UNTIL, **TINY)
        marked = set(DirtyDay.objects.values_list("day", flat=True))
        touched = {
            day
            for field in ("day", "answered_day", "ended_day", "due_day")
            for day in Contact.objects.values_list(field, flat=True).distinct()
        }
        assert touched - {None} <= marked

    def test_it_refuses_a_database_that_holds_anything(self, director: User) -> None:
        with pytest.raises(DatabaseInUseError, match="holds 1 user"):
            load_demo(until=UNTIL, **TINY)
        with pytest.raises(CommandError, match="Nothing was changed"):
            call_command("demo", "--months", "1", "--scale", "0.05", stdout=io.StringIO())
        assert not Contact.objects.exists()

    @pytest.mark.parametrize(
        ("option", "wrong", "sentence"),
        [
            ("--until", "yesterday", "is not a date such as"),
            ("--until", "2999-01-01", "is not between"),
            ("--months", "0", "is not a number of months"),
            ("--scale", "2", "is not a share"),
        ],
    )
    def test_a_wrong_option_gets_its_sentence(self, option: str, wrong: str, sentence: str) -> None:
        with pytest.raises(CommandError, match=sentence):
            call_command("demo", option, wrong)


@pytest.mark.django_db(transaction=True)
def test_the_command_loads_the_centre_computes_its_kpis_and_tells_who_may_sign_in(client) -> None:
    told = io.StringIO()
    call_command("demo", "--until", "2025-11-20", "--months", "1", "--scale", "0.05", stdout=told)

    run = Run.objects.get()
    assert run.state == Run.State.DONE
    assert run.horizon == UNTIL
    assert not DirtyDay.objects.exists()
    assert PASSWORD in told.getvalue()
    for username in [*(leader[0] for leader in LEADERS), *AGENT_LOGINS.values()]:
        assert username in told.getvalue()
        assert User.objects.get(username=username).check_password(PASSWORD)
    (offered,) = read("contacts_offered", Period(UNTIL - dt.timedelta(days=40), UNTIL))
    assert offered.value == Contact.objects.count()

    again = io.StringIO()
    call_command("demo", stdout=again)
    assert "is here already" in again.getvalue()
    assert Contact.objects.count() == offered.value
