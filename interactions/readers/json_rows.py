"""Rows as JSON objects, one a line or in an array: what the REST endpoint takes, and what exports often are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from interactions.readers.base import CannotImport, Piece, Row, Rows
from interactions.readers.delimited import MOST_COLUMNS
from interactions.readers.json_documents import Document, Documents

ROWS_AT_ONCE = 20_000


class JsonRows:
    """A file of JSON rows. It is read twice: first for the names of its columns."""

    def __init__(self, path: Path) -> None:
        self.columns = _names(path)
        self._documents = Documents(path)

    @property
    def share(self) -> float:
        return self._documents.share

    def close(self) -> None:
        self._documents.close()

    def pieces(self) -> Iterator[Piece]:
        """The rows, in order. Raises CannotImport."""
        documents = iter(self._documents)
        while rows := [self._row(document) for document in islice(documents, ROWS_AT_ONCE)]:
            yield Rows(rows)

    def _row(self, document: Document) -> Row:
        if document.broken:
            return Row(document.line, refusal=document.broken, fields=[document.text])
        if not isinstance(document.value, dict):
            return Row(document.line, refusal=_("This is no JSON object."), fields=[document.text])
        if nested := [name for name, value in document.value.items() if isinstance(value, dict | list)]:
            refusal = _("“%(name)s” is nested; a value is a text, a number, true, false or null.") % {"name": nested[0]}
            return Row(document.line, refusal=refusal)
        return Row(document.line, [as_text(document.value.get(name)) for name in self.columns])


def as_text(value: Any) -> str | None:
    """A JSON value as the text of a cell."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip() or None


def _names(path: Path) -> list[str]:
    names: dict[str, None] = {}
    documents = Documents(path)
    try:
        for document in documents:
            if isinstance(document.value, dict):
                names.update(dict.fromkeys(document.value))
            if len(names) > MOST_COLUMNS:
                raise CannotImport(_("The rows have more than %(most)s different columns.") % {"most": MOST_COLUMNS})
    finally:
        documents.close()
    if not names:
        raise CannotImport(_("The file holds no JSON objects."))
    if unreadable := next((name for name in names if not name.isprintable()), None):
        raise CannotImport(_("The column name %(name)r cannot be read.") % {"name": unreadable})
    return list(names)
