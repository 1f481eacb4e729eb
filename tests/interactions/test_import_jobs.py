"""An import is a job: claimed once, seen from outside while it runs, whole or not at all."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from interactions import tasks
from interactions.importing import job
from interactions.models import Contact, DirtyDay, Import, RejectedRow
from interactions.services import imports
from interactions.services.imports import create_import, import_file
from interactions.services.memberships import move_agent
from people.models import Agent
from tests.interactions.deliveries import HEADER, counts, new_source

ROW = "{},refunds-line,,,abandoned,2026-11-02 12:00:00,5,,"
ROOT = Path(__file__).resolve().parents[2]

# A worker of its own, in this test's database, slow enough at its last step to be killed there.
WORKER = """
import sys, time, django
django.setup()
from django.conf import settings
from django.db import connection
settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = sys.argv[1]
settings.MEDIA_ROOT = sys.argv[3]
from interactions.importing import job
finish = job._finish
def slowly(*args):
    print("merged", flush=True)
    time.sleep(60)
    finish(*args)
job._finish = slowly
job.run(int(sys.argv[2]))
"""


def waiting(source, lines, name="calls.csv") -> Import:
    content = "\n".join([HEADER, *lines]) + "\n"
    return create_import(source=source, file=ContentFile(content.encode(), name=name), by=None)


@pytest.fixture
def sent(monkeypatch) -> list[int]:
    """The ids of the imports that were handed to a worker."""
    ids: list[int] = []
    monkeypatch.setattr(tasks.run_import, "delay", ids.append)
    return ids


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_half_in_and_the_next_one_takes_all(
    site, refunds_line, settings, tmp_path, sent
):
    settings.MEDIA_ROOT = tmp_path
    source = new_source(site, "killed", unknown_agents="create")
    delivery = waiting(
        source, [ROW.format("a"), "b,refunds-line,E7,,answered,2026-11-02 12:00:00,5,9,", ROW.format("")]
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, connection.settings_dict["NAME"], str(delivery.pk), str(tmp_path)],
        cwd=ROOT, env={**os.environ, "DJANGO_SETTINGS_MODULE": "callcenter.settings"},
        stdout=subprocess.PIPE, text=True)  # fmt: skip
    try:
        assert worker.stdout.readline() == "merged\n"
        # Everything is written, but nothing is committed; step and progress can be seen all the same.
        assert not Contact.objects.exists()
        delivery.refresh_from_db()
        assert (delivery.state, delivery.step) == ("running", "merging")
        assert delivery.progress > 0
        # A second worker finds it claimed, and lets it be.
        job.run(delivery.pk)
        assert not Contact.objects.exists()
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
    wait_until_unlocked(delivery)
    assert (Contact.objects.count(), RejectedRow.objects.count(), DirtyDay.objects.count()) == (0, 0, 0)
    assert not Agent.objects.filter(employee_number="E7").exists()
    tasks.resume_imports()
    assert sent == [delivery.pk]
    job.run(delivery.pk)
    delivery.refresh_from_db()
    assert counts(delivery) == {"new": 2, "rejected": 1}
    assert delivery.attempts == 2


def wait_until_unlocked(delivery: Import) -> None:
    """The database notices that a client is gone within moments."""
    for _attempt in range(100):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database "
                "WHERE d.datname = current_database() AND locktype = 'advisory' AND classid = %s AND objid = %s",
                [job.RUNNING_LOCK, delivery.pk],
            )
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.1)
    raise AssertionError("The killed worker still holds its lock.")


@pytest.mark.django_db
def test_an_import_that_is_done_is_not_run_again(source, refunds_line):
    delivery = waiting(source, [ROW.format("a")])
    tasks.run_import(delivery.pk)
    Contact.objects.all().delete()
    tasks.run_import(delivery.pk)
    assert not Contact.objects.exists()


@pytest.mark.django_db
def test_an_import_that_kills_its_workers_is_given_up(source, refunds_line):
    delivery = waiting(source, [ROW.format("a")])
    Import.objects.filter(pk=delivery.pk).update(state=Import.State.RUNNING, attempts=job.MOST_ATTEMPTS)
    tasks.run_import(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == Import.State.FAILED
    assert "interrupted 3 times" in delivery.message


@pytest.mark.django_db
def test_what_waits_or_was_abandoned_is_started_and_what_is_finished_is_not(source, refunds_line, sent):
    states = [Import.State.WAITING, Import.State.RUNNING, Import.State.DONE, Import.State.FAILED, Import.State.DRAFT]
    deliveries = [waiting(source, [ROW.format("a")]) for _state in states]
    for delivery, state in zip(deliveries, states, strict=True):
        Import.objects.filter(pk=delivery.pk).update(state=state)
    tasks.resume_imports()
    assert sent == [deliveries[0].pk, deliveries[1].pk]


@pytest.mark.django_db
def test_a_command_that_was_stopped_is_told_as_failed(source, sent):
    lost = Import.objects.create(source=source, file_name="x.csv", state=Import.State.RUNNING)
    tasks.resume_imports()
    lost.refresh_from_db()
    assert lost.state == Import.State.RUNNING, "it may be about to begin"
    Import.objects.filter(pk=lost.pk).update(created_at=timezone.now() - imports.JUST_MADE)
    tasks.resume_imports()
    lost.refresh_from_db()
    assert lost.state == Import.State.FAILED
    assert "was interrupted" in lost.message
    assert sent == []


@pytest.mark.django_db
def test_files_that_nobody_will_need_are_forgotten_after_a_week(source, settings, tmp_path, sent):
    settings.MEDIA_ROOT = tmp_path
    delivery = waiting(source, [ROW.format("a")])
    Import.objects.filter(pk=delivery.pk).update(state=Import.State.FAILED)
    tasks.resume_imports()
    assert Path(delivery.file.path).exists()
    Import.objects.filter(pk=delivery.pk).update(created_at=timezone.now() - tasks.KEEP_FILES_FOR)
    tasks.resume_imports()
    assert not Path(delivery.file.path).exists()


@pytest.mark.django_db
def test_an_error_of_ours_is_told_without_its_trace_and_takes_nothing_in(source, refunds_line, monkeypatch):
    def broken(*args):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(job, "_finish", broken)
    delivery = waiting(source, [ROW.format("a")])
    tasks.run_import(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == Import.State.FAILED
    assert "secret" not in delivery.message
    assert not Contact.objects.exists()
    assert not DirtyDay.objects.exists()


@pytest.mark.django_db
def test_progress_is_told_while_a_large_file_is_taken(source, refunds_line, monkeypatch, tmp_path):
    told: list[tuple[str, float]] = []
    monkeypatch.setattr(job.Progress, "step", lambda self, name: told.append((name, 0.0)))
    monkeypatch.setattr(job.Progress, "share", lambda self, share: told.append(("", round(share, 2))))
    file = tmp_path / "large.csv"
    file.write_text("\n".join([HEADER, *(ROW.format(f"call-{n}") for n in range(140_000))]))
    assert counts(import_file(file, source=source, by=None)) == {"new": 140_000}
    steps = [name for name, _share in told if name]
    shares = [share for name, share in told if not name]
    assert steps == ["reading", "checking", "merging"]
    # Several pieces are read, and several slices merged.
    assert len([share for share in shares if share < 1]) >= 2
    assert shares[-1] == 1


@pytest.mark.django_db
def test_two_imports_in_one_transaction_do_not_meet(source, refunds_line, tmp_path):
    file = tmp_path / "calls.csv"
    file.write_text(f"{HEADER}\n{ROW.format('a')}\n")
    assert counts(import_file(file, source=source, by=None)) == {"new": 1}
    assert counts(import_file(file, source=source, by=None)) == {"unchanged": 1}
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('TimeZone'), to_regclass('pg_temp.import_raw')")
        assert cursor.fetchone() == ("UTC", None)


@pytest.mark.django_db(transaction=True)
def test_an_import_whose_source_is_busy_lets_its_worker_go_and_waits_again(source, refunds_line, sent):
    delivery = waiting(source, [ROW.format("a")])
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [job.SOURCE_LOCK, source.pk])
            tasks.run_import(delivery.pk)
    finally:
        other.close()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.message) == ("waiting", 0, "")
    wait_for_source(source)
    tasks.run_import(delivery.pk)
    delivery.refresh_from_db()
    assert counts(delivery) == {"new": 1}


def wait_for_source(source) -> None:
    """The database lets go of a closed connection's locks within moments."""
    for _attempt in range(100):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [job.SOURCE_LOCK, source.pk])
            if cursor.fetchone()[0]:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [job.SOURCE_LOCK, source.pk])
                return
        time.sleep(0.1)
    raise AssertionError("The source's lock is still held.")


@pytest.mark.django_db
def test_imports_of_one_source_run_in_the_order_in_which_they_came(
    source, refunds_line, sent, django_capture_on_commit_callbacks
):
    first, second = (waiting(source, [ROW.format("a").replace(",5,", f",{wait},")]) for wait in (1, 2))
    tasks.run_import(second.pk)
    second.refresh_from_db()
    assert (second.state, second.attempts) == ("waiting", 0)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.run_import(first.pk)
    assert sent == [second.pk]
    tasks.run_import(second.pk)
    assert Contact.objects.get().wait_seconds == 2


@pytest.mark.django_db
def test_a_worker_that_dies_before_it_deletes_the_file_leaves_that_to_the_next(
    source, refunds_line, sent, settings, tmp_path, monkeypatch
):
    settings.MEDIA_ROOT = tmp_path
    delivery = waiting(source, [ROW.format("a")])
    with monkeypatch.context() as patch:
        patch.setattr(job, "forget_file", lambda job: sys.exit())
        with pytest.raises(SystemExit):
            tasks.run_import(delivery.pk)
    delivery.refresh_from_db()
    assert counts(delivery) == {"new": 1}
    assert Path(delivery.file.path).exists()
    tasks.resume_imports()
    delivery.refresh_from_db()
    assert not delivery.file
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert sent == []


@pytest.mark.django_db(transaction=True)
def test_an_agent_who_moves_while_an_import_runs_takes_its_contacts_along(source, chen, refunds_line, billing):
    tasks.run_import(waiting(source, [ROW.format("a")]).pk)
    answered = waiting(source, ["a,refunds-line,E1001,,answered,2026-11-02 12:00:00,5,9,"])
    moved = threading.Event()
    holder = connection.copy()

    def move() -> None:
        move_agent(chen, team=billing, on=dt.date(2026, 5, 1), by=None)
        moved.set()
        connection.close()

    def move_in_the_middle() -> None:
        """After the import has read the memberships, and before it has written the contact."""
        try:
            wait_until_one_waits_for("transactionid")
            mover.start()
            moved.wait(1)
        finally:
            holder.close()
            connection.close()

    mover, meanwhile = threading.Thread(target=move), threading.Thread(target=move_in_the_middle)
    holder.inc_thread_sharing()
    holder.set_autocommit(False)
    with holder.cursor() as cursor:
        cursor.execute("SELECT FROM interactions_contact FOR UPDATE")
    meanwhile.start()
    tasks.run_import(answered.pk)
    meanwhile.join()
    mover.join()
    contact = Contact.objects.get()
    assert (contact.agent, contact.team) == (chen, billing)


def wait_until_one_waits_for(kind: str) -> None:
    """Until some connection to this database waits for a lock of this kind."""
    for _attempt in range(100):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = %s",
                [kind],
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.1)
    raise AssertionError(f"Nobody waits for {kind}.")
