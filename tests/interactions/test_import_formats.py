"""The same rows as CSV, XLSX, Parquet and JSON become the same contacts."""

from __future__ import annotations

import datetime as dt
import json
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet
import pytest
import xlsxwriter

from interactions.models import Contact
from tests.interactions.deliveries import HEADER, counts, deliver, reasons

pytestmark = pytest.mark.django_db

NAMES = HEADER.split(",")
OFFERED = dt.datetime(2026, 11, 2, 12, 0)
ROWS = [
    ["a", "refunds-line", "E1001", "+49 30 1234567", "answered", OFFERED, 15, 100.5, 20],
    ["b", "refunds-line", None, None, "abandoned", OFFERED, 30, None, None],
]


def as_csv(rows=ROWS) -> bytes:
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in [NAMES, *rows]]
    return "\n".join(lines).encode()


def as_xlsx(rows=ROWS) -> bytes:
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd hh:mm:ss"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, NAMES)
    for line, row in enumerate(rows, start=1):
        sheet.write_row(line, 0, row)
    book.close()
    return file.getvalue()


def as_parquet(rows=ROWS) -> bytes:
    file = BytesIO()
    columns = {name: [row[place] for row in rows] for place, name in enumerate(NAMES)}
    pyarrow.parquet.write_table(pa.table(columns), file)
    return file.getvalue()


def as_json(rows=ROWS) -> bytes:
    return json.dumps([dict(zip(NAMES, row, strict=True)) for row in rows], default=str).encode()


def as_ndjson(rows=ROWS) -> bytes:
    return b"\n".join(json.dumps(dict(zip(NAMES, row, strict=True)), default=str).encode() for row in rows)


@pytest.mark.parametrize("write", [as_xlsx, as_parquet, as_json, as_ndjson])
def test_every_format_says_the_same(source, chen, refunds_line, write):
    assert counts(deliver(source, as_csv())) == {"new": 2}
    before = list(Contact.objects.order_by("pk").values())
    assert counts(deliver(source, write(), "rows")) == {"unchanged": 2}
    assert list(Contact.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("write", [as_csv, as_xlsx, as_parquet, as_ndjson])
def test_a_bad_row_has_the_line_that_its_reader_shows(source, chen, refunds_line, write):
    bad = [*ROWS[1][:4], "lost", *ROWS[1][5:]]
    delivery = deliver(source, write([ROWS[0], ROWS[1], bad]), "rows")
    assert counts(delivery) == {"new": 2, "rejected": 1}
    assert list(reasons(delivery)) == [3 if write is as_ndjson else 4]


def test_a_bad_json_row_costs_itself_alone(source, refunds_line):
    lines = as_ndjson([ROWS[1]]).decode()
    delivery = deliver(source, f'{lines}\n{{"external_id": \n{{"external_id": {{"a": 1}}}}\n7\n')
    assert counts(delivery) == {"new": 1, "rejected": 3}
    assert {line: reason[:20] for line, reason in reasons(delivery).items()} == {
        2: "This is not JSON: Ex", 3: "“external_id” is nes", 4: "This is no JSON obje"}  # fmt: skip


def test_a_spreadsheets_empty_rows_and_whole_numbers_are_read_as_meant(source, refunds_line):
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd hh:mm:ss"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["external_id", "queue", "outcome", "offered_at", "wait_seconds"])
    sheet.write_row(3, 0, [4711, "refunds-line", "abandoned", OFFERED, dt.timedelta(seconds=75)])
    book.close()
    assert counts(deliver(source, file.getvalue(), "calls.xlsx")) == {"new": 1}
    contact = Contact.objects.get()
    assert (contact.external_id, contact.wait_seconds) == ("4711", 75)


def test_a_parquet_column_that_is_no_cell_is_named(source):
    file = BytesIO()
    pyarrow.parquet.write_table(pa.table({"external_id": ["a"], "tags": [["x", "y"]]}), file)
    assert "The column “tags” holds list" in deliver(source, file.getvalue()).message
