"""A customer is a number that only the key's owner can make, the same in Python and in SQL."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from interactions.customer import HASH_SQL, NORMAL_SQL, customer_hash, lay_out_key, normal_customer

pytestmark = pytest.mark.django_db


def hash_in_sql(value: str) -> int | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS import_key")
        lay_out_key(cursor)
        normal = f"({NORMAL_SQL.format(text='t')})"
        cursor.execute("CREATE TEMP TABLE one (t text) ON COMMIT DROP")
        cursor.execute("INSERT INTO one VALUES (%s)", [value])
        cursor.execute(f"SELECT CASE WHEN {normal} IS NOT NULL THEN {HASH_SQL.format(normal=normal)} END FROM one")
        found = cursor.fetchone()[0]
        cursor.execute("DROP TABLE one, import_key")
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs"]), min_size=1).filter(str.strip))
@example("+49 (30) 123-45.67/8")
@example("0049301234")
@example("Anna.MÜLLER@Example.com")
@example("hash:00000000000000ff")
@example("---")
def test_python_and_sql_agree(value):
    assert hash_in_sql(value) == customer_hash(value)


def test_the_hash_is_the_first_8_bytes_of_hmac_sha256_under_the_key(settings):
    settings.CUSTOMER_KEY = "k" * 70
    digest = hmac.new(b"k" * 70, b"+49301234", hashlib.sha256).digest()
    assert customer_hash("+49 30 1234") == int.from_bytes(digest[:8], "big", signed=True)
    assert hash_in_sql("0049301234") == customer_hash("+49 30 1234")


@pytest.mark.parametrize(
    ("spelling", "normal"),
    [("0049 (30) 12-34", "+49301234"), ("+49.30/12 34", "+49301234"), ("Anna@X.de", "anna@x.de"), ("AB-12", "ab-12")],
)
def test_one_customer_has_one_spelling(spelling, normal):
    assert normal_customer(spelling) == normal


def test_another_key_makes_other_numbers(settings):
    before = customer_hash("+49301234")
    settings.CUSTOMER_KEY = "another key"
    assert customer_hash("+49301234") != before
