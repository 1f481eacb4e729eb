"""Readings: any KPIs, over any days, split by any dimensions, as JSON or as a file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import APIView

from kpis import exports
from kpis.api.questions import ReadingsQuery, known_kpi, period_of, validated, where_of
from kpis.horizon import horizon, last_run, last_signs_of_runs
from kpis.measure import NotMeasurable
from kpis.names import NAMED
from people.api.base import viewer_of
from people.api.files import CsvFile, ParquetFile, XlsxFile, download, format_parameter
from people.tokens.models import Scope


class ReadingSerializer(serializers.Serializer):
    """One KPI somewhere. Beside these it carries each dimension asked for, and ``…_name`` beside an id."""

    kpi = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField(help_text="count, seconds, share (0–1), points (−1 to 1), score, money or per_hour")
    value = serializers.FloatField(allow_null=True, help_text="Null where there was nothing to measure.")
    top = serializers.FloatField(allow_null=True, help_text="What is divided.")
    bottom = serializers.FloatField(allow_null=True, help_text="What it is divided by; null for a count or percentile.")
    n = serializers.IntegerField(help_text="The sample.")
    low = serializers.FloatField(allow_null=True, help_text="Lower end of the 95 % interval.")
    high = serializers.FloatField(allow_null=True, help_text="Upper end of the 95 % interval.")
    maturing = serializers.IntegerField(help_text="Contacts whose window has not passed; they are not in the value.")
    provisional = serializers.FloatField(allow_null=True, help_text="The value with the maturing contacts.")


class ReadingsSerializer(serializers.Serializer):
    """Readings with what they stand on."""

    # `from` is a word of the language, so it cannot be written as a name.
    vars()["from"] = serializers.DateField()
    to = serializers.DateField()
    by = serializers.ListField(child=serializers.CharField())
    computed_at = serializers.DateTimeField(allow_null=True, help_text="When the latest run ended.")
    data_to = serializers.DateField(allow_null=True, help_text="The last business day that the facts reach.")
    readings = ReadingSerializer(many=True)


KINDS: list[type[JSONRenderer]] = [JSONRenderer, CsvFile, XlsxFile, ParquetFile]


class ReadingsView(APIView):
    """KPI readings."""

    scope = Scope.READ_KPIS
    renderer_classes = KINDS

    @extend_schema(
        tags=["kpis"],
        operation_id="readings",
        parameters=[ReadingsQuery, format_parameter(*KINDS)],
        responses={
            (200, "application/json"): ReadingsSerializer,
            (200, CsvFile.media_type): OpenApiTypes.STR,
            (200, XlsxFile.media_type): OpenApiTypes.BINARY,
            (200, ParquetFile.media_type): OpenApiTypes.BINARY,
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        """KPIs over a period, split by any dimensions that they have; groups without a row are left out.

        A year and more in one call. Where readings are split by day they come month by month, else KPI by KPI.
        """
        values = validated(ReadingsQuery, request)
        etag = etag_of(request)
        return unchanged(request, etag) or with_etag(self._readings(request, values), etag)

    def _readings(self, request: Request, values: dict[str, Any]) -> StreamingHttpResponse:
        by = tuple(dict.fromkeys(values.get("by", ())))
        kpis = [known_kpi(key) for key in dict.fromkeys(values["kpi"])]
        found = exports.rows(kpis, viewer=viewer_of(request), period=period_of(values), by=by, where=where_of(values))
        rows = started(found)
        renderer = request.accepted_renderer
        if write := exports.WRITERS.get(renderer.format):
            name = f"readings-{values['from']}-{values['to']}"
            return download(write(rows, by), name=name, renderer=renderer)
        head = {"from": values["from"], "to": values["to"], "by": by, **standing()}
        return StreamingHttpResponse(as_json(head, rows), content_type="application/json")


def started(rows: Iterator[exports.Row]) -> Iterable[exports.Row]:
    """The same rows, the first already read: what cannot be measured is refused before anything is sent."""
    try:
        first = list(islice(rows, 1))
    except NotMeasurable as error:
        raise ValidationError({"by": [str(error)]}) from error
    return chain(first, rows)


def standing() -> dict[str, Any]:
    """When the numbers were computed and how far the facts reach."""
    run = last_run()
    return {"computed_at": run.finished_at if run else None, "data_to": horizon()}


def as_json(head: dict[str, Any], rows: Iterable[exports.Row]) -> Iterator[str]:
    """``head`` with the readings, written as they come."""
    encode = JSONEncoder(ensure_ascii=False).encode
    yield encode(head)[:-1] + ', "readings": ['
    for number, row in enumerate(rows):
        yield (",\n" if number else "\n") + encode(row)
    yield "\n]}"


def etag_of(request: Request) -> str:
    """Changes with the computed days, the names, the question, the language, and what the caller may see."""
    viewer = viewer_of(request)
    parts = [
        last_signs_of_runs(),
        stamps_of_names(),
        sorted(request.query_params.lists()),
        request.accepted_renderer.format,
        get_language(),
        [viewer.pk, viewer.sees_everything, viewer.supervised_team_ids, viewer.own_agent_id],
    ]
    return f'"{hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:32]}"'


def stamps_of_names() -> list[int]:
    """Change when anything that a reading names is renamed, or otherwise changed."""
    latest = [model.history.order_by("-pk").values_list("pk", flat=True)[:1] for model in NAMED.values()]
    return sorted(latest[0].union(*latest[1:], all=True))


def unchanged(request: Request, etag: str) -> HttpResponseBase | None:
    """304 where the caller already holds this answer."""
    response = get_conditional_response(request._request, etag=etag)
    return with_etag(response, etag) if response else None


def with_etag(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    """The answer with its mark: caches of the caller alone may keep it, and ask again each time."""
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Authorization", "Cookie", "Accept", "Accept-Language"])
    return response
