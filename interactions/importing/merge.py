"""Checked rows into the facts: inserted, or changed where they say something new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.backends.utils import CursorWrapper

from interactions.importing.fact_sql import FactSql
from interactions.importing.plan import Plan
from interactions.models import Source

# How many pages (8 kB) of checked rows one statement takes; between statements the progress is told.
PAGES_AT_ONCE = 4000
KEY = ("source_id", "external_id")


@dataclass
class Merged:
    """What became of the rows, and the moments whose days changed."""

    new: int = 0
    changed: int = 0
    moments: Counter[tuple[Any, ...]] = field(default_factory=Counter)


def merge(
    plan: Plan, source: Source, cursor: CursorWrapper, *, kept: frozenset[str], on_progress: Callable[[float], None]
) -> Merged:
    """Write the good rows. Of a record that does not know the columns in ``kept``, the old values stay."""
    merged = Merged()
    statement = _statement(plan.sql, source, kept)
    for pages, share in _slices(cursor):
        cursor.execute(statement.replace("{pages}", pages))
        while batch := cursor.fetchmany(1000):
            for is_new, count, *moments in batch:
                if is_new:
                    merged.new += count
                else:
                    merged.changed += count
                merged.moments[tuple(moments)] += count
        on_progress(share)
    return merged


def _slices(cursor: CursorWrapper) -> Iterator[tuple[str, float]]:
    """Conditions that walk once through the checked rows, and how far each leads."""
    cursor.execute("SELECT pg_relation_size('import_checked') / 8192 + 1")
    pages = cursor.fetchone()[0]
    for start in range(0, pages, PAGES_AT_ONCE):
        end = start + PAGES_AT_ONCE
        yield f"k.ctid >= '({start},0)'::tid AND k.ctid < '({end},0)'::tid", min(end / pages, 1.0)


def _statement(sql: FactSql, source: Source, kept: frozenset[str]) -> str:
    names = ["source_id", *sql.stored, *sql.at_first]
    values = [str(source.pk), *sql.stored.values(), *sql.at_first.values()]
    written = [name for name in sql.stored if name not in KEY]
    new = {name: f"COALESCE(EXCLUDED.{name}, t.{name})" if name in kept else f"EXCLUDED.{name}" for name in written}
    new |= sql.anew
    compared = [name for name in written if name not in sql.silent]
    fresher = ""
    if "source_version" in sql.stored:
        fresher = (
            "AND (EXCLUDED.source_version = '' "
            'OR t.source_version COLLATE "C" <= EXCLUDED.source_version COLLATE "C")'
        )
    # Ordered by line: rows of a day come together in a file and so lie together in the table, where days are read,
    # and the same file gives the same ids whichever plan joins the names.
    groups = ", ".join(str(3 + place) for place in range(len(sql.touched)))
    returned, grouped = _returned(sql)
    return f"""
        WITH merged AS (
            INSERT INTO {sql.table} AS t ({", ".join(names)})
            SELECT {", ".join(values)}
              FROM ({sql.rows} WHERE k.problem = 0 AND {{pages}} OFFSET 0) AS x {sql.joins}
             ORDER BY x.line
            ON CONFLICT ({", ".join(KEY)}) DO UPDATE SET {", ".join(f"{name} = {new[name]}" for name in written)}
             WHERE ({", ".join(f"t.{name}" for name in compared)})
                   IS DISTINCT FROM ({", ".join(new[name] for name in compared)}) {fresher}
            RETURNING old.id IS NULL AS is_new, {returned})
        SELECT is_new, count(*), {grouped} FROM merged {sql.touched_joins} GROUP BY is_new, {groups}"""


def _returned(sql: FactSql) -> tuple[str, str]:
    """What the insert returns, and what is grouped of it."""
    if sql.touched_joins:
        return "old.contact_id AS old_contact, new.contact_id AS new_contact", ", ".join(sql.touched)
    names = [f"d{place}" for place in range(len(sql.touched))]
    return ", ".join(f"{column} AS {name}" for column, name in zip(sql.touched, names, strict=True)), ", ".join(names)
