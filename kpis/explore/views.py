"""Explore, and the views that people keep of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpis.dashboards.parts import Make
from kpis.dashboards.tiles import tiles
from kpis.explore.answer import Answer
from kpis.explore.choices import dimension_choices, fields, kpi_choices
from kpis.explore.figures import parts
from kpis.explore.files import TYPES, as_file
from kpis.explore.forms import NewViewForm, ViewForm
from kpis.explore.models import SavedView
from kpis.explore.periods import key_of, moving, with_days
from kpis.explore.pivot import pivots
from kpis.explore.question import CHART, TABLE, Question
from kpis.explore.services import delete_view, replace_view
from kpis.explore.size import too_much
from kpis.horizon import horizon
from kpis.period import Period
from kpis.views.page import show
from people.access import get_visible_or_404, viewer_of
from people.models import Team, User

Page = Callable[..., HttpResponseBase]


def figures_only(page: Page) -> Page:
    """Who has no figures to read finds nothing to explore."""

    @wraps(page)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not viewer_of(request).sees_figures:
            raise Http404
        return page(request, *args, **kwargs)

    return gated


def _question_of(request: HttpRequest) -> Question:
    """What stands in the address of a page."""
    return Question.read(request.GET, viewer=viewer_of(request))


@figures_only
def explore(request: HttpRequest) -> HttpResponseBase:
    """The charts or the table of a question; ``?file=`` for all its readings, ``?csv=`` for those of one chart."""
    question = _question_of(request)
    answer, refusal = Answer(question), too_much(question)
    kind = request.GET.get("file")
    if kind and kind not in TYPES:
        raise Http404
    if kind and not refusal:
        return as_file(answer, kind)
    charts, context = ({}, {}) if refusal else _shown(answer)
    about = {"question": question, "refusal": refusal, **_choices(question), **_views(request, question)}
    page = show(request, "kpis/explore.html", question.board, charts, fields=(), about=about, **context)
    page.status_code = 400 if kind else page.status_code
    return page


def _shown(answer: Answer) -> tuple[Mapping[str, Make], dict[str, Callable[[], Any]]]:
    """The charts, and what stands in their place: tables, or without a split tiles."""
    if answer.question.show == TABLE:
        return {}, {"pivots": lambda: pivots(answer)}
    keys = [kpi.key for kpi in answer.kpis]
    return parts(answer), {} if answer.by else {"tiles": lambda: tiles(answer.board, keys)}


def _choices(question: Question) -> dict[str, Any]:
    return {
        "kpi_groups": kpi_choices(question),
        "splits": dimension_choices(question),
        "choices": fields(question),
        "shows": [(CHART, _("Chart"), question.address(show=CHART)), (TABLE, _("Table"), question.address(show=TABLE))],
        "presets": [
            (preset.name, question.address(**days_of(preset.period)), preset.period == question.selection.period)
            for preset in question.selection.presets
        ],
        "kinds": [kind.upper() for kind in TYPES],
    }


def days_of(period: Period) -> dict[str, Any]:
    """A period as it stands in an address."""
    return {"from": period.start, "to": period.end}


def _views(request: HttpRequest, question: Question) -> dict[str, Any]:
    """The viewer's own views, those shared with them, and the one that is open."""
    views = list(SavedView.objects.visible_to(viewer_of(request)).select_related("owner", "team"))
    own = [view for view in views if view.owner_id == request.user.pk]
    shared_with = {view.team_id for view in own if view.team_id}
    opened = question.view
    return {
        "own_views": own,
        "lost_teams": shared_with - _teams_of(viewer_of(request), shared_with),
        "shared_views": [view for view in views if view.owner_id != request.user.pk],
        "opened": next((view for view in views if str(view.pk) == opened), None),
    }


def _teams_of(viewer: User, teams: Collection[int]) -> set[int]:
    """Those of some teams that the viewer may see."""
    seen = Team.objects.visible_to(viewer).without_tree_fields().filter(pk__in=teams) if teams else []
    return {team.pk for team in seen}


def own_views(viewer: User) -> QuerySet[SavedView]:
    """The views that somebody may change."""
    found: QuerySet[SavedView] = SavedView.objects.visible_to(viewer).filter(owner=viewer)
    return found


@figures_only
def view_open(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Lead to the question of a view, with the days that it means today."""
    view = get_visible_or_404(SavedView, request.user, pk=pk)
    return redirect(f"{reverse('kpis:explore')}?{with_days(view.query, horizon())}&{urlencode({'view': view.pk})}")


@figures_only
@require_http_methods(["GET", "POST"])
def view_create(request: HttpRequest) -> HttpResponseBase:
    """Keep the question that stands in the address."""
    question = _question_of(request)
    form = NewViewForm(request.POST or None, question=question, initial={"name": question.name[:80]})
    if request.method == "POST" and form.is_valid() and form.create():
        messages.success(request, _("“%(name)s” is saved.") % {"name": form.cleaned_data["name"]})
        return redirect(f"{reverse('kpis:explore')}?{question.query}")
    return render(request, "kpis/explore_view.html", {"form": form, "question": question})


@figures_only
@require_http_methods(["GET", "POST"])
def view_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Another name, or other readers."""
    view = get_object_or_404(own_views(viewer_of(request)), pk=pk)
    form = ViewForm(request.POST or None, by=viewer_of(request), initial={"name": view.name, "team": view.team})
    if request.method == "POST" and form.is_valid() and form.change(view):
        messages.success(request, _("Saved."))
        return redirect("kpis:view_open", view.pk)
    return render(request, "kpis/explore_view.html", {"form": form, "view": view})


@figures_only
@require_POST
def view_replace(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The question in the address takes the place of the view's; days that are a usual period move along."""
    view = get_object_or_404(own_views(viewer_of(request)), pk=pk)
    question = _question_of(request)
    key = key_of(question.selection.period, question.selection.reach)
    asked = question.address(view=None)
    replace_view(view, query=moving(asked, key) if key else asked, by=viewer_of(request))
    messages.success(request, _("“%(name)s” now shows this.") % {"name": view})
    return redirect("kpis:view_open", view.pk)


@figures_only
@require_http_methods(["GET", "POST"])
def view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, then forget the view."""
    view = get_object_or_404(own_views(viewer_of(request)), pk=pk)
    if request.method == "GET":
        return render(request, "kpis/explore_view_delete.html", {"view": view})
    delete_view(view, by=viewer_of(request))
    messages.success(request, _("“%(name)s” is deleted.") % {"name": view})
    return redirect("kpis:explore")
