"""The first rows of a file, as a reader finds them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from interactions.mapping import Mapping, parse_mapping
from interactions.models import Import
from interactions.readers import CannotImport, open_table
from interactions.readers.base import Chunk, Table
from interactions.rejected_file import original_columns

ROWS = 8


@dataclass
class Preview:
    """The columns and first rows of a file, or why there are none."""

    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    problem: str = ""


def preview(delivery: Import, *, encoding: str | None = None, delimiter: str | None = None) -> Preview:
    """What an import's file begins with; read in this way where that is given (empty: found by itself)."""
    try:
        mapping = parse_mapping(delivery.source.fact, delivery.source.mapping)
    except ValidationError:
        mapping = Mapping()
    if encoding is not None and delimiter is not None:
        mapping = replace(mapping, encoding=encoding or None, delimiter=delimiter or None)
    try:
        with closing(open_table(Path(delivery.file.path), delivery.source, mapping)) as table:
            return Preview(original_columns(table.columns), list(islice(_rows(table), ROWS)))
    except CannotImport as error:
        return Preview(problem=str(error))
    except FileNotFoundError:
        return Preview(problem=_("The file is no longer there. Send it again."))


def _rows(table: Table) -> Iterator[list[str]]:
    for piece in table.pieces():
        if isinstance(piece, Chunk):
            yield from csv.reader(piece.text.splitlines(), delimiter=piece.delimiter)
        else:
            yield from ([value or "" for value in row.values] or row.fields for row in piece.rows)
