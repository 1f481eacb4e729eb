"""The rows behind a reading: whoever doubts a number sees what it is made of, and the counts agree."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, QuerySet, Sum
from django.utils.translation import gettext as _
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from interactions.api.contacts import NAMES, ContactSerializer, WithoutCosts
from interactions.models import AgentState, Complaint, Contact, Shift, SurveyAnswer
from kpis.api.questions import RowsQuery, known_kpi, period_of, validated, where_of
from kpis.behind import rows_behind, tally_of, unlisted_behind
from kpis.kpi import Kpi, Tally
from kpis.measure import NotMeasurable, can_measure
from kpis.shares import check_whole
from people.api.base import Cursor, paging_parameters, viewer_of
from people.tokens.models import Scope


class SurveyAnswerSerializer(serializers.ModelSerializer):
    class Meta:
        model = SurveyAnswer
        fields = ["id", "external_id", "contact", "received_at", "csat", "nps", "ces", "is_resolved", "comment"]


class ComplaintSerializer(serializers.ModelSerializer):
    class Meta:
        model = Complaint
        fields = ["id", "external_id", "contact", "received_at", "text"]


class AgentStateSerializer(WithoutCosts):
    class Meta:
        model = AgentState
        fields = ["id", "external_id", "agent", "team", "day", "state", "started_at", "ended_at", "seconds", "cost"]


class ShiftSerializer(serializers.ModelSerializer):
    class Meta:
        model = Shift
        fields = [
            "id",
            "external_id",
            "agent",
            "team",
            "day",
            "activity",
            "starts_at",
            "ends_at",
            "seconds",
            "adherent_seconds",
        ]


SERIALIZERS: dict[Any, type[serializers.ModelSerializer]] = {
    Contact: ContactSerializer,
    SurveyAnswer: SurveyAnswerSerializer,
    Complaint: ComplaintSerializer,
    AgentState: AgentStateSerializer,
    Shift: ShiftSerializer,
}


class RowsSerializer(serializers.Serializer):
    """A page of the rows, with what they come to."""

    tally = serializers.CharField(help_text="What is counted or added up.")
    fact = serializers.CharField(help_text="The kind of row.")
    total = serializers.FloatField(allow_null=True, help_text="Their number, sum or maximum; on the first page only.")
    unlisted = serializers.IntegerField(
        allow_null=True,
        help_text="How many more rows are in the reading: contacts of your queues that other teams answered, which "
        "are not yours to read; on the first page only.",
    )
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = PolymorphicProxySerializer(
        component_name="Fact",
        serializers=list(SERIALIZERS.values()),
        resource_type_field_name=None,
        many=True,
    )


class RowsView(APIView):
    """The rows behind a reading."""

    scope = Scope.READ_CONTACTS
    pagination_class = Cursor

    @property
    def paginator(self) -> Cursor:
        """One for this call."""
        if not hasattr(self, "_paginator"):
            self._paginator = self.pagination_class()
        return self._paginator

    @extend_schema(
        tags=["kpis"], operation_id="rows_behind_a_reading", parameters=[RowsQuery], responses=RowsSerializer
    )
    def get(self, request: Request) -> Response:
        """The contacts (or answers, states, shifts) that make up the top, the bottom or one tally of a KPI."""
        values = validated(RowsQuery, request, also=tuple(paging_parameters(self)))
        kpi = known_kpi(values["kpi"])
        tally = named_tally(kpi, values["part"])
        where = where_of(values)
        if not can_measure(kpi, where.keys(), viewer=viewer_of(request)):
            raise ValidationError(
                {"kpi": [_("%(kpi)s cannot be kept to: %(where)s.") % {"kpi": kpi.name, "where": ", ".join(where)}]}
            )
        try:
            check_whole([kpi], viewer=viewer_of(request), where=where)
        except NotMeasurable as error:
            raise ValidationError({"queue": [str(error)]}) from error
        asked: dict[str, Any] = {"viewer": viewer_of(request), "period": period_of(values), "where": where}
        rows = rows_behind(kpi, tally.key, **asked)
        is_first = self.paginator.cursor_query_param not in request.query_params
        sums = {
            "total": total_of(tally, rows) if is_first else None,
            "unlisted": unlisted_behind(kpi, tally.key, **asked) if is_first else None,
        }
        return self._page(request, tally, rows, sums)

    def _page(self, request: Request, tally: Tally, rows: QuerySet, sums: dict[str, float | None]) -> Response:
        model = rows.model
        related = NAMES if model is Contact else ()
        page = self.paginator.paginate_queryset(rows.select_related(*related), request, view=self)
        found = SERIALIZERS[model](page, many=True, context={"request": request})
        answer = {"tally": tally.key, "fact": model._meta.model_name}
        return Response(answer | sums | self.paginator.get_paginated_response(found.data).data)


def named_tally(kpi: Kpi, part: str) -> Tally:
    """The one tally that ``part`` names; raises ValidationError where it names several or none."""
    try:
        return tally_of(kpi, part)
    except NotMeasurable as error:
        raise ValidationError({"part": [str(error)]}) from error


def total_of(tally: Tally, rows: QuerySet) -> float:
    """What the rows come to: their number, sum or maximum."""
    if tally.add is None:
        return rows.count()
    found = rows.aggregate(total=(Max if tally.is_maximum else Sum)("added"))["total"]
    return float(found or 0)
