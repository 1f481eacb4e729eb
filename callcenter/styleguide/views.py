"""The style page, for administrators; for everyone else it is not there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from callcenter.styleguide.samples import Sample, sections
from people.access import require_role, viewer_of
from people.models import Role, Theme


@require_role(Role.ADMINISTRATOR)
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component of templates/components/, in light and dark side by side."""
    samples = [Sample(theme, viewer_of(request)) for theme in Theme]
    return render(request, "callcenter/styleguide.html", {"sections": sections(), "samples": samples})
