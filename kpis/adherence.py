"""How much of each scheduled span an agent spent in the state that was planned."""

from __future__ import annotations

from django.db import connection

from interactions.models import AgentState, Shift
from kpis.period import Period

STATE, ACTIVITY = AgentState.State, Shift.Activity

# Which states fulfil which scheduled activity. Planned leave is fulfilled by none and not counted.
FULFILLED_BY: dict[str, list[str]] = {
    ACTIVITY.WORK: [STATE.ON_CONTACT, STATE.READY, STATE.WRAP],
    ACTIVITY.BREAK: [STATE.BREAK],
    ACTIVITY.LUNCH: [STATE.LUNCH],
    ACTIVITY.TRAINING: [STATE.TRAINING],
    ACTIVITY.MEETING: [STATE.MEETING],
}
PAIRS = [(str(activity), str(state)) for activity, states in FULFILLED_BY.items() for state in states]

REFRESH = """
    WITH fulfilled (activity, state) AS (SELECT * FROM unnest(%(activities)s::text[], %(states)s::text[])),
    found AS (
        SELECT shift.id,
               COALESCE(SUM(EXTRACT(EPOCH FROM LEAST(shift.ends_at, spent.ended_at)
                                             - GREATEST(shift.starts_at, spent.started_at)))
                        FILTER (WHERE spent.id IS NOT NULL), 0) AS seconds
        FROM interactions_shift shift
        LEFT JOIN (interactions_agentstate spent JOIN fulfilled ON fulfilled.state = spent.state)
               ON spent.agent_id = shift.agent_id
              AND fulfilled.activity = shift.activity
              AND spent.day BETWEEN shift.day - 1 AND shift.day + 1
              AND spent.day BETWEEN %(first)s::date - 1 AND %(last)s::date + 1
              AND spent.started_at < shift.ends_at
              AND spent.ended_at > shift.starts_at
        WHERE shift.day BETWEEN %(first)s AND %(last)s
        GROUP BY shift.id
    )
    UPDATE interactions_shift shift
    SET adherent_seconds = found.seconds
    FROM found
    WHERE shift.id = found.id AND shift.adherent_seconds IS DISTINCT FROM found.seconds
"""


def refresh(period: Period) -> None:
    """Bring `adherent_seconds` of the days' shifts up to date; a shift over midnight meets the next day's states."""
    activities, states = zip(*PAIRS, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            REFRESH,
            {"first": period.start, "last": period.end, "activities": list(activities), "states": list(states)},
        )
