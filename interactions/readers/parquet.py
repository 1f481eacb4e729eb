"""Parquet, a batch of rows at a time."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from interactions.readers.base import CannotImport, Chunk, Piece
from interactions.readers.delimited import header_columns

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_AT_ONCE = 50_000


class Parquet:
    """A Parquet file that is open for reading. Lines are row numbers, as if the names were line 1."""

    def __init__(self, path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            self._file = pq.ParquetFile(path)
        except (pa.ArrowException, OSError) as error:
            raise CannotImport(_("The Parquet file is damaged or was cut off. Write it again.")) from error
        self.columns = header_columns(self._file.schema_arrow.names)
        for field in self._file.schema_arrow:
            if pa.types.is_nested(field.type) or pa.types.is_binary(field.type):
                raise CannotImport(
                    _("The column “%(name)s” holds %(type)s; only texts, numbers, times and yes/no can be read.")
                    % {"name": field.name, "type": field.type}
                )
        self._rows_given = 0

    @property
    def share(self) -> float:
        return self._rows_given / max(self._file.metadata.num_rows, 1)

    def close(self) -> None:
        self._file.close()

    def pieces(self) -> Iterator[Piece]:
        """The rows, in order, as CSV. Raises CannotImport for damaged ones."""
        import pyarrow as pa

        try:
            for batch in self._file.iter_batches(batch_size=ROWS_AT_ONCE):
                yield Chunk(_csv(batch), ",", self._rows_given + 2, has_blanks=True)
                self._rows_given += batch.num_rows
        except (pa.ArrowException, OSError) as error:
            raise CannotImport(_("The Parquet file is damaged or was cut off. Write it again.")) from error


def _csv(batch: pa.RecordBatch) -> str:
    import pyarrow as pa
    import pyarrow.csv

    texts = pa.table([_as_text(column) for column in batch.columns], names=batch.schema.names)
    written = io.BytesIO()
    pyarrow.csv.write_csv(texts, written, pyarrow.csv.WriteOptions(include_header=False))
    return written.getvalue().decode().replace("\0", "")


def _as_text(column: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_duration(column.type):
        column = pc.divide(column.cast(pa.duration("us")).cast(pa.int64()).cast(pa.float64()), 1e6)
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), None, column)
    return column.cast(pa.string())
