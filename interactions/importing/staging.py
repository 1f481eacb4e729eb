"""A file's rows as text in a temporary table, each with its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from django.db.backends.utils import CursorWrapper

from interactions.readers.base import Chunk, Row, Table

COPY_BYTES = 1_000_000


def stage(table: Table, cursor: CursorWrapper, *, on_progress: Callable[[float], None]) -> bool:
    """Copy a file into ``import_raw``, in bounded memory; returns whether cells may have blanks around them.

    Raises CannotImport.
    """
    names = [f"c{position}" for position in range(len(table.columns))]
    cursor.execute("CREATE TEMP SEQUENCE import_line")
    cursor.execute(
        "CREATE TEMP TABLE import_raw (line bigint DEFAULT nextval('import_line'), refusal text, "
        f"is_set_aside boolean, name text, {', '.join(f'{name} text' for name in names)}) ON COMMIT DROP"
    )
    has_blanks = False
    for piece in table.pieces():
        if isinstance(piece, Chunk):
            has_blanks = has_blanks or piece.has_blanks
            _copy_chunk(piece, names, cursor)
        else:
            _copy_rows(piece.rows, names, cursor)
        on_progress(table.share)
    cursor.execute("DROP SEQUENCE import_line CASCADE")
    return has_blanks


def _copy_chunk(chunk: Chunk, names: list[str], cursor: CursorWrapper) -> None:
    """The text as it stands; PostgreSQL splits it and counts the lines."""
    cursor.execute("SELECT setval('import_line', %s, false)", [chunk.first_line])
    delimiter = "E'\\t'" if chunk.delimiter == "\t" else f"'{chunk.delimiter}'"
    cursor.copy_expert(
        f"COPY import_raw ({', '.join(names)}) FROM STDIN (FORMAT csv, DELIMITER {delimiter})",
        io.BytesIO(chunk.text.encode()),
        size=COPY_BYTES,
    )


def _copy_rows(rows: list[Row], names: list[str], cursor: CursorWrapper) -> None:
    """Rows that went through Python."""
    text = io.StringIO()
    writer = csv.writer(text)
    nothing = [None] * len(names)
    for row in rows:
        if row.refusal:
            writer.writerow([row.line, row.refusal, row.is_set_aside, row.name, *nothing])
        else:
            writer.writerow([row.line, None, None, None, *row.values])
    cursor.copy_expert(
        f"COPY import_raw (line, refusal, is_set_aside, name, {', '.join(names)}) FROM STDIN (FORMAT csv)",
        io.BytesIO(text.getvalue().replace("\0", "").encode(errors="replace")),
        size=COPY_BYTES,
    )
