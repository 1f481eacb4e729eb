"""The staged rows, checked: what is broken, repeated or unknown."""

from __future__ import annotations

from typing import Any

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from interactions.definitions import COLUMNS, Kind
from interactions.importing.names import list_names, names_table
from interactions.importing.plan import SUPERSEDED, Plan
from interactions.models import Source
from people.models import Agent, Reason, User
from people.services import create_queue

# Kinds of names that a source may create: which policy decides.
POLICIES = {Kind.AGENT: "unknown_agents", Kind.QUEUE: "unknown_queues", Kind.REASON: "unknown_queues"}
Created = dict[str, list[str]]


def check(plan: Plan, cursor: CursorWrapper) -> None:
    """Fill ``import_checked``: where a row was staged, its line, its problem (0 for none) and its values."""
    for kind in POLICIES:
        list_names(kind, plan, cursor)
    values = ", ".join(f"{expression} AS {name}" for name, expression in plan.sql.checked.items())
    cursor.execute(
        f"CREATE TEMP TABLE import_checked ON COMMIT DROP AS "
        f"SELECT raw_at, line, {plan.problem()} AS problem, {values} FROM ({plan.stages()}) AS s"
    )


def settle_repeats(plan: Plan, cursor: CursorWrapper) -> None:
    """Let one row speak for each external id.

    Where rows carry a version the greatest wins, then the last. Else rows that are the same count once, and one
    that differs from the first is broken; ``import_repeats`` keeps the line of that first one.
    """
    cursor.execute(
        "CREATE TEMP TABLE import_repeats ON COMMIT DROP AS "
        "SELECT external_id, min(raw_at) AS first_at, min(line) AS first_line "
        "FROM import_checked WHERE problem = 0 GROUP BY external_id HAVING count(*) > 1"
    )
    cursor.execute("SELECT EXISTS (SELECT FROM import_repeats)")
    if not cursor.fetchone()[0]:
        return
    if "source_version" in plan.fields:
        cursor.execute(
            f"""UPDATE import_checked k SET problem = {SUPERSEDED} FROM (
                    SELECT raw_at, row_number() OVER (
                        PARTITION BY external_id ORDER BY source_version COLLATE "C" DESC, raw_at DESC) AS place
                      FROM import_checked JOIN import_repeats USING (external_id) WHERE problem = 0) AS ranked
                 WHERE ranked.raw_at = k.raw_at AND ranked.place > 1"""
        )
        return
    names = [name for name in plan.sql.checked if name != "external_id"]
    row = "({})".format(", ".join(f"{{of}}.{name}" for name in names))
    cursor.execute(
        f"""UPDATE import_checked k
               SET problem = CASE WHEN {row.format(of="k")} IS NOT DISTINCT FROM {row.format(of="f")}
                                  THEN {SUPERSEDED} ELSE {plan.duplicate_bit} END
              FROM import_repeats r JOIN import_checked f ON f.raw_at = r.first_at
             WHERE k.external_id = r.external_id AND k.problem = 0 AND k.raw_at > r.first_at"""
    )


def look_up(plan: Plan, source: Source, cursor: CursorWrapper, *, by: User | None) -> Created:
    """Create the names that are not known, or mark their rows as broken, as the source says; gives what it created."""
    created: Created = {}
    for column in plan.columns:
        if column.kind is Kind.CONTACT:
            _refuse(
                plan.bit(column),
                "NOT EXISTS (SELECT FROM interactions_contact c WHERE c.external_id = k.contact "
                "AND c.source_id = current_setting('import.contacts_source')::bigint)",
                cursor,
            )
        elif column.kind in POLICIES:
            name, table = column.name, names_table(column.kind)
            is_unknown = f"k.{name} IS NOT NULL AND NOT EXISTS (SELECT FROM {table} n WHERE n.name = k.{name})"
            if getattr(source, POLICIES[column.kind]) == Source.Unknown.CREATE:
                created[column.kind.value] = _create(column.kind, is_unknown, plan, source, cursor, by)
            _refuse(plan.bit(column), is_unknown, cursor)
    return {kind: names for kind, names in created.items() if names}


def _refuse(bit: int, condition: str, cursor: CursorWrapper) -> None:
    cursor.execute(f"UPDATE import_checked k SET problem = problem | {bit} WHERE problem >= 0 AND {condition}")


def _create(
    kind: Kind, is_unknown: str, plan: Plan, source: Source, cursor: CursorWrapper, by: User | None
) -> list[str]:
    """Create each unknown name of a good row, once however its letters are written. Only one import at a time does."""
    given = "NULL" if kind is Kind.REASON else f"max(k.{kind}_name)"
    query = (
        f"SELECT min(k.{kind}), {given} FROM import_checked k WHERE problem = 0 AND {is_unknown} "
        f"GROUP BY lower(k.{kind}) ORDER BY 1"
    )
    cursor.execute(query)
    if not cursor.fetchone():
        return []
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext('imports create names'))")
    list_names(kind, plan, cursor)
    cursor.execute(query)
    names = {code: name or code for code, name in cursor.fetchall()}
    if kind is Kind.AGENT:
        agents = [Agent(employee_number=code, name=name[:120]) for code, name in names.items()]
        bulk_create_with_history(agents, Agent, batch_size=1000, default_user=by)
    elif kind is Kind.REASON:
        Reason.objects.bulk_create(Reason(code=code, name=code) for code in names)
    else:
        for code, name in names.items():
            create_queue(code=code, name=name[:120], site=source.site, by=by, **_channel_of(code, cursor))
    list_names(kind, plan, cursor)
    return list(names.values())


def _channel_of(queue: str, cursor: CursorWrapper) -> dict[str, Any]:
    """The channel that most of a new queue's rows name."""
    cursor.execute(
        "SELECT channel FROM import_checked WHERE lower(queue) = lower(%s) AND problem = 0 AND channel IS NOT NULL "
        "GROUP BY channel ORDER BY count(*) DESC LIMIT 1",
        [queue],
    )
    found = cursor.fetchone()
    return {"channel": found[0]} if found else {}


def unknown_sentence(plan: Plan, kind: Kind) -> str:
    """Why a row whose name is not known was rejected."""
    if kind is Kind.CONTACT:
        return _("The contact “{value}” is not known. Send its contact first, then this row again.")
    labels = {column.kind: column.label for column in COLUMNS[plan.fact]}
    return _(
        "The %(what)s “{value}” is not known, or several have this name, and the source says to reject such rows."
    ) % {"what": labels[kind]}
