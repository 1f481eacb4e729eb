"""Pages of sources: where data comes from, and how it is read. Administrators only."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from interactions.forms.imports import SourceForm
from interactions.models import Source
from interactions.services.sources import create_source, update_source
from people.access import require_role
from people.models import Role

administrators = require_role(Role.ADMINISTRATOR)


@administrators
def source_list(request: HttpRequest) -> HttpResponse:
    """The sources, with how often and when last they delivered."""
    sources = Source.objects.select_related("site").annotate(
        deliveries=Count("imports"), last=Max("imports__created_at")
    )
    return render(request, "interactions/source_list.html", {"sources": sources.order_by("name")})


@administrators
def source_create(request: HttpRequest) -> HttpResponse:
    """A new source by hand."""
    return _edit(request, None)


@administrators
def source_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A source and its mapping."""
    return _edit(request, get_object_or_404(Source, pk=pk))


def _edit(request: HttpRequest, source: Source | None) -> HttpResponse:
    form = SourceForm(request.POST or None, instance=source, initial={"mapping": source.mapping} if source else None)
    if request.method == "POST" and form.is_valid():
        try:
            if source is None:
                create_source(by=request.user, **form.cleaned_data)
            else:
                update_source(source, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The source is saved."))
            return redirect("interactions:source_list")
    return render(request, "interactions/source_form.html", {"form": form, "source": source})
