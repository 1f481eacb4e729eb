"""Pages as a browser gets them, from roll-ups, and the figures on them from raw rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles
from time import perf_counter
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.centre import LAST_DAY
from bench.computing import timed
from kpis.definitions import kpi
from kpis.facts import FACTS
from kpis.horizon import horizon
from kpis.kpi import Fact, Tally
from kpis.period import Period
from kpis.tallies import tallies_of
from people.models import Team, User

TIMES = 20
# Facts of contacts; the benchmark's centre has no others.
RAW = (Fact.OFFERED, Fact.HANDLED)


@dataclass(frozen=True)
class Latency:
    """Of one page: the number of its queries, and the seconds that half and 19 of 20 requests take at most."""

    queries: int
    p50: float
    p95: float


def team_page(days: int) -> Latency:
    return _latency(reverse("kpis:team_detail", args=[_team().pk]), days)


def centre_page(days: int) -> Latency:
    return _latency(reverse("kpis:centre"), days)


def _latency(address: str, days: int) -> Latency:
    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(username="director"), backend="django.contrib.auth.backends.ModelBackend")
    first = LAST_DAY - dt.timedelta(days=days - 1)

    def get() -> None:
        answer = client.get(address, {"from": first.isoformat(), "to": LAST_DAY.isoformat()})
        assert answer.status_code == 200, answer.status_code

    get()  # templates are compiled once
    with CaptureQueriesContext(connection) as captured:
        get()
    queries = len(captured)
    cuts = quantiles([timed(get) for _ in range(TIMES)], n=20, method="inclusive")
    return Latency(queries, cuts[9], cuts[18])


def team_from_raw_rows(days: int) -> float:
    return _raw_seconds(days, "agent", {"team": _team().pk})


def centre_from_raw_rows(days: int) -> float:
    return _raw_seconds(days, "team", {})


def _raw_seconds(days: int, member: str, where: dict[str, Any]) -> float:
    """What the page shows, grouped from contacts: its period and the one before, by day, by member, by half-hour."""
    period = Period(LAST_DAY - dt.timedelta(days=days - 1), LAST_DAY)
    before = Period(period.start - dt.timedelta(days=days), period.start - dt.timedelta(days=1))
    started = perf_counter()
    for fact in RAW:
        for each, by in ((period, ()), (before, ()), (period, ("day",)), (period, (member,))):
            _group(fact, each, by, where, tallies_of(fact))
    _group(Fact.OFFERED, period, ("day", "slot"), where, kpi("service_level").tallies)
    return perf_counter() - started


def _group(fact: Fact, period: Period, by: Sequence[str], where: dict[str, Any], tallies: Sequence[Tally]) -> None:
    layout = FACTS[fact]
    rows = layout.rows(period, horizon()).filter(**{layout.paths[name].name: value for name, value in where.items()})
    sums = {f"sum_{tally.key}": tally.expression() for tally in tallies}
    if by:
        list(rows.values(*(layout.paths[name].name for name in by)).annotate(**sums))
    else:
        rows.aggregate(**sums)


def _team() -> Team:
    return Team.objects.get(code="t00")
