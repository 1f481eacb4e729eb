"""Contacts, for reading: page by page, and whole as a file."""

from __future__ import annotations

from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from interactions.exports import contacts_as_csv, contacts_as_parquet, hidden_from
from interactions.models import Contact
from people.api.base import Cursor, DayFilter, IdsFilter, ReadViewSet, WordsFilter, viewer_of
from people.api.files import CsvFile, ParquetFile, download, format_parameter
from people.tokens.models import Scope

NAMES = ("source", "queue", "reason", "team", "agent")


class WithoutCosts(serializers.ModelSerializer):
    """Rows with a cost, which is null for callers who do not read costs: agents."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The row, its cost left out where it is not for the caller."""
        shown = super().to_representation(instance)
        return shown if self.context["request"].user.sees_costs else shown | {"cost": None}


class ContactSerializer(WithoutCosts):
    """A contact leg. Times are UTC; days and half-hours (0–47) are those of the queue's site; durations are seconds."""

    # A field of a serializer also has an attribute `source`.
    source = serializers.CharField(source="source.name")  # type: ignore[assignment]
    queue_name = serializers.CharField(source="queue.name")
    reason_name = serializers.CharField(source="reason.name", default=None, allow_null=True)
    team_name = serializers.CharField(source="team.name", default=None, allow_null=True)
    agent_name = serializers.CharField(source="agent.name", default=None, allow_null=True)
    customer = serializers.SerializerMethodField(
        help_text="The same for all contacts of a customer, and nothing else is known of them. "
        "Null for callers who do not see the whole centre."
    )

    class Meta:
        model = Contact
        fields = [
            "id",
            "source",
            "external_id",
            "conversation_id",
            "channel",
            "queue",
            "queue_name",
            "reason",
            "reason_name",
            "team",
            "team_name",
            "agent",
            "agent_name",
            "customer",
            "outcome",
            "offered_at",
            "answered_at",
            "ended_at",
            "due_at",
            "day",
            "slot",
            "answered_day",
            "answered_slot",
            "ended_day",
            "due_day",
            "wait_seconds",
            "ring_seconds",
            "talk_seconds",
            "hold_seconds",
            "wrap_seconds",
            "is_transferred",
            "is_resolved",
            "is_reopened",
            "sale_amount",
            "cost",
        ]

    def get_customer(self, contact: Contact) -> str | None:
        """As text: the number is larger than what JavaScript keeps exactly."""
        if contact.customer is None or not self.context["request"].user.sees_everything:
            return None
        return str(contact.customer)


class ContactFilter(filters.FilterSet):
    """Narrows contacts down; ``from`` and ``to`` are the day offered, both included."""

    # `from` is a word of the language, so it cannot be written as a name.
    vars()["from"] = DayFilter(field_name="day", lookup_expr="gte", label="Offered on or after this day")
    to = DayFilter(field_name="day", lookup_expr="lte", label="Offered on or before this day")
    answered_from = DayFilter(field_name="answered_day", lookup_expr="gte")
    answered_to = DayFilter(field_name="answered_day", lookup_expr="lte")
    queue = IdsFilter()
    team = IdsFilter()
    agent = IdsFilter()
    reason = IdsFilter()
    channel = WordsFilter()
    outcome = WordsFilter()
    source = WordsFilter(field_name="source__name")
    external_id = WordsFilter()
    conversation_id = WordsFilter()
    is_transferred = filters.BooleanFilter()
    is_resolved = filters.BooleanFilter()


@extend_schema(tags=["contacts"])
class ContactViewSet(ReadViewSet):
    """Contact legs that the caller may see, the latest taken in first."""

    scope = Scope.READ_CONTACTS
    queryset: Any = Contact.objects.select_related(*NAMES)
    serializer_class = ContactSerializer
    filterset_class = ContactFilter
    pagination_class = Cursor

    @extend_schema(
        filters=True,
        parameters=[format_parameter(CsvFile, ParquetFile)],
        responses={(200, CsvFile.media_type): OpenApiTypes.STR, (200, ParquetFile.media_type): OpenApiTypes.BINARY},
    )
    @action(detail=False, renderer_classes=[CsvFile, ParquetFile], pagination_class=None)
    def export(self, request: Request) -> StreamingHttpResponse:
        """All contacts of a period as one CSV or Parquet file, day by day. ``from`` and ``to`` are required."""
        start, end = self._period(request)
        contacts = self.filter_queryset(self.get_queryset())
        renderer = request.accepted_renderer
        write = contacts_as_parquet if renderer.format == "parquet" else contacts_as_csv
        pieces = write(contacts, hidden=hidden_from(viewer_of(request)))
        return download(pieces, name=f"contacts-{start}-{end}", renderer=renderer)

    def _period(self, request: Request) -> tuple[str, str]:
        bounds = [request.query_params.get(name, "") for name in ("from", "to")]
        for name, given in zip(("from", "to"), bounds, strict=True):
            if not given:
                raise ValidationError({name: [_("is needed for an export: a day such as 2026-11-01.")]})
        return bounds[0], bounds[1]
