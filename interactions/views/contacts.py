"""Contacts: the list, and each contact's own page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from interactions.columns import SORTED_BY, Column, remember_columns
from interactions.exports import contacts_as_csv, contacts_as_xlsx, hidden_from
from interactions.filters import ContactFilterForm
from interactions.models import Contact, Outcome
from interactions.neighbours import conversation, repeats
from interactions.paging import count_up_to, page_of
from interactions.timeline import afterwards, drawn, imports_of, steps_of
from people.access import viewer_of
from people.models import Role

RELATED = ("queue__site", "agent", "team", "reason")
LATEST_FIRST = ("-day", "-offered_at", "-pk")
# Beyond so many, contacts are neither counted to their end nor sorted.
MOST_COUNTED = 100_000
# A sheet is written cell by cell, 4,000 contacts a second, before anything of it can be sent; CSV takes any number.
MOST_IN_A_SHEET = 25_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def contact_list(request: HttpRequest) -> HttpResponseBase:
    """The contacts of a period that the viewer may see, as a page, or with ``?csv=`` or ``?xlsx=`` all as a file."""
    viewer = viewer_of(request)
    if not viewer.sees_figures:
        raise Http404
    form = ContactFilterForm.read(request.GET, viewer=viewer)
    found = form.narrow(Contact.objects.all().visible_to(viewer))
    if request.GET.get("csv"):
        return contacts_file(found, hidden=hidden_from(viewer))
    count = count_up_to(MOST_COUNTED, found)
    fits_a_sheet = count is not None and count <= MOST_IN_A_SHEET
    if request.GET.get("xlsx") and fits_a_sheet:
        return _file(contacts_as_xlsx(found, hidden=hidden_from(viewer)), XLSX, "contacts.xlsx")
    context = {
        "form": form,
        "count": count,
        "most": MOST_COUNTED,
        "fits_a_sheet": fits_a_sheet,
        "without_filters": f"?{form.query_of_days}" if form.query != form.query_of_days else "",
        **_sorted_page(found, request.GET, form.query, can_sort=count is not None),
    }
    return render(request, "interactions/contact_list.html", context)


def _sorted_page(contacts: QuerySet[Contact], asked: QueryDict, query: str, *, can_sort: bool) -> dict[str, Any]:
    """A page of the contacts, the latest first or those with the longest time of one kind."""
    sorts: Sequence[Column] = list(SORTED_BY.values()) if can_sort else []
    sort = next((column for column in sorts if column.key == asked.get("sort")), None)
    order = (sort.order, "-pk") if sort else LATEST_FIRST
    return {
        "page": page_of(contacts.select_related(*RELATED), order=order, cursor=asked.get("after", "")),
        "sort": sort,
        "sorts": sorts,
        "unsorted": query,
        "query": f"{query}&sort={sort.key}" if sort else query,
    }


def contacts_file(contacts: QuerySet[Contact], *, hidden: Collection[str]) -> StreamingHttpResponse:
    """The contacts as CSV, sent as it is written."""
    return _file(contacts_as_csv(contacts, hidden=hidden), "text/csv", "contacts.csv")


def _file(pieces: Iterator[bytes], kind: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(pieces, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
def contact_columns(request: HttpRequest) -> HttpResponse:
    """Remember which columns this person wants to see, or forget it, and go back to the list."""
    keys = [] if "usual" in request.POST else request.POST.getlist("column")
    query = QueryDict(request.POST.get("query", "")).urlencode()
    response = redirect(f"{reverse('interactions:contact_list')}?{query}")
    remember_columns(response, keys, is_secure=settings.SESSION_COOKIE_SECURE)
    return response


def contact_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One contact: its timeline to scale, facts, what the customer said, the other legs and the repeats around it."""
    viewer = viewer_of(request)
    contact = get_object_or_404(Contact.objects.all().visible_to(viewer).select_related(*RELATED, "source"), pk=pk)
    answers, complaints = list(contact.surveyanswers.all()), list(contact.complaints.all())
    talk = conversation(contact, viewer)
    context = {
        "contact": contact,
        "zone": contact.queue.site.time_zone,
        "conversation": talk,
        "drawing": drawn(talk.legs, contact),
        "is_waiting": contact.outcome == Outcome.WAITING,
        "has_days": contact.ended_day not in (None, contact.day),
        "steps": steps_of(contact),
        "events": afterwards(contact, answers, complaints),
        "repeats": repeats(contact, viewer),
        "answers": answers,
        "complaints": complaints,
        "sees_costs": viewer.sees_costs,
        "imports": imports_of(contact) if viewer.has_role(Role.ADMINISTRATOR) else [],
    }
    return render(request, "interactions/contact_detail.html", context)
