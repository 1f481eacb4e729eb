"""Contacts as files: the database writes them with COPY, a day at a time, so memory stays bounded."""

from __future__ import annotations

import datetime as dt
import io
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Case, CharField, DecimalField, F, Field, QuerySet, Value, When
from django.db.models.functions import Cast, Concat, Left
from django.db.models.lookups import In

from people.models import User
from people.outflow import Outflow
from people.spreadsheet import STARTS_A_FORMULA

PIECE = 1 << 16  # bytes of a workbook sent at once

# Kinds of column. Text is whatever people or platforms wrote; a word is one of ours (a slug, a choice).
TEXT, WORD, WHOLE, REAL, MOMENT, DATE, TRUTH = "text", "word", "whole", "real", "moment", "date", "truth"

# Column of the file → path from the contact, kind.
COLUMNS: dict[str, tuple[str, str]] = {
    "id": ("pk", WHOLE),
    "source": ("source__name", WORD),
    "external_id": ("external_id", TEXT),
    "conversation_id": ("conversation_id", TEXT),
    "channel": ("channel", WORD),
    "queue": ("queue__code", TEXT),
    "reason": ("reason__code", TEXT),
    "team": ("team__code", WORD),
    "agent": ("agent__employee_number", TEXT),
    "agent_name": ("agent__name", TEXT),
    "customer": ("customer", WHOLE),
    "outcome": ("outcome", WORD),
    "offered_at": ("offered_at", MOMENT),
    "answered_at": ("answered_at", MOMENT),
    "ended_at": ("ended_at", MOMENT),
    "due_at": ("due_at", MOMENT),
    "day": ("day", DATE),
    "slot": ("slot", WHOLE),
    "answered_day": ("answered_day", DATE),
    "answered_slot": ("answered_slot", WHOLE),
    "ended_day": ("ended_day", DATE),
    "due_day": ("due_day", DATE),
    "wait_seconds": ("wait_seconds", REAL),
    "ring_seconds": ("ring_seconds", REAL),
    "talk_seconds": ("talk_seconds", REAL),
    "hold_seconds": ("hold_seconds", REAL),
    "wrap_seconds": ("wrap_seconds", REAL),
    "is_transferred": ("is_transferred", TRUTH),
    "is_resolved": ("is_resolved", TRUTH),
    "is_reopened": ("is_reopened", TRUTH),
    "sale_amount": ("sale_amount", REAL),
    "cost": ("cost", REAL),
}

# What some people do not read; the columns stay, without values.
HIDEABLE: dict[str, type[Field]] = {"customer": BigIntegerField, "cost": DecimalField}


def contacts_as_csv(contacts: QuerySet, *, hidden: Collection[str]) -> Iterator[bytes]:
    """The contacts as CSV in UTF-8: a heading, then each day's. Text that a spreadsheet would run is defused."""
    yield ",".join(COLUMNS).encode() + b"\n"
    columns = _columns(hidden=hidden, is_for_spreadsheets=True)
    for day in _days(contacts):
        yield _copy(contacts.filter(day=day), columns)


def contacts_as_parquet(contacts: QuerySet, *, hidden: Collection[str]) -> Iterator[bytes]:
    """The contacts as Parquet, one row group per day."""
    import pyarrow as pa
    from pyarrow import csv, parquet

    types = {
        TEXT: pa.string(),
        WORD: pa.string(),
        WHOLE: pa.int64(),
        REAL: pa.float64(),
        MOMENT: pa.timestamp("us", tz="UTC"),
        DATE: pa.date32(),
        TRUTH: pa.bool_(),
    }
    schema = pa.schema([(name, types[kind]) for name, (_path, kind) in COLUMNS.items()])
    columns = _columns(hidden=hidden, is_for_spreadsheets=False)
    reading = csv.ReadOptions(column_names=list(COLUMNS))
    # COPY quotes an empty text and leaves a missing value bare.
    converting = csv.ConvertOptions(column_types=schema, strings_can_be_null=True, quoted_strings_can_be_null=False)
    parsing = csv.ParseOptions(newlines_in_values=True)
    sink = Outflow()
    with parquet.ParquetWriter(sink, schema) as writer:
        for day in _days(contacts):
            rows = io.BytesIO(_copy(contacts.filter(day=day), columns))
            writer.write_table(csv.read_csv(rows, reading, parsing, converting))
            yield sink.taken()
    yield sink.taken()


def contacts_as_xlsx(contacts: QuerySet, *, hidden: Collection[str]) -> Iterator[bytes]:
    """The contacts as an XLSX workbook of one sheet, for at most as many as a sheet holds. Times are UTC.

    The customer is text: a spreadsheet's numbers have 15 digits.
    """
    from xlsxwriter import Workbook

    columns = _columns(hidden=hidden, is_for_spreadsheets=True)
    kinds = [TEXT if name == "customer" else kind for name, (_path, kind) in COLUMNS.items()]
    with tempfile.TemporaryFile() as file:
        with Workbook(file, {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, COLUMNS)
            looks = {kind: book.add_format({"num_format": look}) for kind, look in LOOKS.items()}
            for place, name in enumerate(COLUMNS):
                sheet.set_column(place, place, len(name) + 2)
            rows = contacts.order_by("day", "offered_at", "pk").values_list(*columns.values())
            for number, row in enumerate(rows.iterator(), start=1):
                _write_row(sheet, number, zip(kinds, row, strict=True), looks)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _write_row(sheet: Any, number: int, cells: Iterable[tuple[str, Any]], looks: dict[str, Any]) -> None:
    """One row of cells, each of a kind; what is missing stays empty."""
    for place, (kind, value) in enumerate(cells):
        if value is None:
            continue
        if kind in IN_NUMBERS:
            sheet.write_number(number, place, IN_NUMBERS[kind](value), looks.get(kind))
        else:
            sheet.write_string(number, place, str(value))


# A spreadsheet counts days from here, and shows as a date what looks so.
FIRST_INSTANT = dt.datetime(1899, 12, 30, tzinfo=dt.UTC)
FIRST_DAY, A_DAY = FIRST_INSTANT.date(), dt.timedelta(days=1)
LOOKS = {MOMENT: "yyyy-mm-dd hh:mm:ss", DATE: "yyyy-mm-dd"}
IN_NUMBERS: dict[str, Callable[[Any], float]] = {
    WHOLE: int,
    REAL: float,
    MOMENT: lambda instant: (instant - FIRST_INSTANT) / A_DAY,
    DATE: lambda day: (day - FIRST_DAY).days,
}


def _days(contacts: QuerySet) -> list[dt.date]:
    return list(contacts.order_by("day").values_list("day", flat=True).distinct())


def _copy(contacts: QuerySet, columns: dict[str, Any]) -> bytes:
    """One day's rows, written by the database."""
    rows = contacts.order_by("offered_at", "pk").values_list(*columns.values())
    sql, parameters = rows.query.sql_with_params()
    buffer = io.BytesIO()
    with connection.cursor() as cursor:
        query = cursor.mogrify(sql, parameters).decode()
        cursor.copy_expert(f"COPY ({query}) TO STDOUT WITH (FORMAT csv)", buffer)
    return buffer.getvalue()


def _columns(*, hidden: Collection[str], is_for_spreadsheets: bool) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name, (path, kind) in COLUMNS.items():
        columns[name] = F(path)
        if kind == TRUTH:
            columns[name] = Cast(path, CharField())
        elif kind == TEXT and is_for_spreadsheets:
            columns[name] = defused(path)
    kept_back = {name: Value(None, HIDEABLE[name]()) for name in hidden}
    return columns | kept_back


def hidden_from(viewer: User) -> list[str]:
    """The columns whose values this person does not read: whose customer it was, and what work costs."""
    kept_back = {"customer": not viewer.sees_everything, "cost": not viewer.sees_costs}
    return [name for name in HIDEABLE if kept_back[name]]


def defused(path: str) -> Case:
    """Text in SQL as `people.spreadsheet.defuse` gives it."""
    first = Left(path, 1)
    marked = Concat(Value("'"), path, output_field=CharField())
    return Case(When(In(first, STARTS_A_FORMULA), then=marked), default=F(path), output_field=CharField())
