"""Runs a step in a process of its own, so that its memory is its own, and watches it."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import psutil
from django.db import connections

SECONDS_BETWEEN_LOOKS = 0.02


@dataclass(frozen=True)
class Cost:
    """What a step took: ``seconds``, the peak of its largest Python process and of the largest database process.

    A database process shares the server's cache with all others; that is not counted. Bytes.
    """

    seconds: float
    python: int
    database: int
    answer: Any


def measured(step: Callable[..., Any], *args: Any) -> Cost:
    """Run ``step(*args)`` and return its cost with its answer."""
    connections.close_all()
    servers = _database_servers()
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("fork")) as pool:
        before = {process.pid for process in psutil.Process().children()}
        future = pool.submit(_timed, step, args)
        own = [process for process in psutil.Process().children() if process.pid not in before]
        python, database = _watch(future, own, servers)
        seconds, answer = future.result()
    return Cost(seconds, python, database, answer)


def _timed(step: Callable[..., Any], args: tuple[Any, ...]) -> tuple[float, Any]:
    started = time.perf_counter()
    answer = step(*args)
    return time.perf_counter() - started, answer


def _watch(future: Future, own: list[psutil.Process], servers: list[psutil.Process]) -> tuple[int, int]:
    python = database = 0
    while not wait([future], timeout=SECONDS_BETWEEN_LOOKS).done:
        python = max([python, *_memory(own, is_shared_counted=True)])
        database = max([database, *_memory(servers, is_shared_counted=False)])
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


def _database_servers() -> list[psutil.Process]:
    """PostgreSQL's main processes on this machine; none when the database is elsewhere."""
    found = []
    for process in psutil.process_iter(["name"]):
        with suppress(psutil.NoSuchProcess):
            parent = process.parent()
            if process.info["name"] == "postgres" and (parent is None or parent.name() != "postgres"):
                found.append(process)
    return found
