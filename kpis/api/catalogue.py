"""The catalogue: what each KPI means and what it may be split by."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.api.readings import unchanged, with_etag
from kpis.definitions import KPIS, UnknownKpi, kpi
from kpis.dimensions import DIMENSIONS
from kpis.kpi import Kpi, Total
from kpis.measure import can_measure
from kpis.tally_names import TALLY_NAMES
from people.api.base import refuse_unknown
from people.tokens.models import Scope


class TermSerializer(serializers.Serializer):
    """A tally that is added or taken away."""

    tally = serializers.CharField()
    name = serializers.CharField()
    sign = serializers.ChoiceField(choices=[1, -1])


class KpiSerializer(serializers.Serializer):
    """A KPI. Texts follow Accept-Language."""

    key = serializers.CharField(help_text="Permanent.")
    name = serializers.CharField()
    question = serializers.CharField(help_text="What it answers.")
    formula = serializers.CharField()
    definition = serializers.CharField(help_text="Variants, pitfalls, and why this one.")
    group = serializers.CharField()
    unit = serializers.CharField()
    better = serializers.CharField(help_text="higher, lower or neither")
    sample = serializers.CharField(help_text="What n counts.")
    minimum = serializers.IntegerField(help_text="The sample below which a value is neither ranked nor coloured.")
    interval = serializers.CharField(source="spread", help_text="How the 95 % interval is computed; none without one.")
    # A field of a serializer also has an attribute `source`.
    source = serializers.CharField(  # type: ignore[assignment]
        help_text="Where the definition comes from."
    )
    top = serializers.SerializerMethodField()
    bottom = serializers.SerializerMethodField()
    dimensions = serializers.SerializerMethodField(help_text="What the caller may split it by, each alone.")

    @extend_schema_field(TermSerializer(many=True, allow_null=True))
    def get_top(self, kpi: Kpi) -> list[dict[str, Any]] | None:
        """The tallies that are divided."""
        return terms(kpi.top)

    @extend_schema_field(TermSerializer(many=True, allow_null=True))
    def get_bottom(self, kpi: Kpi) -> list[dict[str, Any]] | None:
        """The tallies it is divided by."""
        return terms(kpi.bottom)

    def get_dimensions(self, kpi: Kpi) -> list[str]:
        """Each of them alone; some KPIs do not have all of them at once."""
        viewer = self.context["request"].user
        return [dimension for dimension in DIMENSIONS if can_measure(kpi, [dimension], viewer=viewer)]


def terms(total: Total | None) -> list[dict[str, Any]] | None:
    """A top or bottom as tallies with their signs; None where a KPI has none."""
    if total is None:
        return None
    return [{"tally": tally.key, "name": str(TALLY_NAMES[tally.key]), "sign": sign} for tally, sign in total.terms]


class CatalogueView(APIView):
    """All KPIs."""

    scope = Scope.READ_KPIS

    @extend_schema(tags=["kpis"], operation_id="kpis", responses=KpiSerializer(many=True))
    def get(self, request: Request) -> HttpResponseBase:
        """Every KPI with its definition, in the order of the catalogue."""
        refuse_unknown(request, set())
        return marked(request, KpiSerializer(list(KPIS.values()), many=True, context={"request": request}).data)


class KpiView(APIView):
    """One KPI."""

    scope = Scope.READ_KPIS

    @extend_schema(tags=["kpis"], operation_id="kpi", responses=KpiSerializer)
    def get(self, request: Request, key: str) -> HttpResponseBase:
        """One KPI with its definition."""
        try:
            found = kpi(key)
        except UnknownKpi as error:
            raise NotFound(error.args[0]) from error
        return marked(request, KpiSerializer(found, context={"request": request}).data)


def marked(request: Request, content: Any) -> HttpResponseBase:
    """The content with an ETag of what it says."""
    etag = f'"{hashlib.sha256(JSONRenderer().render(content)).hexdigest()[:32]}"'
    return unchanged(request, etag) or with_etag(Response(content), etag)
