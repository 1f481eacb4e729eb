"""The search page, and what the palette asks it for while somebody types."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from callcenter.search.forms import SearchForm
from callcenter.search.hits import search
from people.access import viewer_of


@require_GET
@vary_on_headers("HX-Request")
def search_page(request: HttpRequest) -> HttpResponse:
    """What the words of ``?q=`` find: a page of lists, or for the palette its options alone."""
    form = SearchForm(request.GET)
    groups = search(form.words, viewer=viewer_of(request), asked=request.GET)
    page = {"form": form, "groups": groups, "found": sum(len(group.hits) for group in groups)}
    template = "callcenter/search_options.html" if request.headers.get("HX-Request") else "callcenter/search.html"
    return render(request, template, page)
