"""Takes a file of teams or agents in: every good row, and a note on each bad one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from django.db import connection, transaction
from django.utils.translation import gettext as _

from interactions.roster import agents, teams
from interactions.roster.cells import Cells
from interactions.roster.table import Row, Table, UnreadableFile, read_table
from people.models import RosterImport, User

LOCK = 7_310  # advisory lock: one file of people goes in at a time


class Writer(Protocol):
    """Writes the rows of one kind of file."""

    def knows(self, cells: Cells) -> bool:
        """Whether what the row names is there already."""

    def write(self, cells: Cells) -> bool:
        """Write a row; whether it changed anything. Notes problems in ``cells``."""

    def forget(self, cells: Cells) -> None:
        """What was written of a row has been undone."""


@transaction.atomic
def import_roster(*, file_name: str, content: bytes, by: User | None, most_rows: int | None = None) -> RosterImport:
    """Take in a CSV file of agents or of teams (up to ``most_rows``); which, its columns tell.

    Good rows go in, bad ones are kept with their reasons. The same file twice changes nothing. Raises
    UnreadableFile, with nothing taken in, where the file as a whole cannot be read.
    """
    table = read_table(content)
    if most_rows is not None and len(table.rows) > most_rows:
        raise UnreadableFile(
            _(
                "The file has %(count)d rows; here up to %(most)d go in at once. Send it in parts, or have it taken in "
                "by the command import_people."
            )
            % {"count": len(table.rows), "most": most_rows}
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    is_agents = agents.KEY in table.columns
    _check_columns(table.columns, agents.COLUMNS if is_agents else teams.COLUMNS)
    writer: Writer = agents.AgentWriter(by) if is_agents else teams.TeamWriter(by)
    counts: Counter[str] = Counter()
    rejected = []
    for row in table.rows if is_agents else _parents_first(table.rows):
        cells = Cells(row.values)
        counts[_write(writer, row, cells, table)] += 1
        if cells.problems:
            rejected.append({"line": row.line, "cells": row.cells, "problems": [vars(p) for p in cells.problems]})
    return RosterImport.objects.create(
        file_name=file_name[-255:],
        columns=table.columns,
        rows_new=counts["new"],
        rows_changed=counts["changed"],
        rows_unchanged=counts["unchanged"],
        rejected=sorted(rejected, key=lambda row: row["line"]),
        created_by=by,
    )


def _check_columns(columns: list[str], known: Iterable[str]) -> None:
    if agents.KEY not in columns and teams.KEY not in columns:
        raise UnreadableFile(
            _("The first line names neither a column “employee_number” (agents) nor a column “code” (teams).")
        )
    if unknown := [name for name in columns if name not in known]:
        raise UnreadableFile(
            _("The column “%(name)s” is not known. Known are: %(known)s.")
            % {"name": unknown[0], "known": ", ".join(known)}
        )


def _write(writer: Writer, row: Row, cells: Cells, table: Table) -> str:
    """Write one row whole or not at all, and say what became of it."""
    if len(row.cells) > len(table.columns):
        cells.reject("", _("The row has more cells than the file has columns."))
        return "rejected"
    is_known = writer.knows(cells)
    with transaction.atomic():
        changed = writer.write(cells)
        if cells.problems:
            transaction.set_rollback(True)
    if cells.problems:
        writer.forget(cells)
        return "rejected"
    if not changed:
        return "unchanged"
    return "changed" if is_known else "new"


def _parents_first(rows: list[Row]) -> list[Row]:
    """Rows of teams, each after the row of its parent where the file has it; rows that repeat a code come last."""
    waiting: dict[str, Row] = {}
    for row in rows:
        waiting.setdefault(row.values[teams.KEY].lower(), row)
    repeated = [row for row in rows if waiting[row.values[teams.KEY].lower()] is not row]
    in_order = []
    while waiting:
        codes = waiting.keys() - {""}
        ready = [code for code, row in waiting.items() if row.values.get("parent", "").lower() not in codes]
        in_order += [waiting.pop(code) for code in ready or list(waiting)]
    return in_order + repeated
