"""Who waits for whom: locks of the running transaction, let go at its end."""

from __future__ import annotations

from django.db import connection

MEMBERSHIPS_LOCK = 0x1A903


def share_memberships() -> None:
    """Wait until nobody changes memberships; from here to the end of the transaction they stay as they are."""
    _lock("pg_advisory_xact_lock_shared")


def change_memberships() -> None:
    """Wait until no import is writing facts by the memberships of before.

    Comes before every lock on a row of an agent: an import holds such locks, too.
    """
    _lock("pg_advisory_xact_lock")


def _lock(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [MEMBERSHIPS_LOCK])
