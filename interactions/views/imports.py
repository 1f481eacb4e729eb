"""Pages of data coming in: deliveries and what became of them. Administrators only."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from interactions import tasks
from interactions.forms.imports import ImportForm
from interactions.forms.mapping import MappingForm, ReadingForm, names_columns
from interactions.models import Import, Source
from interactions.outcomes import created_names, rejected_by_reason
from interactions.previews import preview
from interactions.rejected_file import rejected_rows_as_csv
from interactions.services.imports import create_import, discard_import, start_import
from interactions.services.sources import set_mapping
from interactions.steps import COLUMNS, import_steps
from people.access import require_role
from people.models import Role

administrators = require_role(Role.ADMINISTRATOR)
IMPORTS_A_PAGE, ROWS_A_PAGE = 50, 100


@administrators
def import_list(request: HttpRequest) -> HttpResponse:
    """The deliveries, the latest first."""
    page = Paginator(Import.objects.select_related("source", "created_by"), IMPORTS_A_PAGE).get_page(
        request.GET.get("page")
    )
    is_running = any(not delivery.is_finished for delivery in page)
    template = "interactions/import_list.html#imports" if request.htmx else "interactions/import_list.html"
    return render(request, template, {"page": page, "is_running": is_running})


@administrators
def import_create(request: HttpRequest) -> HttpResponse:
    """Upload a file; a table whose columns nobody has seen mapped yet goes on to that page."""
    form = ImportForm(request.POST or None, request.FILES or None, initial={"source": request.GET.get("source")})
    if request.method == "POST" and form.is_valid():
        try:
            source = form.chosen_source(by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            is_draft = source.kind == Source.Kind.TABLE and (form.is_of_a_preset or not source.mapping)
            delivery = create_import(source=source, file=form.cleaned_data["file"], by=request.user, is_draft=is_draft)
            if is_draft:
                return redirect("interactions:import_mapping", delivery.pk)
            tasks.send(delivery)
            return redirect("interactions:import_detail", delivery.pk)
    return render(request, "interactions/import_create.html", {"form": form, "steps": import_steps(None)})


@administrators
def import_mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """The first rows of a file, and which of its columns mean what; saved for the source, then it starts."""
    delivery = get_object_or_404(Import.objects.select_related("source"), pk=pk)
    if not delivery.file or delivery.source.kind != Source.Kind.TABLE:
        return redirect("interactions:import_detail", pk)
    reading = ReadingForm(request.POST or None, initial=delivery.source.mapping)
    seen = preview(delivery, **(reading.cleaned_data if reading.is_bound and reading.is_valid() else {}))
    is_sent = request.method == "POST" and "read" not in request.POST and names_columns(request.POST)
    form = MappingForm(request.POST if is_sent else None, source=delivery.source, header=seen.columns)
    if is_sent and reading.is_valid() and form.is_valid():
        mapping = {**reading.mapping(), **form.cleaned_data["mapping"]}
        set_mapping(delivery.source, mapping=mapping, by=request.user)
        return _start(request, delivery)
    steps = import_steps(delivery, at=COLUMNS)
    page = {"delivery": delivery, "steps": steps, "seen": seen, "reading": reading, "form": form}
    return render(request, "interactions/import_mapping.html", page)


@administrators
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a delivery is, what became of its rows, and those that were not taken."""
    delivery = get_object_or_404(Import.objects.select_related("source", "created_by"), pk=pk)
    rows = Paginator(delivery.rejected_rows.order_by("kind", "line"), ROWS_A_PAGE).get_page(request.GET.get("page"))
    template = "interactions/import_detail.html#state" if request.htmx else "interactions/import_detail.html"
    can_discard = delivery.state in (Import.State.DRAFT, Import.State.FAILED)
    page = {
        "delivery": delivery,
        "steps": import_steps(delivery),
        "page": rows,
        "why": rejected_by_reason(delivery),
        "created": created_names(delivery),
        "can_start": delivery.file and can_discard,
        "can_discard": can_discard,
    }
    return render(request, template, page)


@administrators
@require_POST
def import_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a delivery again that failed."""
    return _start(request, get_object_or_404(Import, pk=pk))


@administrators
@require_POST
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a draft, or an import that failed."""
    delivery = get_object_or_404(Import, pk=pk)
    try:
        discard_import(delivery, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("interactions:import_detail", pk)
    messages.success(request, _("“%(file)s” is discarded.") % {"file": delivery.file_name})
    return redirect("interactions:import_list")


def _start(request: HttpRequest, delivery: Import) -> HttpResponse:
    try:
        tasks.send(start_import(delivery, by=request.user))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("interactions:import_detail", delivery.pk)


@administrators
def import_rejected(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The rows that were not taken, as CSV to be mended and sent again; ``?kind=`` for those of one kind."""
    delivery = get_object_or_404(Import, pk=pk)
    rows = rejected_rows_as_csv(delivery, kind=request.GET.get("kind", ""))
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    name = f"{Path(delivery.file_name).stem}_rejected.csv"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
