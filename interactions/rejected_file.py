"""The file of rows that were not taken: the columns as they came, and the reason.

Mended and sent again it is taken like any other: the added columns are named by no mapping.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from interactions.models import Import, RejectedRow
from people.spreadsheet import defuse, restore

ROWS_AT_ONCE = 2000

ADDED = ("rejected_line", "rejected_column", "rejected_reason")


def is_rejected_file(columns: Sequence[str]) -> bool:
    """Whether a file with these columns was made here, so that formulas in its cells are defused."""
    return set(ADDED) <= set(columns)


def original_columns(columns: Sequence[str]) -> list[str]:
    """The columns of a file under the names that they first came with."""
    return [restore(name) for name in columns] if is_rejected_file(columns) else list(columns)


def rejected_rows_as_csv(job: Import, *, kind: str = "") -> Iterator[bytes]:
    """The rejected rows of an import (of one kind, or all) as CSV, in pieces; formulas are defused."""
    rows = job.rejected_rows.filter(kind=kind) if kind else job.rejected_rows.all()
    positions = [place for place, name in enumerate(job.columns) if name not in ADDED]
    yield codecs.BOM_UTF8 + _csv([[*(job.columns[place] for place in positions), *ADDED]])
    ordered = rows.order_by("line").iterator(chunk_size=ROWS_AT_ONCE)
    while batch := list(islice(ordered, ROWS_AT_ONCE)):
        yield _csv([*_cells(row, job, positions), row.line, row.column, row.reason] for row in batch)


def _csv(rows: Iterable[list[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(map(defuse, row) for row in rows)
    return text.getvalue().encode()


def _cells(row: RejectedRow, job: Import, positions: list[int]) -> list[str]:
    """The cells of a row; of one that could not be split its name, in the first."""
    if len(row.row) == len(job.columns):
        return [row.row[place] for place in positions]
    return [*row.row, *[""] * (len(positions) - len(row.row))]
