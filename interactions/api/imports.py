"""Data in: files and rows, and what became of them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from interactions import tasks
from interactions.models import Import, Source
from interactions.rejected_file import rejected_rows_as_csv
from interactions.services.imports import MOST_ROWS_AT_ONCE, NESTED_TOO_DEEPLY, create_import, create_import_of_rows
from people.api.base import Cursor, Pages, StrictFilters, WordsFilter
from people.api.files import CsvFile
from people.tokens.models import Scope


class RowsParser(JSONParser):
    """JSON, of which no depth brings down the server."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """What was sent. Raises ParseError with a sentence."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(NESTED_TOO_DEEPLY) from None


class SourceSerializer(serializers.ModelSerializer):
    site = serializers.CharField(source="site.code")
    contacts_source = serializers.CharField(source="contacts_source.name", default=None, allow_null=True)

    class Meta:
        model = Source
        fields = [
            "id",
            "name",
            "kind",
            "fact",
            "site",
            "contacts_source",
            "mapping",
            "unknown_agents",
            "unknown_queues",
        ]


class SourceFilter(filters.FilterSet):
    name = WordsFilter()
    kind = WordsFilter()
    fact = WordsFilter()


@extend_schema(tags=["imports"])
class SourceViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet):
    """Where data comes from, and how its columns are read."""

    scope = Scope.READ_IMPORTS
    queryset = Source.objects.select_related("site", "contacts_source").order_by("pk")
    serializer_class = SourceSerializer
    filterset_class = SourceFilter
    filter_backends = [StrictFilters]
    pagination_class = Pages
    lookup_value_regex = r"\d{1,18}"


class ImportSerializer(serializers.ModelSerializer):
    """A delivery. ``progress`` goes from 0 to 1; when ``state`` is ``done`` the counts are final."""

    source = serializers.CharField(source="source.name")
    rejected_rows = serializers.SerializerMethodField(help_text="Where the rows that were not taken are as CSV.")

    class Meta:
        model = Import
        fields = [
            "id",
            "source",
            "file_name",
            "state",
            "step",
            "progress",
            "message",
            "rows_read",
            "rows_new",
            "rows_changed",
            "rows_unchanged",
            "rows_rejected",
            "rows_set_aside",
            "created_at",
            "started_at",
            "finished_at",
            "rejected_rows",
        ]

    def get_rejected_rows(self, delivery: Import) -> str:
        return reverse("api:import-rejected", args=[delivery.pk], request=self.context.get("request"))


class NewImportSerializer(serializers.Serializer):
    """A delivery to be taken in: a file (multipart), or up to 50,000 rows (JSON)."""

    source = serializers.SlugRelatedField(slug_field="name", queryset=Source.objects.select_related("site"))
    file = serializers.FileField(required=False, max_length=255)
    rows = serializers.ListField(
        child=serializers.DictField(),
        required=False,
        max_length=MOST_ROWS_AT_ONCE,
        allow_empty=False,
        help_text="Objects with the standard names of the columns (with those of the source's files where its mapping "
        "says `for_rows`). Sent again with the same external id, a row "
        "replaces the earlier one; the same rows twice change nothing.",
    )

    def validate_file(self, file: Any) -> Any:
        if file.size > settings.IMPORT_MAX_BYTES:
            most = settings.IMPORT_MAX_BYTES // 1_000_000
            raise serializers.ValidationError(_("The file is larger than %(most)s MB.") % {"most": most})
        return file

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("file" in attrs) == ("rows" in attrs):
            raise serializers.ValidationError(_("Send either “file” or “rows”."))
        return attrs


class ImportFilter(filters.FilterSet):
    source = WordsFilter(field_name="source__name")
    state = WordsFilter()


@extend_schema(tags=["imports"])
class ImportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet):
    """Deliveries. A new one is taken in by a worker: the answer names the address where its state can be read."""

    scope = Scope.READ_IMPORTS
    write_scope = Scope.WRITE_IMPORTS
    queryset = Import.objects.select_related("source")
    serializer_class = ImportSerializer
    filterset_class = ImportFilter
    filter_backends = [StrictFilters]
    pagination_class = Cursor
    parser_classes = [RowsParser, MultiPartParser]
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(request=NewImportSerializer, responses={202: ImportSerializer})
    def create(self, request: Request) -> Response:
        """Send a file, or rows. What is wrong with a row is found later and told with it."""
        given = NewImportSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        if "rows" in data:
            delivery = create_import_of_rows(source=data["source"], rows=data["rows"], by=request.user)
        else:
            delivery = create_import(source=data["source"], file=data["file"], by=request.user)
        tasks.send(delivery)
        answer = self.get_serializer(delivery).data
        address = reverse("api:import-detail", args=[delivery.pk], request=request)
        return Response(answer, status=status.HTTP_202_ACCEPTED, headers={"Location": address})

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    @action(detail=True, renderer_classes=[CsvFile], pagination_class=None, filterset_class=None, filter_backends=[])
    def rejected(self, request: Request, pk: str) -> StreamingHttpResponse:
        """The rows that were not taken, with line, column and reason, to be mended and sent again."""
        delivery = self.get_object()
        response = StreamingHttpResponse(rejected_rows_as_csv(delivery), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="import_{delivery.pk}_rejected.csv"'
        return response
