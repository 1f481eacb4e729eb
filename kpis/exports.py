"""Readings as rows, and rows as CSV, XLSX or Parquet, piece by piece."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from kpis.kpi import Kpi
from kpis.measure import Reading, Where, measure
from kpis.names import NAMED, Names
from kpis.period import Period
from kpis.shares import check_whole
from people.models import User
from people.outflow import Outflow
from people.spreadsheet import defuse

Row = dict[str, Any]

TEXTS = {"kpi", "name", "unit", "channel", "line_of_business"} | {f"{dimension}_name" for dimension in NAMED}
WHOLES = {"team", "agent", "queue", "reason", "site", "weekday", "slot", "n", "maturing"}
DAYS = {"day", "week", "month", "quarter", "year"}

ROWS_A_SHEET = 1_000_000  # a sheet takes 1,048,576
ROWS_A_GROUP = 50_000
PIECE = 1 << 16


def columns(by: Sequence[str]) -> list[str]:
    """The columns of readings split ``by`` dimensions, in order."""
    split = [name for dimension in by for name in _with_name(dimension)]
    return ["kpi", "name", "unit", *split, "value", "top", "bottom", "n", "low", "high", "maturing", "provisional"]


def _with_name(dimension: str) -> list[str]:
    return [dimension, f"{dimension}_name"] if dimension in NAMED else [dimension]


def rows(kpis: Sequence[Kpi], *, viewer: User, period: Period, by: Sequence[str], where: Where) -> Iterator[Row]:
    """Readings as flat rows, month by month where they are split by day, so that years fit into memory.

    Raises NotMeasurable, as `measure` does, and for a share of a queue of others (kpis/shares.py).
    """
    check_whole(kpis, viewer=viewer, where=where)
    names = Names()
    for part in _parts(period, by):
        readings = measure(kpis, viewer=viewer, period=part, by=by, where=where)
        for dimension in set(by) & NAMED.keys():
            names.learn(dimension, {reading.at[dimension] for reading in readings})
        for reading in readings:
            yield as_row(reading, names)


def as_row(reading: Reading, names: Names) -> Row:
    """One reading by column. What could not be measured is None."""
    low, high = reading.interval or (None, None)
    row: Row = {"kpi": reading.kpi.key, "name": str(reading.kpi.name), "unit": str(reading.kpi.unit)}
    for dimension, value in reading.at.items():
        row[dimension] = value
        if dimension in NAMED:
            row[f"{dimension}_name"] = names.name(dimension, value)
    return row | {
        "value": reading.value,
        "top": _plain(reading.top),
        "bottom": _plain(reading.bottom),
        "n": reading.n,
        "low": low,
        "high": high,
        "maturing": reading.maturing,
        "provisional": reading.provisional,
    }


def _plain(number: Any) -> Any:
    return float(number) if isinstance(number, Decimal) else number


def _parts(period: Period, by: Sequence[str]) -> Iterator[Period]:
    """The period by calendar months where days are kept apart (no group then spans two); else as a whole."""
    if "day" not in by:
        yield period
        return
    start = period.start
    while start <= period.end:
        following = (start.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        yield Period(start, min(period.end, following - dt.timedelta(days=1)))
        start = following


def as_csv(rows: Iterable[Row], by: Sequence[str], *, more: Sequence[str] = ()) -> Iterator[bytes]:
    """CSV in UTF-8 with a heading; text that a spreadsheet would run is defused; what is None stays empty.

    ``more`` names columns that the rows have beside those of a reading.
    """
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, [*columns(by), *more])
    writer.writeheader()
    for row in rows:
        writer.writerow({name: defuse(value) for name, value in row.items()})
        if buffer.tell() > PIECE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def as_xlsx(rows: Iterable[Row], by: Sequence[str]) -> Iterator[bytes]:
    """An XLSX workbook; beyond a million rows it goes on with a further sheet."""
    from xlsxwriter import Workbook

    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}
    with tempfile.TemporaryFile() as file:
        with Workbook(file, options | {"strings_to_urls": False, "strings_to_numbers": False}) as book:
            names = columns(by)
            remaining = iter(rows)
            while True:
                sheet = book.add_worksheet()
                sheet.freeze_panes(1, 0)
                sheet.write_row(0, 0, names)
                number = 0
                for number, row in enumerate(islice(remaining, ROWS_A_SHEET), start=1):
                    sheet.write_row(number, 0, [defuse(row[name]) for name in names])
                if number < ROWS_A_SHEET:
                    break
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def as_parquet(rows: Iterable[Row], by: Sequence[str]) -> Iterator[bytes]:
    """Parquet with typed columns, in groups of rows."""
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema([(name, _arrow_type(name)) for name in columns(by)])
    sink = Outflow()
    remaining = iter(rows)
    with parquet.ParquetWriter(sink, schema) as writer:
        while group := list(islice(remaining, ROWS_A_GROUP)):
            writer.write_table(pa.Table.from_pylist(group, schema=schema))
            yield sink.taken()
    yield sink.taken()


def _arrow_type(name: str) -> Any:
    import pyarrow as pa

    if name in TEXTS:
        return pa.string()
    if name in WHOLES:
        return pa.int64()
    return pa.date32() if name in DAYS else pa.float64()


WRITERS: dict[str, Callable[[Iterable[Row], Sequence[str]], Iterator[bytes]]] = {
    "csv": as_csv,
    "xlsx": as_xlsx,
    "parquet": as_parquet,
}
