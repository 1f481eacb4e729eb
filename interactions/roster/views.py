"""Pages for taking in people and teams; for administrators."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from interactions.roster import agents, teams
from interactions.roster.forms import RosterForm
from interactions.roster.rejected import rejected_as_csv
from people.access import require_role
from people.models import Role, RosterImport

LATEST = 20


@require_role(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def import_create(request: HttpRequest) -> HttpResponse:
    """The form, what the columns are, and the latest imports."""
    form = RosterForm(request.POST or None, request.FILES or None, by=request.user)
    if request.method == "POST" and form.is_valid() and (taken := form.take_in()):
        return redirect("people:import_detail", taken.pk)
    context = {
        "form": form,
        "latest": RosterImport.objects.select_related("created_by").defer("rejected")[:LATEST],
        "agent_columns": agents.COLUMNS,
        "team_columns": teams.COLUMNS,
    }
    return render(request, "people/import_form.html", context)


@require_role(Role.ADMINISTRATOR)
@require_GET
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of a file, row by row where something is wrong."""
    taken = get_object_or_404(RosterImport, pk=pk)
    return render(request, "people/import_detail.html", {"taken": taken})


@require_role(Role.ADMINISTRATOR)
@require_GET
def import_rejected(request: HttpRequest, pk: int) -> HttpResponse:
    """The rejected rows as a file, to be mended and sent again."""
    taken = get_object_or_404(RosterImport, pk=pk)
    return HttpResponse(
        rejected_as_csv(taken),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="people-rejected-{taken.pk}.csv"'},
    )
