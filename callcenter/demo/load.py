"""Into the database: columns become CSV by Arrow and go in by COPY."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from pyarrow import csv

from callcenter.demo.cast import Cast
from callcenter.demo.clock import HOUR
from callcenter.demo.contacts import NONE, QUEUE_CHANNEL, Contacts
from callcenter.demo.feedback import Answers, Complaints
from callcenter.demo.people import Structure
from callcenter.demo.roster import Roster
from callcenter.demo.states import States
from interactions.models import AgentState, Complaint, Contact, Outcome, Shift, Source, SurveyAnswer
from kpis.tallies import PAID

ROWS_AT_ONCE = 50_000

# What to run to take each foreign key and each plain index off, and to put it back; indexes first.
BURDENS = """
    SELECT format('DROP INDEX %%I.%%I', schemaname, indexname), indexdef
    FROM pg_indexes
    WHERE schemaname = current_schema() AND tablename = ANY(%(tables)s) AND indexdef NOT LIKE 'CREATE UNIQUE%%'
    UNION ALL
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint
    WHERE contype = 'f' AND conrelid = ANY(%(tables)s::regclass[])
"""
Columns = dict[str, pa.Array]


def whole(values: np.ndarray, mask: np.ndarray | None = None) -> pa.Array:
    """Integers; empty where ``mask``, or where NONE without one."""
    return pa.array(values, type=pa.int64(), mask=(values == NONE) if mask is None else mask)


def amount(values: np.ndarray) -> pa.Array:
    """Numbers with decimals; NaN is empty."""
    return pa.array(values, type=pa.float64(), mask=np.isnan(values))


def instant(values: np.ndarray) -> pa.Array:
    """UTC seconds; NONE is empty."""
    return pa.array(values, type=pa.int64(), mask=values == NONE).cast(pa.timestamp("s", tz="UTC"))


def date(values: np.ndarray) -> pa.Array:
    """Days since 1970; NONE is empty."""
    return pa.array(values, type=pa.int64(), mask=values == NONE).cast(pa.int32()).cast(pa.date32())


def flag(values: np.ndarray) -> pa.Array:
    """1 is true, 0 is false, NONE is empty."""
    return pa.array(values == 1, mask=values == NONE)


def named(names: Iterable[str], which: np.ndarray) -> pa.Array:
    """The names, by place."""
    return pa.array(list(names)).take(pa.array(which))


def label(prefix: str, numbers: np.ndarray) -> pa.Array:
    """Ids as text: a prefix and a number."""
    return pc.binary_join_element_wise(prefix, pa.array(numbers).cast(pa.string()), "")


def key(rows: list, which: np.ndarray) -> pa.Array:
    """Primary keys of rows, by place; NONE is empty."""
    keys = np.array([row.pk for row in rows])
    return whole(keys[np.maximum(which, 0)], which == NONE)


def copy(model: type, columns: Columns) -> None:
    """COPY columns into a model's table, a slice at a time, so that the text of all never lies in memory."""
    table = pa.table(columns)
    quote = connection.ops.quote_name
    names = ", ".join(quote(name) for name in table.column_names)
    sql = f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN WITH (FORMAT csv)"  # type: ignore[attr-defined]
    options = csv.WriteOptions(include_header=False)
    with connection.cursor() as cursor:
        for start in range(0, len(table), ROWS_AT_ONCE):
            sink = pa.BufferOutputStream()
            csv.write_csv(table.slice(start, ROWS_AT_ONCE), sink, options)
            cursor.copy_expert(sql, pa.BufferReader(sink.getvalue()))


@contextmanager
def unburdened(*models: type) -> Iterator[None]:
    """Take foreign keys and plain indexes off empty tables, and put them back, checked and built as a whole, after.

    Row by row they cost more than the rows themselves. It happens inside the caller's transaction: nobody
    ever sees the tables without.
    """
    tables = [model._meta.db_table for model in models]  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is put off would hold the tables
        cursor.execute(BURDENS, {"tables": tables})
        burdens = cursor.fetchall()
        for take_off, _put_back in burdens:
            cursor.execute(take_off)
        yield
        for _take_off, put_back in burdens:
            cursor.execute(put_back)


def claim_keys(model: type, count: int) -> np.ndarray:
    """So many primary keys that nobody else will get."""
    table = model._meta.db_table  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        first = cursor.fetchone()[0]
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, first + count])
    return np.arange(first, first + count)


def stint_teams(cast: Cast, structure: Structure) -> list:
    """The team of each stint."""
    return [structure.teams[stint.team] for stint in cast.stints]


def copy_contacts(contacts: Contacts, *, source: Source, cast: Cast, structure: Structure) -> np.ndarray:
    """The contacts, with the team of the time or the queue's owner; returns their primary keys."""
    keys, size = claim_keys(Contact, len(contacts)), len(contacts)
    teams = [*stint_teams(cast, structure), *(queue.owner_team for queue in structure.queues)]
    owner = len(cast.stints) + contacts.queue
    outcome = np.where(contacts.is_answered, 0, np.where(contacts.is_abandoned, 1, 2))
    copy(Contact, {
        "id": whole(keys),
        "source_id": whole(np.full(size, source.pk)),
        "external_id": label("D", contacts.number + 1),
        "conversation_id": label("C", contacts.conversation + 1),
        "channel": named(QUEUE_CHANNEL.tolist(), contacts.queue),
        "queue_id": key(structure.queues, contacts.queue),
        "reason_id": key(structure.reasons, contacts.reason),
        "customer": whole(contacts.customer, ~contacts.has_customer),
        "team_id": key(teams, np.where(contacts.is_answered, contacts.stint, owner)),
        "owner_team_id": key(teams, owner),
        "agent_id": key(structure.agents, contacts.agent),
        "outcome": named([Outcome.ANSWERED, Outcome.ABANDONED, Outcome.WAITING], outcome),
        "offered_at": instant(contacts.offered),
        "answered_at": instant(contacts.answered),
        "ended_at": instant(contacts.ended),
        "due_at": instant(contacts.due),
        "day": date(contacts.day),
        "slot": whole(contacts.slot),
        "answered_day": date(contacts.answered_day),
        "answered_slot": whole(contacts.answered_slot),
        "ended_day": date(contacts.ended_day),
        "due_day": date(contacts.due_day),
        "wait_seconds": whole(contacts.wait),
        "ring_seconds": whole(contacts.ring),
        "talk_seconds": whole(contacts.talk),
        "hold_seconds": whole(contacts.hold),
        "wrap_seconds": whole(contacts.wrap),
        "is_transferred": pa.array(contacts.is_transferred),
        "is_resolved": flag(contacts.coded),
        "is_reopened": pa.array(contacts.is_reopened),
        "sale_amount": amount(contacts.sale),
        "cost": amount(contacts.cost),
        "source_version": named([""], np.zeros(size, dtype=int)),
    })  # fmt: skip
    return keys


def copy_states(states: States, *, source: Source, cast: Cast, structure: Structure) -> None:
    """The agents' states; paid ones with what they cost."""
    agent = np.array([stint.agent for stint in cast.stints])[states.stint]
    hourly = np.array([plan.hourly_cost for plan in cast.agents])[agent]
    seconds = states.ended - states.started
    kinds = list(AgentState.State)
    kind = np.searchsorted(np.array(sorted(kinds)), states.state.astype(str))
    is_paid = np.array([state in PAID for state in sorted(kinds)])[kind]
    copy(AgentState, {
        "source_id": whole(np.full(len(agent), source.pk)),
        "external_id": label("S", np.arange(1, len(agent) + 1)),
        "team_id": key(stint_teams(cast, structure), states.stint),
        "agent_id": key(structure.agents, agent),
        "state": named([str(state) for state in sorted(kinds)], kind),
        "started_at": instant(states.started),
        "ended_at": instant(states.ended),
        "day": date(states.day),
        "seconds": whole(seconds),
        "cost": amount(np.where(is_paid, np.round(seconds / HOUR * hourly, 4), np.nan)),
    })  # fmt: skip


def copy_shifts(roster: Roster, *, source: Source, cast: Cast, structure: Structure) -> None:
    """The shifts as planned, a row for each activity."""
    stint, start, end = (np.array(column) for column in (roster.piece_stint, roster.piece_start, roster.piece_end))
    copy(Shift, {
        "source_id": whole(np.full(len(stint), source.pk)),
        "external_id": label("P", np.arange(1, len(stint) + 1)),
        "team_id": key(stint_teams(cast, structure), stint),
        "agent_id": key(structure.agents, np.array([one.agent for one in cast.stints])[stint]),
        "activity": pa.array(roster.piece_activity),
        "starts_at": instant(start),
        "ends_at": instant(end),
        "day": date(np.array(roster.piece_day)),
        "seconds": whole(end - start),
        "adherent_seconds": whole(np.zeros(len(stint), dtype=int)),
    })  # fmt: skip


def copy_answers(answers: Answers, *, source: Source, contact_keys: np.ndarray) -> None:
    """The survey answers."""
    copy(SurveyAnswer, {
        "source_id": whole(np.full(len(answers.contact), source.pk)),
        "external_id": label("A", np.arange(1, len(answers.contact) + 1)),
        "contact_id": whole(contact_keys[answers.contact]),
        "received_at": instant(answers.received),
        "csat": whole(answers.csat),
        "nps": whole(answers.nps),
        "ces": whole(answers.ces),
        "is_resolved": flag(answers.resolved),
        "comment": pa.array(answers.comment, type=pa.string()),
    })  # fmt: skip


def copy_complaints(complaints: Complaints, *, source: Source, contact_keys: np.ndarray) -> None:
    """The complaints."""
    copy(Complaint, {
        "source_id": whole(np.full(len(complaints.contact), source.pk)),
        "external_id": label("K", np.arange(1, len(complaints.contact) + 1)),
        "contact_id": whole(contact_keys[complaints.contact]),
        "received_at": instant(complaints.received),
        "text": pa.array(complaints.text, type=pa.string()),
    })  # fmt: skip
