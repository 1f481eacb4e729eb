"""What a call asks of the KPIs: parameters into KPIs, period, dimensions and filters, or a clear error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from kpis.definitions import UnknownKpi, kpi
from kpis.dimensions import DIMENSIONS
from kpis.kpi import Kpi
from kpis.measure import Where
from kpis.period import Period
from people.api.base import GREATEST_ID, refuse_unknown
from people.days import check_days
from people.models import Channel


class ListedField(serializers.ListField):
    """Several values with commas, or the parameter given several times."""

    def to_internal_value(self, data: Any) -> list[Any]:
        """Split at commas; empty pieces do not count."""
        pieces = [piece.strip() for text in data for piece in str(text).split(",")]
        return super().to_internal_value([piece for piece in pieces if piece])


def ids() -> ListedField:
    return ListedField(
        child=serializers.IntegerField(min_value=0, max_value=GREATEST_ID), required=False, allow_empty=False
    )


class PeriodQuery(serializers.Serializer):
    """Days, and the slice of the centre that is asked about."""

    # `from` is a word of the language, so it cannot be written as a name.
    vars()["from"] = serializers.DateField(help_text="First business day.")
    to = serializers.DateField(help_text="Last business day, included.")
    team = ids()
    agent = ids()
    queue = ids()
    reason = ids()
    site = ids()
    channel = ListedField(child=serializers.ChoiceField(choices=Channel.choices), required=False, allow_empty=False)
    line_of_business = ListedField(child=serializers.CharField(), required=False, allow_empty=False)
    weekday = ListedField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        required=False,
        allow_empty=False,
        help_text="0 is Monday.",
    )
    slot = ListedField(
        child=serializers.IntegerField(min_value=0, max_value=47),
        required=False,
        allow_empty=False,
        help_text="Half-hours, 0–47.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A period runs forward and is not endless."""
        check_days(attrs["from"], attrs["to"])
        return attrs


class ReadingsQuery(PeriodQuery):
    """Which KPIs, over which days, split by what."""

    kpi = ListedField(child=serializers.CharField(), allow_empty=False, help_text="Keys out of the catalogue.")
    by = ListedField(child=serializers.ChoiceField(choices=DIMENSIONS), required=False)


class RowsQuery(PeriodQuery):
    """The rows behind one part of one reading."""

    kpi = serializers.CharField(help_text="A key out of the catalogue.")
    part = serializers.CharField(
        default="top", help_text="“top”, “bottom”, or one of the tallies that the catalogue names for the KPI."
    )


def validated(query: type[serializers.Serializer], request: Request, also: Sequence[str] = ()) -> dict[str, Any]:
    """The call's parameters; raises ValidationError for what is wrong, missing or unknown (but ``also``)."""
    serializer = query(data=request.query_params)
    refuse_unknown(request, {*serializer.fields, *also})
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def known_kpi(key: str) -> Kpi:
    """The KPI of this key; raises ValidationError with a sentence."""
    try:
        return kpi(key)
    except UnknownKpi as error:
        raise ValidationError({"kpi": [error.args[0]]}) from error


def period_of(values: dict[str, Any]) -> Period:
    return Period(values["from"], values["to"])


def where_of(values: dict[str, Any]) -> Where:
    """The filters that were given."""
    return {dimension: values[dimension] for dimension in DIMENSIONS if values.get(dimension)}
