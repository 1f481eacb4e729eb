"""How one file is read into one fact: its columns against the mapping, as stages of SQL.

texts     the text of each column of the fact
prepared  what is worth computing once
values    text as value, NULL where it cannot be read
…         what the fact derives
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from interactions.definitions import COLUMNS, Column, Kind
from interactions.importing import expressions
from interactions.importing.fact_sql import FactSql
from interactions.importing.facts import FACTS
from interactions.mapping import Field, Mapping
from interactions.readers.base import CannotImport

FIRST_INSTANT = "1970-01-01"
LAST_INSTANT = "2200-01-01"

# Codes of rows that are neither good (0) nor broken (a bit for each rule): see `Plan.code`.
BLANK = -1
SUPERSEDED = -2
SET_ASIDE = -9
REFUSED = 1 << 60


@dataclass(frozen=True)
class Plan:
    """Which columns of the file make which columns of the fact. Made by `plan_for`."""

    fact: str
    mapping: Mapping
    file_columns: tuple[str, ...]
    fields: dict[str, Field]
    was_defused: bool
    has_blanks: bool = True

    @property
    def sql(self) -> FactSql:
        return FACTS[self.fact]

    @property
    def columns(self) -> list[Column]:
        """The columns of the fact that this file fills."""
        return [column for column in COLUMNS[self.fact] if column.name in self.fields]

    def bit(self, column: Column) -> int:
        """The bit of a column among the problems of a row."""
        return 1 << self.columns.index(column)

    def rule_bit(self, position: int) -> int:
        """The bit of the fact's rule at ``position``."""
        return 1 << (len(self.columns) + position)

    @property
    def named_columns(self) -> set[str]:
        """The columns of the file that mean something to us."""
        return {name for field in self.fields.values() for name in field.columns} | {
            rule.column for rule in self.mapping.set_aside
        }

    @property
    def customer_columns(self) -> dict[str, Field]:
        """The columns of the file that name the customer, with what they mean."""
        customers = [self.fields[column.name] for column in self.columns if column.kind is Kind.CUSTOMER]
        return {name: field for field in customers for name in field.columns}

    @property
    def duplicate_bit(self) -> int:
        return 1 << (len(self.columns) + len(self.sql.rules))

    def cell(self, name: str) -> str:
        """The trimmed cell of a column of the file."""
        position = self.file_columns.index(name)
        return expressions.cell(position, has_blanks=self.has_blanks, was_defused=self.was_defused)

    def cells_of(self, column: Column) -> list[str]:
        return [self.cell(name) for name in self.fields[column.name].columns]

    def stages(self, where: str = "") -> str:
        """A query over the staged rows with every text, value and derived name.

        ``raw_at`` names the staged row (several rows may come from one line). With a condition on the rows the
        query also has their cells as they came.
        """
        row = "ctid AS raw_at, *" if where else "ctid AS raw_at, line"
        where = where and f"WHERE {where}"
        query = f"SELECT {row}, {self._code()} AS code, {', '.join(self._texts())} FROM import_raw {where} OFFSET 0"
        for stage in [dict(self._prepared()), dict(self._values()), *self.sql.stages]:
            if stage:
                named = ", ".join(f"{expression} AS {name}" for name, expression in stage.items())
                query = f"SELECT *, {named} FROM ({query}) AS s OFFSET 0"
        return query

    def problem(self) -> str:
        """0 for a good row, a negative code for one that is left out, else the bits of what is broken."""
        bits = [f"CASE WHEN {self.is_bad(column)} THEN {self.bit(column)} ELSE 0 END" for column in self.columns]
        for position, rule in enumerate(self.sql.rules):
            bits.append(f"CASE WHEN {rule.broken} THEN {self.rule_bit(position)} ELSE 0 END")
        return f"CASE WHEN code <> 0 THEN code ELSE {' + '.join(f'({bit})::bigint' for bit in bits)} END"

    def is_bad(self, column: Column) -> str:
        """The condition under which a column of a row cannot be taken."""
        t, v = f"t_{column.name}", f"v_{column.name}"
        tests = [f"{t} IS NULL"] if column.is_required else []
        if column.kind in (Kind.TEXT, Kind.AGENT, Kind.QUEUE, Kind.REASON, Kind.CONTACT, Kind.CUSTOMER):
            # Bytes are counted at once, characters one by one: they are only where there may be too many.
            tests.append(f"octet_length({t}) > {column.most} AND length({t}) > {column.most}")
            return " OR ".join(tests)
        tests.append(f"{t} IS NOT NULL AND {v} IS NULL")
        tests += [f"{v} {sign} {limit}" for sign, limit in self.limits(column)]
        return " OR ".join(tests)

    def limits(self, column: Column) -> Iterator[tuple[str, str]]:
        """The comparisons that a value must not meet, as (sign, limit)."""
        if column.kind is Kind.INSTANT:
            latest = (timezone.now() + dt.timedelta(days=1)).isoformat() if column.has_happened else LAST_INSTANT
            yield "<", f"'{FIRST_INSTANT}'"
            yield ">", f"'{latest}'"
        if column.least is not None:
            yield "<", f"({column.least})"
        if column.most is not None and column.kind is not Kind.INSTANT:
            yield ">", f"({column.most})"

    def _code(self) -> str:
        cells = ", ".join(f"c{position}" for position in range(len(self.file_columns)))
        cases = [
            f"WHEN refusal IS NOT NULL THEN CASE WHEN is_set_aside THEN {SET_ASIDE} ELSE {REFUSED} END",
            f"WHEN COALESCE({cells}) IS NULL THEN {BLANK}",
        ]
        for position, rule in enumerate(self.mapping.set_aside):
            values = expressions.literals(rule.values)
            cases.append(f"WHEN {self.cell(rule.column)} IN ({values}) THEN {SET_ASIDE - 1 - position}")
        return f"(CASE {' '.join(cases)} ELSE 0 END)::bigint"

    def _texts(self) -> Iterator[str]:
        for column in COLUMNS[self.fact]:
            field = self.fields.get(column.name)
            source = expressions.text(field, self.cells_of(column)) if field else "NULL"
            yield f"({source})::text AS t_{column.name}"

    def _prepared(self) -> Iterator[tuple[str, str]]:
        for column in self.columns:
            source = expressions.prepared(column, self.fields[column.name], f"t_{column.name}")
            if source:
                yield f"p_{column.name}", source

    def _values(self) -> Iterator[tuple[str, str]]:
        for column in COLUMNS[self.fact]:
            if column.kind is Kind.TEXT or column.kind.is_lookup:
                continue
            field, name = self.fields.get(column.name), column.name
            if field is None:
                yield f"v_{name}", f"NULL::{expressions.sql_type(column.kind)}"
            else:
                yield (
                    f"v_{name}",
                    expressions.value(column, field, f"t_{name}", f"p_{name}", decimal=self.mapping.decimal),
                )


def plan_for(fact: str, mapping: Mapping, file_columns: Sequence[str], *, was_defused: bool = False) -> Plan:
    """The plan for a file with these columns.

    Raises CannotImport naming the columns that the file or the mapping lacks.
    """
    fields = mapping.fields or {
        column.name: Field((column.name,)) for column in COLUMNS[fact] if column.name in file_columns
    }
    missing = [name for name in mapping.named_columns() if name not in file_columns]
    if missing:
        raise CannotImport(
            _("The file lacks columns that the source's mapping names: %(missing)s. It has: %(found)s.")
            % {"missing": ", ".join(missing), "found": ", ".join(file_columns)}
        )
    unfilled = [column.name for column in COLUMNS[fact] if column.is_required and column.name not in fields]
    if unfilled:
        raise CannotImport(
            _("Nothing says where these columns come from: %(missing)s. The file has: %(found)s. Map them.")
            % {"missing": ", ".join(unfilled), "found": ", ".join(file_columns)}
        )
    return Plan(fact, mapping, tuple(file_columns), fields, was_defused)
