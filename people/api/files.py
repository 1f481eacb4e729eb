"""Downloads: the formats a call may ask for, and how a file leaves piece by piece."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import BaseRenderer, JSONRenderer


class FileRenderer(JSONRenderer):
    """Lets a call ask for a kind of file (``?format=`` or Accept). The view streams the file itself; what is
    rendered here are errors, which are JSON whatever was asked for."""

    charset = None


class CsvFile(FileRenderer):
    media_type = "text/csv"
    format = "csv"


class XlsxFile(FileRenderer):
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"


class ParquetFile(FileRenderer):
    media_type = "application/vnd.apache.parquet"
    format = "parquet"


def format_parameter(*kinds: type[JSONRenderer]) -> OpenApiParameter:
    """What the schema says of ``?format=``; the first kind is what comes unasked."""
    return OpenApiParameter(
        "format",
        enum=[kind.format for kind in kinds],
        default=kinds[0].format,
        description="The kind of file; the Accept header says the same.",
    )


def download(pieces: Iterable[bytes], *, name: str, renderer: BaseRenderer) -> StreamingHttpResponse:
    """A file called ``name`` with the format's ending, sent as its pieces come."""
    response = StreamingHttpResponse(pieces, content_type=renderer.media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{renderer.format}"'
    return response
