"""Jobs inside the one process of `manage.py serve`: sent by one thread, done by another, through memory."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from celery import Celery, chord, group
from celery.result import AsyncResult
from celery.schedules import schedule

from callcenter.background import Background
from callcenter.celery import app

SECONDS = 20


@app.task(name="tests.add")
def add(a: int, b: int) -> tuple[int, str]:
    return a + b, threading.current_thread().name


@app.task(name="tests.total")
def total(parts: list[tuple[int, str]]) -> int:
    return sum(value for value, _ in parts)


@app.task(name="tests.fail")
def fail() -> None:
    raise ValueError("on purpose")


ticked = threading.Event()


@app.task(name="tests.tick")
def tick() -> None:
    ticked.set()


def answer(job: AsyncResult) -> Any:
    # Celery takes every thread of a process with a worker for a job's own, which must not wait for others.
    return job.get(timeout=SECONDS, disable_sync_subtasks=False)


@pytest.fixture(scope="module")
def background(tmp_path_factory) -> Iterator[Background]:
    assert app.conf.broker_url == "memory://localhost/", "these tests are about an installation without Redis"
    every_moment = {"tick": {"task": "tests.tick", "schedule": schedule(0.2)}}
    app.conf.beat_schedule, kept = every_moment, app.conf.beat_schedule
    app.conf.beat_schedule_filename = str(tmp_path_factory.mktemp("clock") / "schedule")
    running = Background(app)
    running.start()
    yield running
    assert running.stop(patience=SECONDS)
    app.conf.beat_schedule = kept


@pytest.fixture
def celery(background: Background) -> Celery:
    return app


def test_a_job_sent_by_a_web_thread_is_done_by_a_worker_thread(celery):
    with ThreadPoolExecutor(4, thread_name_prefix="web") as web:
        sent = list(web.map(lambda n: add.delay(n, 1), range(20)))
    answers = [answer(job) for job in sent]
    assert [value for value, _ in answers] == list(range(1, 21))
    assert all("ThreadPoolExecutor" in thread for _, thread in answers)


def test_a_chord_adds_up_what_its_group_found(celery):
    sent = chord(group(add.s(n, n) for n in range(400)))(total.s())
    assert answer(sent) == 2 * sum(range(400))


def test_a_job_that_fails_leaves_the_worker_at_work(celery):
    with pytest.raises(ValueError, match="on purpose"):
        answer(fail.delay())
    assert answer(add.delay(1, 1))[0] == 2


def test_the_clock_starts_what_is_due(celery):
    assert ticked.wait(SECONDS)
