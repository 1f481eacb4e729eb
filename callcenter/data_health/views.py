"""The page of the data's health, for those who see the whole centre."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from callcenter.data_health.days import last_days
from callcenter.data_health.findings import findings
from callcenter.data_health.log import read_log
from kpis.views.page import whole_centre_only
from people.access import viewer_of


@whole_centre_only
def health(request: HttpRequest) -> HttpResponse:
    """How far the data reaches, what needs a hand, and the last 90 days beside what is usual."""
    viewer = viewer_of(request)
    log = read_log(viewer, now=timezone.now())
    days = last_days(viewer, until=timezone.localdate(), waiting=log.waiting)
    context = {"log": log, "days": days, "findings": findings(log, days, viewer=viewer)}
    return render(request, "callcenter/data_health/health.html", context)
