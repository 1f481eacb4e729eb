"""Runs a step in a process of its own, so that its memory and its processor time are its own, and watches it."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import psutil
from django.db import connection, connections

SECONDS_BETWEEN_LOOKS = 0.02


@dataclass(frozen=True)
class Cost:
    """What a step took: ``seconds`` by the clock, and ``processor`` seconds of all its Python and database processes.

    Then the peak of its largest Python process and of the largest database process, bytes. A database process shares
    the server's cache with all others; that is not counted. Of a database elsewhere only the clock tells.
    """

    seconds: float
    processor: float
    python: int
    database: int
    answer: Any


def measured(step: Callable[..., Any], *args: Any) -> Cost:
    """Run ``step(*args)`` and return its cost with its answer."""
    server = _database_server()
    connections.close_all()
    spent_before = _processor_seconds(server)
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("fork")) as pool:
        before = {process.pid for process in psutil.Process().children()}
        future = pool.submit(_timed, step, args)
        own = [process for process in psutil.Process().children() if process.pid not in before]
        python, database = _watch(future, own, server)
        seconds, processor, answer = future.result()
    return Cost(seconds, processor + _processor_seconds(server) - spent_before, python, database, answer)


def _timed(step: Callable[..., Any], args: tuple[Any, ...]) -> tuple[float, float, Any]:
    started, spent = time.perf_counter(), _own_processor_seconds()
    answer = step(*args)
    seconds = time.perf_counter() - started
    # The database counts the time of a process of its own when that ends.
    connections.close_all()
    return seconds, _own_processor_seconds() - spent, answer


def _own_processor_seconds() -> float:
    """Of this process and of those it started that have ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _processor_seconds(server: list[psutil.Process]) -> float:
    """Of the database's processes: the living, and those that have ended."""
    return sum(map(_seconds_of_all, server))


def _seconds_of_all(main: psutil.Process) -> float:
    """Counted again where a process ended meanwhile, which would be counted twice or not at all."""
    while True:
        before, living = main.cpu_times(), 0.0
        for process in [main, *main.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                living += times.user + times.system
        after = main.cpu_times()
        if (before.children_user, before.children_system) == (after.children_user, after.children_system):
            return living + after.children_user + after.children_system


def _watch(future: Future, own: list[psutil.Process], server: list[psutil.Process]) -> tuple[int, int]:
    python = database = 0
    while not wait([future], timeout=SECONDS_BETWEEN_LOOKS).done:
        python = max([python, *_memory(own, is_shared_counted=True)])
        database = max([database, *_memory(server, is_shared_counted=False)])
    return python, database


def _memory(parents: list[psutil.Process], *, is_shared_counted: bool) -> list[int]:
    found = []
    for parent in parents:
        with suppress(psutil.NoSuchProcess):
            for process in [parent, *parent.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    memory = process.memory_info()
                    found.append(memory.rss if is_shared_counted else memory.rss - getattr(memory, "shared", 0))
    return found


def _database_server() -> list[psutil.Process]:
    """The main process of the database in use; none when it is on another machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        main = process.parent()
        if main and process.name() == main.name() == "postgres":
            return [main]
    return []
