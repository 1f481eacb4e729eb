"""Ways to compute and to read KPIs in tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from callcenter.celery import app
from interactions.services import mark_days
from kpis.definitions import kpi
from kpis.measure import Reading, measure
from kpis.models import ROLLUPS, Run
from kpis.period import Period
from kpis.tasks import launch, run_nightly
from people.models import User

MONDAY = dt.date(2026, 11, 2)
EVER = Period(dt.date(1999, 1, 1), dt.date(2027, 12, 31))


@pytest.fixture(autouse=True)
def _tasks_run_at_once():
    """Tasks run where they are sent from, so that a test sees their end."""
    app.conf.update(task_always_eager=True, task_eager_propagates=True)
    yield
    app.conf.update(task_always_eager=False, task_eager_propagates=False)


@pytest.fixture
def compute(db) -> Callable[..., None]:
    """Marks the given days (or all) and does what the night does."""

    def computed(*days: dt.date) -> None:
        if days:
            mark_days(days)
            run_nightly.delay()
        else:
            launch(Run.Kind.REBUILD)

    return computed


@pytest.fixture
def read(director: User) -> Callable[..., Reading]:
    """One reading, as the director sees it over all days."""

    def one(key: str, *, viewer: User | None = None, period: Period = EVER, **where: Any) -> Reading:
        kept = {name: [value] for name, value in where.items()}
        return measure([kpi(key)], viewer=viewer or director, period=period, where=kept)[0]

    return one


def everything_computed() -> list[tuple]:
    """All roll-up rows without their ids, in an order of their own; a list of buckets has no order."""

    def row_of(rollup: Any, row: dict[str, Any]) -> tuple:
        return (
            rollup.__name__,
            *(str(sorted(value) if name.endswith("_buckets") and value else value) for name, value in row.items()),
        )

    return sorted(
        row_of(rollup, row)
        for rollup in ROLLUPS
        for row in rollup.objects.values(*(field.attname for field in rollup._meta.fields if field.attname != "id"))
    )
