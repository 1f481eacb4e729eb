"""Every KPI against SQL written by hand over the facts, and any split against the whole."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from decimal import Decimal

import pytest
from django.db import connection

from interactions.models import AgentState, Outcome, Shift
from kpis import histogram
from kpis.behind import rows_behind
from kpis.definitions import KPIS, kpi
from kpis.dimensions import DIMENSIONS, column
from kpis.measure import can_measure, measure
from people.models import Channel
from tests.factories import (
    MONDAY_NOON,
    AgentStateFactory,
    ComplaintFactory,
    ContactFactory,
    QueueFactory,
    ReasonFactory,
    ShiftFactory,
    SurveyAnswerFactory,
)
from tests.kpis.conftest import EVER

ANSWERED = "interactions_contact WHERE outcome = 'answered'"
LIVE = "channel IN ('voice', 'chat', 'callback')"
WRITTEN = "channel IN ('email', 'ticket')"
CONTACT = "interactions_contact c JOIN people_queuerules r ON r.queue_id = c.queue_id"
SURVEY = "interactions_surveyanswer s"
STATE = "interactions_agentstate"
HANDLE = "talk_seconds + hold_seconds + wrap_seconds"
PAID = "('on_contact','ready','wrap','break','training','meeting')"
PRODUCTIVE = "('on_contact','ready','wrap')"
SHORT = "c.outcome = 'abandoned' AND c.wait_seconds <= r.short_abandon_seconds"
# A customer's matter, seven days, the last day of facts as horizon, transfers not repeats.
RESOLVED = """
    SELECT AVG((NOT EXISTS (
        SELECT FROM interactions_contact n
        WHERE n.customer = c.customer AND n.reason_id = c.reason_id AND n.id <> c.id
          AND (n.offered_at, n.id) > (c.offered_at, c.id) AND n.offered_at <= c.offered_at + interval '7 days'
          AND NOT EXISTS (SELECT FROM interactions_contact e WHERE e.conversation_id <> ''
                          AND e.source_id = n.source_id AND e.conversation_id = n.conversation_id
                          AND (e.offered_at, e.id) < (n.offered_at, n.id))
    ))::int)
    FROM interactions_contact c
    WHERE c.outcome = 'answered' AND c.customer IS NOT NULL AND c.reason_id IS NOT NULL
      AND c.day + 7 <= (SELECT MAX(day) FROM interactions_contact)
"""

BY_HAND = {
    "contacts_offered": "SELECT COUNT(*) FROM interactions_contact",
    "contacts_answered": f"SELECT COUNT(*) FROM {ANSWERED}",
    "contacts_handled": f"SELECT COUNT(*) FROM {ANSWERED}",
    "contacts_abandoned": "SELECT COUNT(*) FROM interactions_contact WHERE outcome = 'abandoned'",
    "short_abandoned": f"SELECT COUNT(*) FROM {CONTACT} WHERE {SHORT}",
    "service_level": f"""SELECT COUNT(*) FILTER (WHERE c.outcome = 'answered' AND wait_seconds <= service_level_seconds)
        / COUNT(*) FILTER (WHERE c.outcome IN ('answered', 'abandoned') AND NOT ({SHORT}))::float
        FROM {CONTACT} WHERE c.channel <> 'outbound'""",
    "average_speed_of_answer": f"SELECT AVG(wait_seconds) FROM {ANSWERED} AND {LIVE}",
    "average_response_time": f"SELECT AVG(wait_seconds) FROM {ANSWERED} AND {WRITTEN}",
    "longest_wait": f"SELECT MAX(wait_seconds) FROM interactions_contact WHERE {LIVE}",
    "abandonment_rate": f"""SELECT COUNT(*) FILTER (WHERE c.outcome = 'abandoned' AND NOT ({SHORT}))
        / COUNT(*) FILTER (WHERE NOT ({SHORT}))::float FROM {CONTACT} WHERE c.channel <> 'outbound'""",
    "average_handle_time": f"SELECT AVG({HANDLE}) FROM {ANSWERED}",
    "average_talk_time": f"SELECT AVG(talk_seconds) FROM {ANSWERED}",
    "average_hold_time": f"SELECT AVG(hold_seconds) FROM {ANSWERED}",
    "average_wrap_time": f"SELECT AVG(wrap_seconds) FROM {ANSWERED}",
    "hold_rate": f"SELECT AVG((hold_seconds > 0)::int) FROM {ANSWERED}",
    "transfer_rate": f"SELECT AVG(is_transferred::int) FROM {ANSWERED}",
    "first_contact_resolution": RESOLVED,
    "coded_resolution": f"SELECT AVG(is_resolved::int) FROM {ANSWERED}",
    "surveyed_resolution": f"SELECT AVG(is_resolved::int) FROM {SURVEY}",
    "csat": f"SELECT AVG((csat >= 4)::int) FROM {SURVEY}",
    "csat_mean": f"SELECT AVG(csat) FROM {SURVEY}",
    "nps": f"SELECT AVG(CASE WHEN nps >= 9 THEN 1 WHEN nps <= 6 THEN -1 WHEN nps > 6 THEN 0 END) FROM {SURVEY}",
    "ces": f"SELECT AVG(ces) FROM {SURVEY}",
    "complaint_rate": f"""SELECT (SELECT COUNT(*) FROM interactions_complaint)
        / (SELECT COUNT(*) FROM {ANSWERED})::float""",
    "occupancy": f"""SELECT SUM(seconds) FILTER (WHERE state IN ('on_contact', 'wrap'))
        / SUM(seconds) FILTER (WHERE state IN {PRODUCTIVE}) FROM {STATE}""",
    "utilisation": f"""SELECT SUM(seconds) FILTER (WHERE state IN {PRODUCTIVE})
        / SUM(seconds) FILTER (WHERE state IN {PAID}) FROM {STATE}""",
    "shrinkage": f"""SELECT SUM(seconds) FILTER (WHERE state IN ('break', 'training', 'meeting'))
        / SUM(seconds) FILTER (WHERE state IN {PAID}) FROM {STATE}""",
    "adherence": """SELECT (SELECT SUM(EXTRACT(EPOCH FROM LEAST(ends_at, ended_at) - GREATEST(starts_at, started_at)))
        FROM interactions_shift h JOIN interactions_agentstate s ON s.agent_id = h.agent_id
         AND s.started_at < h.ends_at AND s.ended_at > h.starts_at
         AND CASE activity WHEN 'work' THEN state IN ('on_contact','ready','wrap') ELSE state = activity END)
        / (SELECT SUM(seconds) FROM interactions_shift WHERE activity <> 'leave')""",
    "conformance": f"""SELECT (SELECT SUM(seconds) FROM {STATE} WHERE state IN {PRODUCTIVE})
        / (SELECT SUM(seconds) FROM interactions_shift WHERE activity = 'work')""",
    "contacts_per_hour": f"""SELECT (SELECT COUNT(*) FROM {ANSWERED})
        / (SELECT SUM(seconds) / 3600 FROM {STATE} WHERE state IN {PRODUCTIVE})""",
    "tickets_opened": "SELECT COUNT(*) FROM interactions_contact WHERE channel = 'ticket'",
    "tickets_closed": "SELECT COUNT(*) FROM interactions_contact WHERE channel = 'ticket' AND ended_at IS NOT NULL",
    "tickets_closed_rate": "SELECT AVG((ended_at IS NOT NULL)::int) FROM interactions_contact WHERE channel = 'ticket'",
    "backlog": """SELECT COUNT(*) FROM interactions_contact WHERE channel = 'ticket' AND
        (ended_day IS NULL OR ended_day > (SELECT MAX(day) FROM interactions_contact))""",
    "reopen_rate": """SELECT AVG(is_reopened::int) FROM interactions_contact
        WHERE channel = 'ticket' AND ended_at IS NOT NULL""",
    "overdue_rate": """SELECT AVG((ended_at IS NULL OR ended_at > due_at)::int) FROM interactions_contact
        WHERE channel = 'ticket' AND due_day <= (SELECT MAX(day) FROM interactions_contact)""",
    "cost_per_contact": f"""SELECT ((SELECT SUM(cost) FROM {STATE} WHERE state IN {PAID})
        + (SELECT SUM(cost) FROM {ANSWERED})) / (SELECT COUNT(*) FROM {ANSWERED})""",
    "sales": f"SELECT COUNT(*) FROM {ANSWERED} AND sale_amount > 0",
    "sales_amount": f"SELECT SUM(sale_amount) FROM {ANSWERED}",
    "conversion_rate": f"""SELECT COUNT(*) FILTER (WHERE sale_amount > 0)::float
        / COUNT(*) FILTER (WHERE channel = 'outbound' OR sale_amount IS NOT NULL) FROM {ANSWERED}""",
    "revenue_per_contact": f"SELECT SUM(sale_amount) / COUNT(*) FROM {ANSWERED}",
}
PERCENTILES = {
    "wait_p50": (0.5, "wait_seconds"),
    "wait_p90": (0.9, "wait_seconds"),
    "handle_p50": (0.5, HANDLE),
    "handle_p90": (0.9, HANDLE),
}


@pytest.fixture
def busy_month(chen, zhao, smit, refunds, refunds_line, billing_line) -> None:
    """400 contacts of every channel and outcome, and all that hangs on them. The seed is fixed."""
    draw = random.Random(11)
    site = refunds.site
    lines = [refunds_line, billing_line]
    lines += [
        QueueFactory(channel=channel, site=site, owner_team=refunds, line_of_business="back office")
        for channel in (Channel.EMAIL, Channel.TICKET, Channel.OUTBOUND)
    ]
    reasons = [None, *ReasonFactory.create_batch(2)]
    for number in range(400):
        line = draw.choice(lines)
        outcome = draw.choices(list(Outcome), [80, 15, 5])[0]
        answered = outcome == Outcome.ANSWERED
        offered_at = MONDAY_NOON + dt.timedelta(minutes=draw.randrange(28 * 24 * 60))
        times = {}
        if line.channel == Channel.TICKET:
            times["due_at"] = offered_at + dt.timedelta(days=draw.randrange(1, 5))
            times["ended_at"] = (
                offered_at + dt.timedelta(days=draw.randrange(1, 8)) if answered and draw.random() < 0.8 else None
            )
        contact = ContactFactory(
            queue=line,
            outcome=outcome,
            agent=draw.choice([chen, zhao, smit, None]) if answered else None,
            reason=draw.choice(reasons),
            customer=draw.choice([None, *range(-12, 12)]),
            conversation_id=f"talk {number // 3}" if number % 5 == 0 else "",
            offered_at=offered_at,
            wait_seconds=Decimal(draw.randrange(90_000)) / 1000,
            talk_seconds=Decimal(draw.randrange(1000, 600_000)) / 1000 if answered else 0,
            hold_seconds=draw.choice([0, 0, 45]) if answered else 0,
            is_transferred=answered and draw.random() < 0.1,
            is_resolved=draw.choice([None, True, False]) if answered else None,
            is_reopened=draw.random() < 0.1,
            sale_amount=draw.choice([None, Decimal(0), Decimal("49.90")]) if answered else None,
            cost=draw.choice([None, Decimal("0.1234")]),
            **times,
        )
        if answered and draw.random() < 0.3:
            SurveyAnswerFactory(
                contact=contact, csat=draw.choice([None, *range(1, 6)]), nps=draw.choice([None, *range(11)]),
                ces=draw.choice([None, *range(1, 8)]), is_resolved=draw.choice([None, True, False]),
            )  # fmt: skip
        if draw.random() < 0.05 and answered:
            ComplaintFactory(contact=contact)
    states, activities = list(AgentState.State), list(Shift.Activity)
    for agent, day, hour in itertools.product((chen, smit), range(28), range(6)):
        start = MONDAY_NOON + dt.timedelta(days=day, hours=hour)
        AgentStateFactory(
            agent=agent, state=draw.choice(states), started_at=start, hours=1, cost=draw.choice([None, 30])
        )
        ShiftFactory(agent=agent, activity=draw.choice(activities), hours=1, starts_at=start + dt.timedelta(minutes=9))


def by_hand(sql: str) -> float:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return float(cursor.fetchone()[0])


def test_every_kpi_agrees_with_sql_written_by_hand(busy_month, compute, read):
    assert set(KPIS) == set(BY_HAND) | set(PERCENTILES), "a KPI without its SQL"
    compute()
    found = {key: read(key).value for key in BY_HAND}
    assert found == pytest.approx({key: by_hand(sql) for key, sql in BY_HAND.items()}, rel=1e-9)


def test_percentiles_agree_with_exact_ones_within_a_bucket(busy_month, compute, read):
    compute()
    for key, (share, of) in PERCENTILES.items():
        rows = f"{ANSWERED} AND {LIVE}" if key.startswith("wait") else ANSWERED
        exact = by_hand(f"SELECT percentile_cont({share}) WITHIN GROUP (ORDER BY {of}) FROM {rows}")
        assert read(key).value == pytest.approx(exact, rel=0.1), key


def test_a_percentile_by_agent_or_half_hour_comes_from_the_same_buckets(busy_month, compute, read, director, chen):
    compute()
    exact = by_hand(
        f"SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY {HANDLE}) FROM {ANSWERED} AND agent_id = {chen.pk}"
    )
    assert read("handle_p50", agent=chen.pk).value == pytest.approx(exact, rel=0.15)
    by_agent = measure([kpi("handle_p50")], viewer=director, period=EVER, by=["agent"])
    assert sum(reading.n for reading in by_agent) == read("handle_p50").n == read("contacts_handled").value
    by_slot = measure([kpi("wait_p90")], viewer=director, period=EVER, by=["slot"])
    assert sum(reading.n for reading in by_slot) == read("wait_p90").n
    assert histogram.SIZE == 74


def test_the_parts_of_any_split_add_up_to_the_whole(busy_month, compute, read, director):
    compute()
    splits = [(one,) for one in DIMENSIONS] + list(itertools.combinations(DIMENSIONS, 2))
    adding = [entry for entry in KPIS.values() if entry.top and not entry.is_maximum]
    whole = {reading.kpi.key: reading for reading in measure(adding, viewer=director, period=EVER)}
    for by in splits:
        over_time = any(column(name) == "day" for name in by)
        asked = [e for e in adding if can_measure(e, by) and not (e.is_snapshot and over_time)]
        sums = {entry.key: [0, 0] for entry in asked}
        for part in measure(asked, viewer=director, period=EVER, by=by):
            sums[part.kpi.key][0] += part.top
            sums[part.kpi.key][1] += part.bottom or 0
        assert sums == {key: [whole[key].top, whole[key].bottom or 0] for key in sums}, by


def test_the_rows_behind_a_number_count_and_add_up_to_it(busy_month, compute, director, refunds):
    compute()
    for where in ({}, {"team": [refunds.pk]}, {"channel": ["voice"]}, {"weekday": [0, 1]}):
        for entry in KPIS.values():
            if entry.percentile or entry.is_maximum or not can_measure(entry, where):
                continue
            sums = measure([entry], viewer=director, period=EVER, where=where)[0]
            for part, total in (("top", entry.top), ("bottom", entry.bottom)):
                if total is None or len(total.terms) > 1:
                    continue
                rows = rows_behind(entry, part, viewer=director, period=EVER, where=where)
                tally = total.terms[0][0]
                found = rows.count() if tally.add is None else sum(row.added for row in rows)
                assert found == getattr(sums, part) or (found == 0 and getattr(sums, part) is None), (
                    entry.key,
                    part,
                    where,
                )
