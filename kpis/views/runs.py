"""The log of runs, and asking for one."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kpis import tasks
from kpis.forms import RecomputeForm
from kpis.horizon import horizon
from kpis.models import Run
from kpis.period import Period
from kpis.services import marked_days
from kpis.views.page import whole_centre_only
from people.access import require_role, viewer_of
from people.models import Role, User

RUNS_A_PAGE = 30
DAYS_A_PAGE = 60
MAY_RECOMPUTE = (Role.DIRECTOR, Role.ADMINISTRATOR)


def _runs(viewer: User) -> QuerySet[Run]:
    troubled = Count("days", filter=~Q(days__differences=[]))
    runs = Run.objects.all().visible_to(viewer)
    return runs.select_related("started_by").annotate(days_done=Count("days"), days_troubled=troubled)


def template_for(request: HttpRequest, page: str, part: str) -> str:
    """The whole page, or the part of it that keeps itself up to date."""
    return f"{page}#{part}" if request.headers.get("HX-Request") else page


@whole_centre_only
def run_list(request: HttpRequest) -> HttpResponse:
    """All runs, the latest first; while one is running the page keeps itself up to date."""
    page = Paginator(_runs(viewer_of(request)).order_by("-pk"), RUNS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "is_running": any(run.state == Run.State.RUNNING for run in page),
        "waiting": marked_days(),
        "horizon": horizon(),
        "form": RecomputeForm() if viewer_of(request).has_role(*MAY_RECOMPUTE) else None,
    }
    return render(request, template_for(request, "kpis/run_list.html", "runs"), context)


@whole_centre_only
def run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One run, its days, and what does not reconcile."""
    run = get_object_or_404(_runs(viewer_of(request)), pk=pk)
    page = Paginator(run.days.order_by("day"), DAYS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "run": run,
        "page": page,
        "troubled": run.days.exclude(differences=[]).order_by("day")[:DAYS_A_PAGE],
        "is_running": run.state == Run.State.RUNNING,
    }
    return render(request, template_for(request, "kpis/run_detail.html", "run"), context)


@require_role(*MAY_RECOMPUTE)
@require_POST
def recompute(request: HttpRequest) -> HttpResponse:
    """Ask for all days, or those from–to, to be computed anew."""
    form = RecomputeForm(request.POST)
    if not form.is_valid():
        for error in form.complaints:
            messages.error(request, error)
        return redirect("kpis:run_list")
    period = Period(*form.days) if form.days else None
    try:
        tasks.request_run(Run.Kind.REBUILD, by=viewer_of(request), period=period)
    except (tasks.NothingToCompute, tasks.NoWorkers) as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The days are being computed anew; the run below shows how far it is."))
    return redirect("kpis:run_list")
