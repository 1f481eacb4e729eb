"""CSV and its kin.

Nearly all of a file is handed to PostgreSQL as it stands. A chunk goes that way only after it was found plain:
every line is one record with all its columns, quoted as RFC 4180 says. Any other chunk is split in Python, so
that a row with too few or too many fields, a stray quote or a blank line costs that row alone.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from interactions.mapping import DELIMITERS, Mapping
from interactions.readers.base import CannotImport, Chunk, Piece, Row, Rows, has_blanks
from interactions.rejected_file import ADDED

CHUNK_BYTES = 4_000_000
MOST_COLUMNS = 500
BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class LineBuffer:
    """The text of a file by whole lines, with line ends made one; counts lines and guards their length."""

    def __init__(self, file: BinaryIO, encoding: str | None) -> None:
        self._file = file
        self._encoding = _encoding_by_mark(file) or encoding or "utf-8"
        decoder = codecs.getincrementaldecoder(self._encoding)("strict")
        self._decoder = io.IncrementalNewlineDecoder(decoder, translate=True)
        self._text = ""
        self._is_at_end = False
        self.lines_given = 0
        self.bytes_read = 0

    def chunk(self) -> str:
        """The lines at hand, each with its line end; empty at the end of the file."""
        while (cut := self._text.rfind("\n") + 1) == 0 and not self._is_at_end:
            self._guard(len(self._text))
            self._fill()
        if cut == 0 and self._text:
            self._text, cut = f"{self._text}\n", len(self._text) + 1
        return self._take(cut)

    def line(self) -> str | None:
        """The next line without its line end; None at the end of the file."""
        while (cut := self._text.find("\n") + 1) == 0 and not self._is_at_end:
            self._guard(len(self._text))
            self._fill()
        taken = self._take(cut or len(self._text))
        return taken.removesuffix("\n") if taken else None

    def _take(self, cut: int) -> str:
        taken, self._text = self._text[:cut], self._text[cut:]
        self.lines_given += taken.count("\n")
        return taken

    def _guard(self, length: int) -> None:
        if length > settings.IMPORT_MAX_LINE_CHARACTERS:
            raise too_long(self.lines_given + 1)

    def _fill(self) -> None:
        raw = self._file.read(CHUNK_BYTES)
        self._is_at_end = not raw
        try:
            self._text += self._decoder.decode(raw, final=self._is_at_end)
        except UnicodeDecodeError as error:
            raise self._wrong_encoding(error) from error
        self.bytes_read += len(raw)

    def _wrong_encoding(self, error: UnicodeDecodeError) -> CannotImport:
        line = self.lines_given + self._text.count("\n") + error.object[: error.start].count(b"\n") + 1
        return CannotImport(
            _(
                "Line %(line)s holds a byte (0x%(byte)02X) that is not %(encoding)s. Save the file as UTF-8, or name "
                "its encoding in the source's mapping; common ones are cp1252 (Western Europe) and gb18030 (Chinese)."
            )
            % {"line": line, "byte": error.object[error.start], "encoding": self._encoding.upper()}
        )


def too_long(line: int) -> CannotImport:
    return CannotImport(
        _(
            "Line %(line)s is longer than %(most)s characters. A table has no such line: a line end is missing, or "
            "the file is none of CSV, XLSX, Parquet or JSON."
        )
        % {"line": line, "most": settings.IMPORT_MAX_LINE_CHARACTERS}
    )


def _encoding_by_mark(file: BinaryIO) -> str | None:
    """What the file says itself; no encoding has these bytes at its beginning for anything else."""
    start = file.read(4)
    file.seek(0)
    return next((encoding for mark, encoding in BYTE_ORDER_MARKS if start.startswith(mark)), None)


class Delimited:
    """A CSV file that is open for reading."""

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self._size = max(path.stat().st_size, 1)
        self._file = path.open("rb")
        self._buffer = LineBuffer(self._file, mapping.encoding)
        self._pending: deque[str] = deque()
        self._line = 0
        header = self._first_line()
        # Rejected rows come back as they were written here, whatever the source's own files look like.
        chosen = "," if header.endswith(",".join(ADDED)) else mapping.delimiter
        self._delimiter = chosen or max(DELIMITERS, key=header.count)
        self.columns = header_columns(next(csv.reader([header], delimiter=self._delimiter)))
        delimiter = re.escape(self._delimiter)
        self._stray_quote = re.compile(rf'[^{delimiter}\n"]"[^{delimiter}\n"]')

    @property
    def share(self) -> float:
        return self._buffer.bytes_read / self._size

    def pieces(self) -> Iterator[Piece]:
        """The rows, in order. Raises CannotImport for what is no text."""
        while chunk := self._buffer.chunk():
            lines = chunk.split("\n")
            lines.pop()
            self._check(chunk, lines)
            if self._is_plain(chunk, lines):
                yield Chunk(chunk, self._delimiter, self._line + 1, has_blanks(chunk, self._delimiter))
                self._line += len(lines)
            else:
                self._pending.extend(lines)
                yield Rows(list(self._split()))

    def close(self) -> None:
        self._file.close()

    def _first_line(self) -> str:
        """The first line that holds something."""
        while (line := self._buffer.line()) is not None:
            self._line += 1
            line = line.removeprefix("\ufeff")
            if line.strip():
                self._check(line, [line])
                return line
        raise CannotImport(_("The file is empty."))

    def _check(self, chunk: str, lines: list[str]) -> None:
        """Raise CannotImport for what is no text, and for a line beyond all measure."""
        if "\0" in chunk:
            raise CannotImport(
                _("The file holds NUL characters near line %(line)s: it is no text, or its encoding is UTF-16.")
                % {"line": self._line + 1}
            )
        longest = max(lines, key=len)
        if len(longest) > settings.IMPORT_MAX_LINE_CHARACTERS:
            raise too_long(self._line + 1 + lines.index(longest))

    def _is_plain(self, chunk: str, lines: list[str]) -> bool:
        """Whether PostgreSQL's CSV reader will find one whole record in every line."""
        count = len(self.columns)
        if count == 1:
            return False
        if '"' not in chunk:
            return all(line.count(self._delimiter) == count - 1 for line in lines)
        if self._stray_quote.search(chunk):
            return False
        reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
        try:
            is_whole = all(len(record) == count for record in reader)
        except csv.Error:
            return False
        # A quoted line end makes fewer records than lines.
        return is_whole and not any(line.count('"') % 2 for line in lines)

    def _split(self) -> Iterator[Row]:
        """The records of the pending lines; a quoted record may go on beyond them."""
        while self._pending:
            line = self._line + 1
            taken: list[str] = []
            try:
                record = next(csv.reader(self._lines(taken), delimiter=self._delimiter, strict=True), [])
            except csv.Error:
                self._pending.extendleft(reversed(taken[1:]))
                self._line = line
                yield Row(
                    line, refusal=_("A quotation mark is not closed, or stands inside a value."), fields=taken[:1]
                )
                continue
            if any(value.strip() for value in record):
                yield self._row(line, record)

    def _lines(self, taken: list[str]) -> Iterator[str]:
        """Lines for the CSV reader, remembered in ``taken``."""
        while (line := self._pending.popleft() if self._pending else self._buffer.line()) is not None:
            self._line += 1
            taken.append(line)
            yield f"{line}\n"

    def _row(self, line: int, record: list[str]) -> Row:
        count = len(self.columns)
        while len(record) > count and not record[-1].strip():
            record.pop()
        if len(record) == count:
            return Row(line, [value.strip() or None for value in record])
        return Row(
            line,
            refusal=_("The row has %(found)s fields, but the first line names %(expected)s columns.")
            % {"found": len(record), "expected": count},
            fields=record,
        )


def header_columns(names: list[str]) -> list[str]:
    """The names of a file's columns, trimmed, without empty ones at the end.

    Raises CannotImport where a column has no name or two have the same.
    """
    names = [name.strip() for name in names]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise CannotImport(_("The first line names no columns."))
    if len(names) > MOST_COLUMNS:
        raise CannotImport(
            _("The first line names %(found)s columns; %(most)s are the most.")
            % {"found": len(names), "most": MOST_COLUMNS}
        )
    if unreadable := next((name for name in names if not name.isprintable()), None):
        raise CannotImport(_("The column name %(name)r cannot be read.") % {"name": unreadable})
    if "" in names:
        raise CannotImport(_("Column %(position)s has no name in the first line.") % {"position": names.index("") + 1})
    for name in names:
        if names.count(name) > 1:
            raise CannotImport(_("The first line names the column “%(name)s” twice.") % {"name": name})
    return names
