"""The sidebar: every page a viewer may open, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from people.models import Role, User

SELECTION = ("from", "to", "compare", "channel")
# Which parts of an address the pages take that show a period.
TAKEN = {
    "kpis:centre": SELECTION,
    "kpis:team_list": SELECTION,
    "kpis:agent_list": SELECTION,
    "kpis:agent_detail": SELECTION,
    "kpis:queue_list": SELECTION,
    "kpis:explore": SELECTION,
    "kpis:catalogue": SELECTION,
    "interactions:contact_list": ("from", "to", "channel"),
}


@dataclass(frozen=True)
class Entry:
    """One link of the sidebar."""

    label: str
    url: str
    icon: str
    is_current: bool


@dataclass(frozen=True)
class Section:
    """Links under a title; the first section has none."""

    title: str
    entries: list[Entry]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``navigation``, computed only where a template shows it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": []}
    return {"navigation": SimpleLazyObject(lambda: list(_sections(user, request.path, request.GET)))}


def _sections(user: User, path: str, asked: QueryDict) -> Iterator[Section]:
    for title, links in (("", _overview(user)), (_("Data"), _data(user)), (_("Settings"), _settings(user))):
        entries = [Entry(label, url + _carried(url, asked), icon, _is_current(url, path)) for label, url, icon in links]
        if entries:
            yield Section(title, entries)


def _is_current(url: str, path: str) -> bool:
    return path == url if url == reverse("home") else path.startswith(url)


def _carried(url: str, asked: QueryDict) -> str:
    """What of the address stays when one goes on to another page: as much as that page takes."""
    taken = TAKEN.get(resolve(url).view_name, ())
    query = urlencode({name: asked[name] for name in taken if asked.get(name)})
    return f"?{query}" if query else ""


Link = tuple[str, str, str]


def _overview(user: User) -> Iterator[Link]:
    leads = user.sees_everything or user.has_role(Role.SUPERVISOR)
    if user.sees_everything:
        yield _("Overview"), reverse("kpis:centre"), "layout-dashboard"
    if leads:
        yield _("Teams"), reverse("kpis:team_list"), "users"
        yield _("Agents"), reverse("kpis:agent_list"), "headset"
        yield _("Queues"), reverse("kpis:queue_list"), "list"
    if user.own_agent_id:
        yield _("My numbers"), reverse("kpis:agent_detail", args=[user.own_agent_id]), "chart-line"
    if user.sees_figures:
        yield _("Contacts"), reverse("interactions:contact_list"), "phone"
        yield _("Explore"), reverse("kpis:explore"), "compass"
    yield _("KPI catalogue"), reverse("kpis:catalogue"), "book-open"


def _data(user: User) -> Iterator[Link]:
    if user.has_role(Role.ADMINISTRATOR):
        yield _("Imports"), reverse("interactions:import_list"), "upload"
        yield _("Sources"), reverse("interactions:source_list"), "database"
    if user.sees_everything:
        yield _("Runs"), reverse("kpis:run_list"), "history"


def _settings(user: User) -> Iterator[Link]:
    if user.has_role(Role.ADMINISTRATOR):
        yield _("Import people"), reverse("people:import"), "user"
        yield _("Administration"), reverse("admin:index"), "settings"
