"""Targets, for reading."""

from __future__ import annotations

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from kpis.models import Target
from people.api.base import IdsFilter, ReadViewSet, WordsFilter
from people.tokens.models import Scope


class TargetSerializer(serializers.ModelSerializer):
    class Meta:
        model = Target
        fields = ["id", "kpi", "team", "agent", "queue", "starts_on", "ends_on", "value", "tolerance"]


class TargetFilter(filters.FilterSet):
    kpi = WordsFilter()
    team = IdsFilter()
    agent = IdsFilter()
    queue = IdsFilter()


@extend_schema(tags=["kpis"])
class TargetViewSet(ReadViewSet):
    """What KPIs should reach, for the centre, a queue, a team or an agent, from a date on."""

    scope = Scope.READ_KPIS
    queryset = Target.objects.order_by("pk")
    serializer_class = TargetSerializer
    filterset_class = TargetFilter
