"""Spreadsheets (XLSX, and whatever else calamine reads).

A sheet is unpacked in memory as a whole, and a file of a few kilobytes can ask for any amount of it. So it is
read by a process of its own with a limit on its memory: a bomb ends that process, never the worker.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from interactions.readers.base import CannotImport, Piece, Row, Rows
from interactions.readers.delimited import header_columns

ROWS_AT_ONCE = 20_000
READER = Path(__file__).with_name("spreadsheet_process.py")


class Spreadsheet:
    """The first sheet of a spreadsheet that is open for reading."""

    def __init__(self, path: Path) -> None:
        _check_size_unpacked(path)
        limit = str(settings.IMPORT_MAX_SPREADSHEET_BYTES)
        self._process = subprocess.Popen(  # noqa: S603 - our own script, by our own interpreter
            [sys.executable, "-I", str(READER), str(path), limit],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self._lines = self._rows()
        self._height = 1
        self._line = 0
        self.columns = self._header()

    @property
    def share(self) -> float:
        return self._line / self._height

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def pieces(self) -> Iterator[Piece]:
        """The rows, in order. Raises CannotImport where the sheet cannot be read to its end."""
        while rows := list(islice(self._numbered(), ROWS_AT_ONCE)):
            yield Rows(rows)

    def _rows(self) -> Iterator[list[str | None]]:
        """The rows as the process gives them; first the number of rows."""
        output = self._process.stdout
        for line in output or ():
            yield json.loads(line)
        if self._process.wait() != 0:
            raise CannotImport(
                _(
                    "The spreadsheet cannot be read: it is damaged, or unpacking it takes more than %(most)s MB of "
                    "memory. Save it as CSV and send that."
                )
                % {"most": settings.IMPORT_MAX_SPREADSHEET_BYTES // 1_000_000}
            )

    def _header(self) -> list[str]:
        """The first row that holds something; before it comes the number of rows."""
        try:
            self._height = max(int((next(self._lines, None) or ["1"])[0] or 1), 1)
            for row in self._lines:
                self._line += 1
                if any(row):
                    return header_columns([value or "" for value in row])
        except CannotImport:
            self.close()
            raise
        self.close()
        raise CannotImport(_("The first sheet is empty."))

    def _numbered(self) -> Iterator[Row]:
        count = len(self.columns)
        for row in self._lines:
            self._line += 1
            if any(row[count:]):
                refusal = _("The row has values beyond the last column that the first row names.")
                yield Row(self._line, refusal=refusal, fields=[value or "" for value in row])
            elif any(row):
                yield Row(self._line, (row + [None] * count)[:count])


def _check_size_unpacked(path: Path) -> None:
    """Refuse at once what says itself that it is too large unpacked."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > settings.IMPORT_MAX_SPREADSHEET_BYTES // 2:
        raise CannotImport(
            _("Unpacked, the spreadsheet has %(size)s MB; %(most)s MB are the most. Save it as CSV and send that.")
            % {"size": unpacked // 1_000_000, "most": settings.IMPORT_MAX_SPREADSHEET_BYTES // 2_000_000}
        )
