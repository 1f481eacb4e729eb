"""What the tests of the demo centre share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from kpis.definitions import kpi
from kpis.measure import Reading, measure
from kpis.period import Period
from people.models import User

UNTIL = dt.date(2025, 11, 20)


def rows(sql: str, *params: object) -> list[tuple]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def one(sql: str, *params: object) -> object:
    return rows(sql, *params)[0][0]


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def read(key: str, period: Period, *by: str, **where: int) -> list[Reading]:
    director = User.objects.get(username="director")
    return measure(
        [kpi(key)], viewer=director, period=period, by=by, where={name: [value] for name, value in where.items()}
    )
