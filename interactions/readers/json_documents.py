"""JSON documents one after another: one a line, in an array, or simply joined. Read in bounded memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from django.utils.translation import gettext as _

from interactions.readers.base import CannotImport

READ_CHARACTERS = 1_000_000
MOST_CHARACTERS = 20_000_000
BETWEEN = re.compile(r"[\s,]*")
# How near to the end of the text at hand an error must be to mean "not all here yet".
NEAR_THE_END = 32


@dataclass(slots=True)
class Document:
    """One document and the line on which it begins; ``broken`` says why it is none."""

    line: int
    value: Any = None
    broken: str = ""
    text: str = ""


class Documents:
    """The documents of a file."""

    def __init__(self, path: Path) -> None:
        self._size = max(path.stat().st_size, 1)
        self._file: TextIO = path.open(encoding="utf-8-sig")
        self._read = 0
        self._text = ""
        self._at = 0
        self._line = 1
        self._decoder = json.JSONDecoder()

    @property
    def share(self) -> float:
        return self._read / self._size

    def close(self) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[Document]:
        """Each document; a broken one costs its line. Raises CannotImport for what is no text."""
        self._skip()
        if self._text[self._at : self._at + 1] == "[":
            self._at += 1
        while not self._is_done():
            line, start = self._line, self._at
            try:
                value, end = self._decoder.raw_decode(self._text, start)
            except json.JSONDecodeError as error:
                if self._is_cut_off(error) and self._more():
                    continue
                broken = _("This is not JSON: %(problem)s at character %(place)s.")
                yield self._broken(line, broken % {"problem": error.msg, "place": error.colno})
            except (RecursionError, ValueError):
                yield self._broken(line, _("This JSON is nested too deeply, or holds a number of thousands of digits."))
            else:
                self._move(end)
                yield Document(line, value, text=self._text[start:end])

    def _is_done(self) -> bool:
        self._skip()
        if self._text[self._at : self._at + 1] == "]":
            self._move(self._at + 1)
            self._skip()
        return self._at >= len(self._text)

    def _skip(self) -> None:
        """Go to the next document, reading on where the text at hand ends."""
        while True:
            match = BETWEEN.match(self._text, self._at)
            self._move(match.end() if match else self._at)
            if self._at < len(self._text) or not self._more():
                return

    def _move(self, to: int) -> None:
        self._line += self._text.count("\n", self._at, to)
        self._at = to

    def _more(self) -> bool:
        """Read on; False at the end of the file. Raises CannotImport for a document beyond all measure."""
        if len(self._text) - self._at > MOST_CHARACTERS:
            raise CannotImport(_("The JSON document at line %(line)s does not end.") % {"line": self._line})
        try:
            text = self._file.read(READ_CHARACTERS)
        except UnicodeDecodeError as error:
            raise CannotImport(
                _("The file is not UTF-8 after line %(line)s (byte 0x%(byte)02X). JSON is always UTF-8.")
                % {"line": self._line, "byte": error.object[error.start]}
            ) from error
        self._read += len(text)
        self._text, self._at = self._text[self._at :] + text, 0
        return bool(text)

    def _is_cut_off(self, error: json.JSONDecodeError) -> bool:
        return "Unterminated" in error.msg or error.pos > len(self._text) - NEAR_THE_END

    def _broken(self, line: int, broken: str) -> Document:
        end = self._text.find("\n", self._at)
        end = len(self._text) if end < 0 else end
        text = self._text[self._at : end]
        self._move(end)
        return Document(line, broken=broken, text=text[:1000])
