"""Levels over time: the backlog on days that have it, on days without, and since when there is one."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.definitions import kpi
from kpis.measure import measure
from kpis.models import QueueDay
from kpis.period import Period
from people.models import Channel, User
from tests.factories import MONDAY_NOON, ContactFactory, QueueFactory, TeamFactory
from tests.kpis.conftest import MONDAY

DAY = dt.timedelta(days=1)


@pytest.fixture
def tickets(refunds):
    """A queue with a ticket open on Monday and Tuesday, none on Wednesday, one on Thursday, where the facts end."""
    line = QueueFactory(channel=Channel.TICKET, site=refunds.site, owner_team=refunds)
    ContactFactory(queue=line, ended_at=MONDAY_NOON + 2 * DAY)
    ContactFactory(queue=line, offered_at=MONDAY_NOON + 3 * DAY, ended_at=MONDAY_NOON + 5 * DAY)
    return line


def backlog(viewer: User, first: int, last: int, by: str = "day") -> dict:
    """The backlog between two days after that Monday, by step of time."""
    period = Period(MONDAY + first * DAY, MONDAY + last * DAY)
    return {
        (reading.at[by] - MONDAY).days: reading.value
        for reading in measure([kpi("backlog")], viewer=viewer, period=period, by=[by])
    }


def test_a_day_without_a_backlog_is_zero_and_one_before_the_first_is_left_out(tickets, compute, director):
    compute()
    assert backlog(director, -2, 4) == {0: 1, 1: 1, 2: 0, 3: 1}
    assert backlog(director, 2, 2) == {2: 0}
    assert backlog(director, -2, -1) == {}


def test_a_week_has_the_level_of_its_last_day(tickets, refunds_line, compute, director):
    ContactFactory(queue=refunds_line, offered_at=MONDAY_NOON + 8 * DAY)
    compute()
    assert backlog(director, -7, 4, "week") == {0: 1}
    assert backlog(director, -7, 2, "week") == {0: 0}
    assert backlog(director, 0, 8, "week") == {0: 0, 7: 0}


def test_since_when_there_is_a_backlog_is_asked_only_where_a_day_lacks_it(tickets, compute, director):
    compute()

    def queries(first: int, last: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            backlog(director, first, last)
        return len(captured)

    assert queries(0, 2) == queries(0, 1) + 1


@pytest.mark.parametrize("teams", [1, 3])
def test_since_when_there_is_a_backlog_is_found_by_its_index(centre, director, teams):
    """Of one team or several, in years of history where only some rows have a backlog."""
    mine = [TeamFactory(site=centre.site, parent=centre).pk for _ in range(teams)]
    QueueDay.objects.bulk_create(
        QueueDay(day=MONDAY - number * DAY, team_id=team, channel=Channel.TICKET, tickets_open=open_tickets)
        for number in range(1_000)
        for team, open_tickets in ((1_000_001, 5 if number < 90 else None), (1_000_002, None), (1_000_003, None))
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE kpis_queueday")
    with CaptureQueriesContext(connection) as captured:
        measure([kpi("backlog")], viewer=director, period=Period(MONDAY + DAY, MONDAY + DAY), where={"team": mine})
    [asked] = [query["sql"] for query in captured if 'MIN("kpis_queueday"."day")' in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {asked}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Only Scan using queue_day_backlog" in plan
