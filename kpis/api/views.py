"""Saved views: questions that people keep under a name, and the way from one to its readings."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from kpis.api.catalogue import marked
from kpis.api.readings import KINDS
from kpis.explore.models import SavedView
from kpis.explore.services import NOT_LED, change_view, delete_view, replace_view, save_view
from kpis.explore.written import kept_form, question_of
from people.api.base import GREATEST_ID, IdsFilter, ReadViewSet, SearchFilter, viewer_of
from people.api.files import format_parameter
from people.models import Team, User
from people.tokens.models import Scope


class SavedViewSerializer(serializers.ModelSerializer):
    """A question that somebody keeps. Whoever opens it reads only the figures that are theirs to see."""

    owner: Any = serializers.StringRelatedField(help_text="Whose it is: nobody else changes it.")
    is_own = serializers.SerializerMethodField(help_text="Whether the caller owns it.")
    page = serializers.SerializerMethodField(help_text="Where it opens in Explore.")
    readings = serializers.SerializerMethodField(help_text="Where its readings are, over the days that it means today.")

    class Meta:
        model = SavedView
        fields = ["id", "name", "query", "team", "owner", "is_own", "changed_at", "page", "readings"]

    def get_is_own(self, view: SavedView) -> bool:
        return bool(view.owner_id == self.context["request"].user.pk)

    def get_page(self, view: SavedView) -> str:
        return self._address("kpis:view_open", view)

    def get_readings(self, view: SavedView) -> str:
        return self._address("api:saved-view-readings", view)

    def _address(self, name: str, view: SavedView) -> str:
        address: str = self.context["request"].build_absolute_uri(reverse(name, args=[view.pk]))
        return address


class SavedViewRequestSerializer(serializers.Serializer):
    """A view to be kept or changed."""

    name = serializers.CharField(max_length=80)
    query = serializers.CharField(
        max_length=1500,
        help_text="What stands in the address of Explore: `kpi`, `by` (up to two), `from` and `to` or a usual `period` "
        "that moves along with the data, `compare`, `channel`, `queue`, `team` (with those below it), `agent`, `show`.",
    )
    team = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=GREATEST_ID,
        help_text="The team it is shared with; null for nobody.",
    )


class SavedViewFilter(filters.FilterSet):
    name = SearchFilter("name")
    team = IdsFilter()
    is_own = filters.BooleanFilter(method="owned", label="The caller's own, or those of others")

    def owned(self, views: QuerySet, name: str, wanted: bool) -> QuerySet:
        """Those of the caller, or all others."""
        own = {"owner": viewer_of(self.request)}
        return views.filter(**own) if wanted else views.exclude(**own)


@extend_schema(tags=["kpis"])
@extend_schema_view(retrieve=extend_schema(description="One saved view."))
class SavedViewViewSet(ReadViewSet):
    """Saved views: the caller's own, and those shared with the caller's teams."""

    scope = Scope.READ_KPIS
    write_scope = Scope.WRITE_VIEWS
    queryset = SavedView.objects.select_related("owner").order_by("pk")
    serializer_class = SavedViewSerializer
    filterset_class = SavedViewFilter

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Views of others are there for reading only; one's own are locked until they are changed."""
        found: QuerySet = super().filter_queryset(queryset)
        if self.request.method in SAFE_METHODS:
            return found
        return found.filter(owner=viewer_of(self.request)).select_for_update(of=("self",))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """What was read carries an ETag of what it says."""
        is_content = request.method == "GET" and isinstance(response, Response) and response.status_code == 200
        return super().finalize_response(request, marked(request, response.data) if is_content else response, *args)

    @extend_schema(request=SavedViewRequestSerializer, responses={201: SavedViewSerializer})
    def create(self, request: Request) -> Response:
        """Keep a question under a name."""
        by = viewer_of(request)
        if not by.sees_figures:
            raise NotFound
        values = checked(request, by)
        view = save_view(name=values["name"], query=values["query"], team=values.get("team"), by=by)
        answer = self.get_serializer(view).data
        address = request.build_absolute_uri(reverse("api:saved-view-detail", args=[view.pk]))
        return Response(answer, status=status.HTTP_201_CREATED, headers={"Location": address})

    @extend_schema(request=SavedViewRequestSerializer, responses=SavedViewSerializer)
    def update(self, request: Request, pk: str, *, partial: bool = False) -> Response:
        """Another name, question and readers for a view of one's own; a team that is left out is none."""
        by = viewer_of(request)
        values = checked(request, by, partial=partial)
        with transaction.atomic():
            view = self.get_object()
            kept = {"name": view.name, "team": view.team, "query": view.query} if partial else {"team": None}
            values = kept | values
            change_view(view, name=values["name"], team=values["team"], by=by)
            replace_view(view, query=values["query"], by=by)
        return Response(self.get_serializer(view).data)

    @extend_schema(request=SavedViewRequestSerializer, responses=SavedViewSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Only what is sent is changed."""
        return self.update(request, pk, partial=True)

    @transaction.atomic
    def destroy(self, request: Request, pk: str) -> Response:
        """Forget a view of one's own, for everybody it was shared with too."""
        delete_view(self.get_object(), by=viewer_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(parameters=[format_parameter(*KINDS)], responses={302: None})
    @action(detail=True, renderer_classes=KINDS, pagination_class=None)
    def readings(self, request: Request, pk: str) -> HttpResponseBase:
        """Leads to the readings of the view, over the days that it means today, as far as they are the caller's."""
        question = question_of(self.get_object().query, viewer=viewer_of(request))
        # A filter that is left out would tell of more than the view asks for, and nobody would notice.
        complaints = question.selection.form.complaints
        if complaints or not question.told:
            raise ValidationError({"query": [*complaints, *question.problems]})
        format_asked = f"&format={request.accepted_renderer.format}" if "format" in request.query_params else ""
        return HttpResponseRedirect(f"{reverse('api:readings')}?{question.api_query}{format_asked}")


def checked(request: Request, by: User, *, partial: bool = False) -> dict[str, Any]:
    """What was sent, its question as views keep it and its team as a row; raises ValidationError for what is wrong."""
    given = SavedViewRequestSerializer(data=request.data, partial=partial)
    given.is_valid(raise_exception=True)
    values: dict[str, Any] = given.validated_data
    if "query" in values:
        values["query"] = kept_form(values["query"], viewer=by)
    if values.get("team") is not None:
        values["team"] = Team.objects.visible_to(by).without_tree_fields().filter(pk=values["team"]).first()
        if values["team"] is None:
            raise ValidationError({"team": [NOT_LED]})
    return values
