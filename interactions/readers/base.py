"""What every reader gives: the columns of a file, and its rows in pieces of bounded size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol


class CannotImport(Exception):
    """A file cannot be taken at all. The message is a sentence: what is wrong, where, and how to mend it."""


@dataclass(slots=True)
class Row:
    """One row: the text of each column, or why it has none.

    A row that could not be split into columns carries the ``refusal``; ``is_set_aside`` tells one that is nothing of
    this kind from one that is broken. Of such a row its ``name``, the platform's own id for it, is kept and nothing
    else: any of its ``fields``, which a preview shows, may be a customer's number, address or name.
    """

    line: int
    values: list[str | None] = field(default_factory=list)
    refusal: str = ""
    is_set_aside: bool = False
    name: str = ""
    fields: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Rows:
    """Rows that went through Python."""

    rows: list[Row]


@dataclass(slots=True)
class Chunk:
    """CSV text that PostgreSQL can read itself: every record is whole and has every column.

    Records are numbered from ``first_line`` on. ``has_blanks``: some cell may begin or end with one.
    """

    text: str
    delimiter: str
    first_line: int
    has_blanks: bool


Piece = Rows | Chunk


def has_blanks(text: str, delimiter: str) -> bool:
    """Whether a cell of CSV text may begin or end with a blank; rather yes than no."""
    around = (f"{delimiter} ", f" {delimiter}", "\n ", " \n", '" ', ' "', "\u00a0")
    return text.startswith(" ") or any(found in text for found in around) or (delimiter != "\t" and "\t" in text)


class Table(Protocol):
    """A file that is open for reading. ``share`` says how much of it was read, 0 to 1."""

    columns: list[str]

    @property
    def share(self) -> float: ...

    def pieces(self) -> Iterator[Piece]:
        """The rows, in order. Raises CannotImport."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...
