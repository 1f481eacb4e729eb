"""Reads a CSV file as people's spreadsheets write them: with a mark at its start, with semicolons or tabs."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from interactions.rejected_file import ADDED, is_rejected_file
from people.spreadsheet import restore

DELIMITERS = ",;\t|"
MOST_BYTES = 20_000_000


class UnreadableFile(ValueError):
    """The file as a whole cannot be taken; the message says why and how to mend it."""


@dataclass(frozen=True)
class Row:
    """One row: its line in the file, its cells as they came, and its values by column."""

    line: int
    cells: list[str]
    values: dict[str, str]


@dataclass(frozen=True)
class Table:
    """Columns (as in the file, lower case) and rows, without those added when rejected rows were downloaded."""

    columns: list[str]
    rows: list[Row]


def read_table(content: bytes) -> Table:
    """The rows of a file. Raises UnreadableFile with a sentence."""
    if len(content) > MOST_BYTES:
        raise UnreadableFile(
            _("The file is larger than %(most)d MB. Send it in parts.") % {"most": MOST_BYTES // 1_000_000}
        )
    lines = list(_lines(_decoded(content)))
    if not lines:
        raise UnreadableFile(_("The file is empty. Its first line names the columns."))
    names = [name.strip().lower().replace(" ", "_") for name in lines[0][1]]
    if repeated := [name for name, count in Counter(names).items() if count > 1]:
        raise UnreadableFile(_("The column “%(name)s” is there twice.") % {"name": repeated[0]})
    is_ours = is_rejected_file(names)
    kept = [place for place, name in enumerate(names) if name not in ADDED]
    return Table(
        [names[place] for place in kept], [_row(line, cells, names, kept, is_ours) for line, cells in lines[1:]]
    )


def _row(line: int, cells: list[str], names: list[str], kept: list[int], is_ours: bool) -> Row:
    padded = cells + [""] * (len(names) - len(cells))
    texts = [restore(padded[place]) if is_ours else padded[place] for place in kept]
    texts += padded[len(names) :]
    return Row(line, texts, {names[place]: text.strip() for place, text in zip(kept, texts, strict=False)})


def _decoded(content: bytes) -> str:
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableFile(
            _("Line %(line)d is not UTF-8 text. Save the file as “CSV UTF-8” and send it again.") % {"line": line}
        ) from error
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise UnreadableFile(_("Line %(line)d holds binary data. Is this a CSV file?") % {"line": line})
    return text


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, each with the line on which it begins."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(
            _("From line %(line)d on the file cannot be read as CSV (%(error)s). Look for a quotation mark too many.")
            % {"line": line, "error": error}
        ) from error
