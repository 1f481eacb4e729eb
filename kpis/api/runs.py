"""Runs: the log of computations, and starting one."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from kpis import tasks
from kpis.models import Run, RunDay
from kpis.period import Period
from people.api.base import ReadViewSet, WordsFilter, viewer_of
from people.days import check_days
from people.tokens.models import Scope


class RunDaySerializer(serializers.ModelSerializer):
    class Meta:
        model = RunDay
        fields = ["day", "seconds", "finished_at", "differences"]


class RunSerializer(serializers.ModelSerializer):
    started_by: Any = serializers.StringRelatedField()
    days_done = serializers.IntegerField()

    class Meta:
        model = Run
        fields = [
            "id",
            "kind",
            "state",
            "started_at",
            "heartbeat_at",
            "finished_at",
            "started_by",
            "horizon",
            "days_planned",
            "days_done",
            "message",
        ]


class RunDetailSerializer(RunSerializer):
    days = RunDaySerializer(many=True)

    class Meta(RunSerializer.Meta):
        fields = [*RunSerializer.Meta.fields, "days"]


class RunRequestSerializer(serializers.Serializer):
    """What to compute: only what changed, or all days anew, or those from one to another."""

    kind = serializers.ChoiceField(choices=[Run.Kind.CHANGES, Run.Kind.REBUILD], default=Run.Kind.CHANGES)
    # `from` is a word of the language, so it cannot be written as a name.
    vars()["from"] = serializers.DateField(required=False)
    to = serializers.DateField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Days come in pairs, in order, and with a rebuild only."""
        start, end = attrs.get("from"), attrs.get("to")
        if (start is None) != (end is None):
            raise ValidationError({"from" if start is None else "to": [_("is needed too: a period has two ends.")]})
        if start and attrs["kind"] != Run.Kind.REBUILD:
            raise ValidationError({"from": [_("goes with kind “rebuild” only.")]})
        if start and end:
            check_days(start, end)
        return attrs


class Unavailable(APIException):
    """What the call needs cannot be reached just now."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE


class RunFilter(filters.FilterSet):
    kind = WordsFilter()
    state = WordsFilter()


@extend_schema(tags=["runs"])
@extend_schema_view(retrieve=extend_schema(responses=RunDetailSerializer))
class RunViewSet(ReadViewSet):
    """Computations of KPIs, the latest first; for those who see the whole centre."""

    scope = Scope.READ_KPIS
    write_scope = Scope.ADMIN_RUNS
    queryset = Run.objects.select_related("started_by").annotate(days_done=Count("days")).order_by("-pk")
    serializer_class = RunSerializer
    filterset_class = RunFilter

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return RunDetailSerializer if self.action == "retrieve" else RunSerializer

    @extend_schema(request=RunRequestSerializer, responses={202: RunSerializer})
    def create(self, request: Request) -> Response:
        """Start a run; it goes on in the background. Ask for it again to see how far it is."""
        asked = RunRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        period = Period(values["from"], values["to"]) if "from" in values else None
        try:
            run_id = tasks.request_run(values["kind"], by=viewer_of(request), period=period)
        except tasks.NothingToCompute as error:
            raise ValidationError({"from": [str(error)]}) from error
        except tasks.NoWorkers as error:
            raise Unavailable(str(error)) from error
        run = self.get_queryset().get(pk=run_id)
        return Response(RunSerializer(run).data, status=status.HTTP_202_ACCEPTED)
