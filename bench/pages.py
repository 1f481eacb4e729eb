"""Pages as a browser gets them, and the figures on them from roll-ups alone and from raw rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from statistics import quantiles
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import computing
from bench.centre import LAST_DAY
from bench.computing import timed, typical
from kpis.dimensions import expression
from kpis.facts import FACTS
from kpis.horizon import horizon
from kpis.kpi import Fact, Kpi
from kpis.measure import measure
from people.models import Team, User

TIMES = 20
TIMES_OF_FIGURES = 1 + computing.TIMES
# Facts of contacts; the benchmark's centre has no others.
RAW = (Fact.OFFERED, Fact.HANDLED)


@dataclass(frozen=True)
class Latency:
    """Of one page: the number of its queries, and the seconds that half and 19 of 20 requests take at most."""

    queries: int
    p50: float
    p95: float


@dataclass(frozen=True)
class Question:
    """What a page asks measure() for."""

    kpis: list[Kpi]
    more: dict[str, Any]  # viewer, period, by, where


def team_page() -> str:
    return reverse("kpis:team_detail", args=[Team.objects.get(code="t00").pk])


def centre_page() -> str:
    return reverse("kpis:centre")


def latency(address: str, days: int) -> Latency:
    """Of a page over so many days, as a director gets it."""
    return latency_of(_reader(address, days))


def latency_of(get: Callable[[], None]) -> Latency:
    """Of whatever a call gets."""
    get()  # templates are compiled once
    with CaptureQueriesContext(connection) as captured:
        get()
        queries = len(captured)
    cuts = quantiles([timed(get) for _ in range(TIMES)], n=20, method="inclusive")
    return Latency(queries, cuts[9], cuts[18])


def questions(address: str, days: int) -> list[Question]:
    """Everything that a page reads through measure(), in its order."""
    found: list[Question] = []

    def noted(kpis: list[Kpi], **more: Any) -> Any:
        found.append(Question(kpis, more))
        return measure(kpis, **more)

    with patch("kpis.dashboards.board.measure", noted):
        _reader(address, days)()
    return found


def from_rollups(asked: list[Question]) -> float:
    """Seconds for the figures as the page reads them."""
    return _warm(lambda: [measure(each.kpis, **each.more) for each in asked])


def from_raw_rows(asked: list[Question]) -> float:
    """Seconds for the same sums from contacts; percentiles are left out, which is in favour of the raw rows."""

    def once() -> None:
        for each in asked:
            for fact in RAW:
                _sum(fact, each)

    return _warm(once)


def _warm(step: Callable[[], Any]) -> float:
    """Median seconds, after a first time that connects and fills the caches."""
    step()
    return typical(step)


def _reader(address: str, days: int) -> Callable[[], None]:
    first = LAST_DAY - dt.timedelta(days=days - 1)
    return reader(f"{address}?from={first}&to={LAST_DAY}", username="director")


def reader(address: str, *, username: str) -> Callable[[], None]:
    """Gets a page as somebody who signed in."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")

    def get() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, answer.status_code

    return get


def _sum(fact: Fact, asked: Question) -> None:
    tallies = {tally.key: tally for kpi in asked.kpis for tally in kpi.tallies if tally.fact is fact}
    if not tallies:
        return
    sums = {f"sum_{key}": tally.expression() for key, tally in tallies.items()}
    rows = _rows(fact, asked)
    if by := asked.more["by"]:
        paths = FACTS[fact].paths
        groups = rows.annotate(**{f"by_{name}": expression(name, paths) for name in by})
        list(groups.order_by().values(*(f"by_{name}" for name in by)).annotate(**sums))
    else:
        rows.aggregate(**sums)


def _rows(fact: Fact, asked: Question) -> QuerySet:
    layout, where = FACTS[fact], asked.more["where"]
    rows = layout.rows(asked.more["period"], horizon())
    rows = rows.annotate(**{f"at_{name}": expression(name, layout.paths) for name in where})
    return rows.filter(**{f"at_{name}__in": list(chosen) for name, chosen in where.items()})
