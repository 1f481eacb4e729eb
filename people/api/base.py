"""The ground the viewsets stand on: scoped rows, pages, and filters that refuse what they do not know."""

from __future__ import annotations

import re
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from django_filters.filters import BaseInFilter
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination, PageNumberPagination
from rest_framework.request import Request
from rest_framework.views import APIView
from rest_framework.viewsets import ReadOnlyModelViewSet

from people.api import schema  # noqa: F401 - tells the schema of the tokens
from people.models import User

GREATEST_ID = 2**63 - 1


class Pages(PageNumberPagination):
    """Numbered pages, for lists that stay short."""

    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000


class Cursor(CursorPagination):
    """Pages that follow each other without counting: as fast on the last as on the first."""

    ordering = "-pk"
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000

    def decode_cursor(self, request: Request) -> Any:
        """Where a page begins; raises NotFound for one that no page ever named."""
        cursor = super().decode_cursor(request)
        if cursor and cursor.position is not None and not re.fullmatch(r"[0-9]{1,18}", str(cursor.position)):
            raise NotFound(self.invalid_cursor_message)
        return cursor


class IdField(forms.IntegerField):
    """An id that the database can hold."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=GREATEST_ID, **options)


class IdFilter(filters.Filter):
    field_class = IdField


@extend_schema_field(OpenApiTypes.INT)
class IdsFilter(BaseInFilter, IdFilter):
    """One id or several, with commas: ``team=4,7``."""


@extend_schema_field(OpenApiTypes.STR)
class WordsFilter(BaseInFilter, filters.CharFilter):
    """One word or several, with commas: ``channel=voice,chat``."""


class DayFilter(filters.DateFilter):
    """A day as 2026-11-30, and in no other way: 11/12 is not the same everywhere."""

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **options)


@extend_schema_field(OpenApiTypes.STR)
class SearchFilter(filters.CharFilter):
    """Any part of a name or code, whatever the case."""

    def __init__(self, field_name: str, **options: Any) -> None:
        super().__init__(field_name=field_name, lookup_expr="icontains", **options)


class StrictFilters(filters.DjangoFilterBackend):
    """Filters that refuse a parameter they do not know: a misspelt filter must not give everything."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        filterset_class = self.get_filterset_class(view, queryset)
        refuse_unknown(request, {*(filterset_class.base_filters if filterset_class else ()), *paging_parameters(view)})
        return super().filter_queryset(request, queryset, view)


def refuse_unknown(request: Request, known: set[str]) -> None:
    """Raise ValidationError naming the first query parameter that is not in ``known``."""
    for name in request.query_params:
        if name not in known and name != "format":
            raise ValidationError(
                {name: [_("is not a parameter here. Known are: %(known)s.") % {"known": ", ".join(sorted(known))}]}
            )


def paging_parameters(view: Any) -> set[str]:
    """The names of the query parameters that choose a page of this view."""
    paginator = getattr(view, "paginator", None)
    names = ("page_query_param", "page_size_query_param", "cursor_query_param")
    return {getattr(paginator, name) for name in names if getattr(paginator, name, None)}


class ReadViewSet(ReadOnlyModelViewSet):
    """A list and its rows, for reading; ``queryset`` is narrowed to what the viewer may see."""

    pagination_class: Any = Pages
    filter_backends = [StrictFilters]
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet:
        """The viewer's rows only."""
        return visible(super().get_queryset(), self)


def viewer_of(request: Request) -> User:
    """Who calls. Strangers do not come so far: `TokenScope` turns them away."""
    return cast(User, request.user)


def visible(rows: Any, view: APIView) -> QuerySet:
    """``rows`` that the viewer of this call may see; none while the schema is drawn up."""
    if getattr(view, "swagger_fake_view", False):
        return rows.none()
    found: QuerySet = rows.visible_to(viewer_of(view.request))
    return found
