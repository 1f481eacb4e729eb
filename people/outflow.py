"""A file that is sent while it is written."""

from __future__ import annotations


class Outflow:
    """Takes what a writer of files writes and gives it away in pieces, so that the file is never in memory whole."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._written = 0

    def write(self, piece: bytes) -> int:
        """Keep a piece until it is taken."""
        copied = bytes(piece)
        self._pieces.append(copied)
        self._written += len(copied)
        return len(copied)

    def tell(self) -> int:
        """How far the file has come, taken or not."""
        return self._written

    def taken(self) -> bytes:
        """Everything written since last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """The end; what was not taken yet can still be."""
