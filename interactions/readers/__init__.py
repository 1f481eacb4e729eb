"""Readers: from any file to rows of text. Which one reads a file is decided by its first bytes."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from interactions.mapping import Mapping
from interactions.models import Source
from interactions.readers.base import CannotImport, Table

__all__ = ["CannotImport", "open_table"]


def open_table(path: Path, source: Source, mapping: Mapping) -> Table:
    """Open a source's file. Raises CannotImport for one that no reader of the source can read."""
    if source.kind != Source.Kind.TABLE:
        return _open_platform_file(path, source)
    return open_any_table(path, mapping)


def open_any_table(path: Path, mapping: Mapping) -> Table:
    """Open a table: CSV, a spreadsheet, Parquet or JSON rows."""
    with path.open("rb") as file:
        start = file.read(512)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        from interactions.readers.spreadsheet import Spreadsheet

        return Spreadsheet(path)
    if start.startswith(b"PAR1"):
        from interactions.readers.parquet import Parquet

        return Parquet(path)
    if start.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z")):
        raise CannotImport(_("The file is compressed. Unpack it and send what is inside."))
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        from interactions.readers.json_rows import JsonRows

        return JsonRows(path)
    from interactions.readers.delimited import Delimited

    return Delimited(path, mapping)


def _open_platform_file(path: Path, source: Source) -> Table:
    if source.kind == Source.Kind.ASTERISK:
        from interactions.readers.asterisk import QueueLog

        return QueueLog(path)
    if source.kind == Source.Kind.AMAZON_CONNECT:
        from interactions.readers.amazon_connect import ContactRecords

        return ContactRecords(path)
    from interactions.readers.genesys_cloud import ConversationDetails

    return ConversationDetails(path)
