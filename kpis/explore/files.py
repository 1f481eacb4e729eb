"""What is explored as a file: the readings as rows in CSV and XLSX, the tables as PDF."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from kpis.explore.answer import Answer
from kpis.explore.paper import as_pdf
from kpis.exports import WRITERS, Row, as_row
from kpis.names import NAMED, Names
from people.api.files import CsvFile, XlsxFile

TYPES = {"csv": CsvFile.media_type, "xlsx": XlsxFile.media_type, "pdf": "application/pdf"}
REFUSED_IN_NAMES = re.compile(r'[<>:"/\\|?*\s]+')


def as_file(answer: Answer, kind: str) -> HttpResponseBase:
    """The file of this ``kind``, one of `TYPES`, under a name that says what it holds."""
    response: Any
    if kind == "pdf":
        response = HttpResponse(as_pdf(answer), content_type=TYPES[kind])
    else:
        write: Callable[..., Iterable[bytes]] = WRITERS[kind]
        response = StreamingHttpResponse(write(_rows(answer), list(answer.by)), content_type=TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(True, f"{_name(answer)}.{kind}")
    return response


def _rows(answer: Answer) -> list[Row]:
    readings = answer.readings(*answer.by)
    names = Names()
    for dimension in NAMED.keys() & set(answer.by):
        names.learn(dimension, {reading.at[dimension] for reading in readings})
    return [as_row(reading, names) for reading in readings]


def _name(answer: Answer) -> str:
    """Such as Service-level-by-week-2026-11-02-2026-11-08."""
    period = answer.question.selection.period
    return REFUSED_IN_NAMES.sub("-", f"{answer.question.name} {period.start} {period.end}")[:150]
