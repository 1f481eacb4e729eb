"""The buckets of durations: the database and the code count in the same ones."""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from interactions.buckets import EDGES
from tests.factories import ContactFactory

pytestmark = pytest.mark.django_db

MILLISECOND = Decimal("0.001")


def rows(sql: str, *params: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def test_the_database_finds_the_bucket_that_the_code_finds_at_and_beside_every_edge():
    edges = [Decimal(str(edge)) for edge in EDGES]
    beside = [edge + step for edge in edges for step in (-MILLISECOND, Decimal(0), MILLISECOND)]
    seconds = [Decimal(0), *beside, edges[-1] * 2, Decimal("999999999.999")]
    found = rows("SELECT duration_bucket(x) FROM unnest(%s::numeric[]) WITH ORDINALITY AS s (x, n) ORDER BY n", seconds)
    expected = np.searchsorted(EDGES, [float(second) for second in seconds], side="right")
    assert [bucket for (bucket,) in found] == list(expected)
    assert (found[0], found[-1]) == ((0,), (len(EDGES),))


def test_the_migrations_made_the_edges_that_the_code_knows():
    ((definition,),) = rows("SELECT pg_get_functiondef('duration_bucket(numeric)'::regprocedure)")
    assert tuple(float(edge) for edge in re.findall(r"\d+\.\d+", definition)) == EDGES


def test_the_table_of_contacts_is_rewritten_once_and_the_way_back_is_open():
    call = ContactFactory(wait_seconds=Decimal(3), talk_seconds=Decimal(100), wrap_seconds=Decimal(28))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table with checks still to come is altered
    call_command("migrate", "interactions", "0003", verbosity=0)
    assert not rows("SELECT FROM pg_proc WHERE proname = 'duration_bucket'")
    with CaptureQueriesContext(connection) as captured:
        call_command("migrate", verbosity=0)
    changes = [query["sql"] for query in captured if "ALTER TABLE interactions_contact" in query["sql"]]
    assert len(changes) == 1
    call.refresh_from_db()
    # 128 s is 2^7, 3 s lies between 2^1.5 and 2^1.75.
    assert (call.handle_seconds, call.handle_bucket, call.wait_bucket) == (128, 7 * 4 + 1, 6 + 1)
