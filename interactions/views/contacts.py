"""Contacts: the list, and each contact's own page."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render

from interactions.exports import contacts_as_csv
from interactions.filters import ContactFilterForm
from interactions.models import Contact
from interactions.paging import count_up_to, page_of
from interactions.timeline import conversation, repeats, timeline
from people.access import viewer_of

RELATED = ("queue__site", "agent", "team", "reason")
ORDER = ("-day", "-offered_at", "-pk")
MOST_COUNTED = 100_000


def contact_list(request: HttpRequest) -> HttpResponseBase:
    """The contacts of a period that the viewer may see, the latest first; with ``?csv=`` all of them as a file."""
    viewer = viewer_of(request)
    if not viewer.sees_figures:
        raise Http404
    form = ContactFilterForm.read(request.GET, viewer=viewer)
    found = form.narrow(Contact.objects.all().visible_to(viewer))
    if request.GET.get("csv"):
        return contacts_file(found, with_customer=viewer.sees_everything)
    rows = found.select_related(*RELATED)
    context = {
        "form": form,
        "count": count_up_to(MOST_COUNTED, found),
        "most": MOST_COUNTED,
        "page": page_of(rows, order=ORDER, cursor=request.GET.get("after", "")),
        "query": form.query,
        "without_filters": f"?{form.query_of_days}" if form.query != form.query_of_days else "",
    }
    return render(request, "interactions/contact_list.html", context)


def contacts_file(contacts: QuerySet[Contact], *, with_customer: bool) -> StreamingHttpResponse:
    """The contacts as CSV, sent as it is written."""
    response = StreamingHttpResponse(contacts_as_csv(contacts, with_customer=with_customer), content_type="text/csv")
    response["Content-Disposition"] = 'attachment; filename="contacts.csv"'
    return response


def contact_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One contact: facts, timeline, what the customer said, the other legs and the repeats around it."""
    viewer = viewer_of(request)
    contact = get_object_or_404(Contact.objects.all().visible_to(viewer).select_related(*RELATED, "source"), pk=pk)
    context = {
        "contact": contact,
        "steps": timeline(contact),
        "legs": conversation(contact, viewer),
        "repeats": repeats(contact, viewer),
        "answers": contact.surveyanswers.all(),
        "complaints": contact.complaints.all(),
    }
    return render(request, "interactions/contact_detail.html", context)
