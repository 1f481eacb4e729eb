"""Finds, for every contact, the customer's next contact for the same reason.

A further contact counts whether answered or abandoned. Later legs of the same conversation (transfers) are
no further contact: only the first leg of another conversation is. What is kept is the instant of the next
contact, as far as the longest window reaches; whether it falls into the window, and whether the window has
passed, is decided by the tallies.
"""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.db.models import Max

from kpis.period import Period
from people.models import QueueRules

LOCK_SPACE = 7_302  # advisory locks of the search: (this, half)
HALVES = (0, 1)  # customers by the sign of their hash: two searches that never touch the same row

# The day of the updated row is asked for again, although its id is found already: so the update reads the days'
# part of the table by its index and not all of it.
FIND = """
    WITH candidate AS (
        SELECT id, customer, reason_id, offered_at, day, answered_day, next_contact_at,
               conversation_id = '' OR NOT EXISTS (
                   SELECT FROM interactions_contact earlier
                   WHERE earlier.conversation_id <> '' AND earlier.conversation_id = contact.conversation_id
                     AND earlier.source_id = contact.source_id
                     AND (earlier.offered_at, earlier.id) < (contact.offered_at, contact.id)
               ) AS is_first_leg
        FROM interactions_contact contact
        WHERE customer IS NOT NULL AND reason_id IS NOT NULL AND (customer < 0) = %(is_negative)s
          AND day BETWEEN %(first)s::date - %(reach)s AND %(last)s::date + %(reach)s
    ), found AS (
        SELECT id, offered_at, day, answered_day, next_contact_at,
               MIN(offered_at) FILTER (WHERE is_first_leg) OVER (
                   PARTITION BY customer, reason_id ORDER BY offered_at DESC, id DESC
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
               ) AS following
        FROM candidate
    ), wanted AS (
        SELECT id, answered_day, next_contact_at,
               CASE WHEN following <= offered_at + %(window)s THEN following END AS following
        FROM found
        WHERE day BETWEEN %(first)s::date - %(reach)s AND %(last)s
    ), changed AS (
        UPDATE interactions_contact contact
        SET next_contact_at = wanted.following
        FROM wanted
        WHERE contact.id = wanted.id AND wanted.next_contact_at IS DISTINCT FROM wanted.following
          AND contact.day BETWEEN %(first)s::date - %(reach)s AND %(last)s
        RETURNING wanted.answered_day
    )
    SELECT DISTINCT answered_day FROM changed WHERE answered_day IS NOT NULL
"""


def longest_window() -> int:
    """The longest first-contact-resolution window of any queue at any time, days."""
    return QueueRules.objects.aggregate(longest=Max("fcr_window_days"))["longest"] or 7


@transaction.atomic
def find_repeats(period: Period, half: int) -> list[dt.date]:
    """Search again what facts of these days can have changed, for one half of the customers.

    Returns the days whose handled contacts got another next contact.
    """
    window = longest_window()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, half])
        # Windows over many contacts: compiling them costs more than it saves, sorting on disk too.
        cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '64MB'")
        cursor.execute(
            FIND,
            {
                "first": period.start,
                "last": period.end,
                "reach": window + 1,  # business days follow the sites' clocks, the window is in hours
                "window": dt.timedelta(days=window),  # type: ignore[dict-item] # the driver takes durations
                "is_negative": bool(half),
            },
        )
        return sorted(day for (day,) in cursor.fetchall())
