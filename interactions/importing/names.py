"""Whom a file means: the names that stand in it, each with the one row that bears it.

A name is looked for place by place; the first place where something bears it decides, and there it must be one
thing alone. What is ambiguous is not known.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper

from interactions.definitions import Kind
from interactions.importing import expressions
from interactions.importing.plan import Plan


@dataclass(frozen=True)
class Names:
    """Where names of one kind are found: the table, its columns in the order of the search, and what is kept."""

    table: str
    columns: tuple[str, ...]
    kept: str = "id"

    def places(self) -> list[tuple[str, bool]]:
        """The columns in their order, each first as it is written and then whatever the case of its letters."""
        return [(column, is_exact) for column in self.columns for is_exact in (True, False)]


NAMES = {
    Kind.AGENT: Names("people_agent", ("platform_login", "employee_number", "name"), "id, hourly_cost"),
    Kind.QUEUE: Names("people_queue", ("code", "name"), "id, channel"),
    Kind.REASON: Names("people_reason", ("code", "name")),
}


def names_table(kind: Kind) -> str:
    """The table that `list_names` fills."""
    return f"import_{kind}s"


def list_names(kind: Kind, plan: Plan, cursor: CursorWrapper) -> None:
    """``import_agents``, ``import_queues`` or ``import_reasons``: the names in the file that are known."""
    known = NAMES[kind]
    table = names_table(kind)
    cursor.execute(f"DROP TABLE IF EXISTS {table}")
    cursor.execute(
        f"""CREATE TEMP TABLE {table} ON COMMIT DROP AS
            WITH given AS MATERIALIZED ({_given(kind, plan)}),
            found AS ({" UNION ALL ".join(_found(known, place) for place in range(len(known.places())))}),
            best AS (SELECT name, id, place, min(place) OVER (PARTITION BY name) AS first_place FROM found),
            meant AS (SELECT name, min(id) AS id FROM best WHERE place = first_place
                       GROUP BY name HAVING count(DISTINCT id) = 1)
            SELECT meant.name, {", ".join(f"k.{column}" for column in known.kept.split(", "))}
              FROM meant JOIN {known.table} k USING (id)"""
    )


def _given(kind: Kind, plan: Plan) -> str:
    """The different names in the staged file."""
    column = next((column for column in plan.columns if column.kind is kind), None)
    if column is None:
        return "SELECT NULL::text AS name WHERE false"
    text = expressions.text(plan.fields[column.name], plan.cells_of(column))
    return f"SELECT DISTINCT ({text})::text AS name FROM import_raw"


def _found(known: Names, place: int) -> str:
    """The things that bear a given name in one place."""
    column, is_exact = known.places()[place]
    same = f"k.{column} = g.name" if is_exact else f"lower(btrim(k.{column})) = lower(g.name)"
    return f"SELECT g.name, k.id, {place} AS place FROM given g JOIN {known.table} k ON {same}"
