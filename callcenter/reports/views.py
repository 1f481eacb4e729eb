"""Reports on demand, and the pages of their schedules."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from callcenter.reports.content import board_of, report_on
from callcenter.reports.forms import ScheduleForm
from callcenter.reports.models import Delivery, ReportSchedule
from callcenter.reports.pdf import as_pdf, file_name
from callcenter.reports.services import PLANNERS, send_now, set_active
from callcenter.reports.tasks import hand_over
from kpis.views.page import whole_centre_only
from people.access import SignedInRequest, get_visible_or_404, require_role
from people.models import Team

planners_only = require_role(*PLANNERS)
DELIVERIES_A_PAGE = 50


@require_GET
@whole_centre_only
def centre_pdf(request: SignedInRequest) -> HttpResponse:
    """The centre's page, typeset."""
    return _as_pdf(request, None)


@require_GET
def team_pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    """A team's page, typeset."""
    return _as_pdf(request, get_visible_or_404(Team, request.user, pk=pk))


def _as_pdf(request: SignedInRequest, team: Team | None) -> HttpResponse:
    report = report_on(board_of(request.user, request.GET, team), team)
    response = HttpResponse(as_pdf(report), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, file_name(report))
    return response


@require_GET
@planners_only
def report_list(request: SignedInRequest) -> HttpResponse:
    """What goes out by itself, to whom and when."""
    schedules = ReportSchedule.objects.visible_to(request.user).with_latest().select_related("team__site")
    return _page(request, "report_list.html", schedules=schedules)


@require_http_methods(["GET", "POST"])
@planners_only
def report_create(request: SignedInRequest) -> HttpResponse:
    """A new schedule, with oneself among the recipients."""
    initial = {"recipients": [request.user.pk]} | _chosen(request)
    return _edited(request, ScheduleForm(request.POST or None, viewer=request.user, initial=initial))


@require_http_methods(["GET", "POST"])
@planners_only
def report_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Another time, other people."""
    schedule = get_visible_or_404(ReportSchedule, request.user, pk=pk)
    form = ScheduleForm(request.POST or None, instance=schedule, viewer=request.user, initial=_chosen(request))
    return _edited(request, form)


def _chosen(request: SignedInRequest) -> dict[str, Any]:
    """What stands in an unfinished form whose team was changed: other people are offered then."""
    if "team" not in request.GET:
        return {}
    return {"team": request.GET["team"], "recipients": request.GET.getlist("recipients")}


def _edited(request: SignedInRequest, form: ScheduleForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid() and (kept := form.keep()):
        messages.success(request, _("Saved."))
        return redirect(kept)
    return _page(request, "report_form.html", form=form, schedule=form.instance)


@require_GET
@planners_only
def report_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One schedule, and what became of its reports; the log renews itself while one is under way."""
    schedule = get_visible_or_404(ReportSchedule, request.user, pk=pk)
    deliveries = Delivery.objects.visible_to(request.user).filter(schedule=schedule).select_related("recipient")
    page = Paginator(deliveries, DELIVERIES_A_PAGE).get_page(request.GET.get("page"))
    return _page(
        request,
        "report_detail.html#log" if request.htmx else "report_detail.html",
        schedule=schedule,
        recipients=schedule.recipients.order_by("first_name", "last_name", "username"),
        page=page,
        is_running=any(delivery.is_under_way for delivery in page),
    )


def _page(request: SignedInRequest, template: str, **context: Any) -> HttpResponse:
    """A page of this part, which says when no e-mail can leave the house."""
    return render(request, f"callcenter/{template}", context | {"has_mail_server": settings.HAS_MAIL_SERVER})


@require_POST
@planners_only
def report_pause(request: SignedInRequest, pk: int) -> HttpResponse:
    """Nothing goes out until it is resumed."""
    schedule = get_visible_or_404(ReportSchedule, request.user, pk=pk)
    set_active(schedule, is_active=False, by=request.user)
    messages.success(request, _("Paused. Nothing is sent until you resume it."))
    return redirect(schedule)


@require_POST
@planners_only
def report_resume(request: SignedInRequest, pk: int) -> HttpResponse:
    """From the next due moment on."""
    schedule = get_visible_or_404(ReportSchedule, request.user, pk=pk)
    set_active(schedule, is_active=True, by=request.user)
    messages.success(request, _("Resumed."))
    return redirect(schedule)


@require_POST
@planners_only
def report_send(request: SignedInRequest, pk: int) -> HttpResponse:
    """To everybody at once, beside the schedule."""
    schedule = get_visible_or_404(ReportSchedule, request.user, pk=pk)
    ids = send_now(schedule, by=request.user)
    hand_over(ids)
    count = len(ids)
    words = ngettext("On its way to %(count)s person.", "On its way to %(count)s people.", count)
    messages.success(request, words % {"count": count})
    return redirect(schedule)


@require_http_methods(["GET", "POST"])
@planners_only
def report_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asks once, saying what will be lost."""
    schedule = get_visible_or_404(ReportSchedule, request.user, pk=pk)
    if request.method == "POST":
        schedule.delete()
        messages.success(request, _("Deleted."))
        return redirect("reports:list")
    count = Delivery.objects.visible_to(request.user).filter(schedule=schedule).count()
    return _page(request, "report_delete.html", schedule=schedule, count=count)
