"""The file of rows that were not taken: the columns as they came, and the reason.

Mended and sent again it is taken like any other: the added columns are named by no mapping.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interactions.models import Import
from people.outflow import Outflow
from people.spreadsheet import defuse

ADDED = ("rejected_line", "rejected_column", "rejected_reason")


def is_rejected_file(columns: Sequence[str]) -> bool:
    """Whether a file with these columns was made here, so that formulas in its cells are defused."""
    return set(ADDED) <= set(columns)


def rejected_rows_as_csv(job: Import, *, kind: str = "") -> Iterator[bytes]:
    """The rejected rows of an import (of one kind, or all) as CSV, in pieces."""
    import csv
    import io

    rows = job.rejected_rows.filter(kind=kind) if kind else job.rejected_rows.all()
    columns = [name for name in job.columns if name not in ADDED]
    positions = [place for place, name in enumerate(job.columns) if name not in ADDED]
    outflow = Outflow()
    text = io.TextIOWrapper(outflow, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([*columns, *ADDED])
    for row in rows.order_by("line").iterator(chunk_size=2000):
        is_whole = len(row.row) == len(job.columns)
        cells = [row.row[place] for place in positions] if is_whole else _fitted(row.row, len(columns))
        writer.writerow([*map(defuse, cells), row.line, row.column, row.reason])
        if piece := outflow.taken():
            yield piece
    yield outflow.taken()


def _fitted(fields: list[str], count: int) -> list[str]:
    """The fields of a row that could not be split: too few are filled up, the last takes what is too many."""
    if len(fields) <= count:
        return fields + [""] * (count - len(fields))
    return [*fields[: count - 1], " ".join(fields[count - 1 :])]
