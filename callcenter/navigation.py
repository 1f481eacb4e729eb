"""Where a viewer can go: the sidebar, the account menu, and what of the address goes along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from callcenter.reports.services import PLANNERS
from people.models import Role, User

SELECTION = ("from", "to", "compare", "channel")
# Which parts of an address the pages take that show a period.
TAKEN = {
    "kpis:centre": SELECTION,
    "kpis:team_list": SELECTION,
    "kpis:team_detail": SELECTION,
    "kpis:agent_list": SELECTION,
    "kpis:agent_detail": SELECTION,
    "kpis:queue_list": SELECTION,
    "kpis:queue_detail": SELECTION,
    "kpis:explore": SELECTION,
    "kpis:catalogue": SELECTION,
    "kpis:kpi_detail": SELECTION,
    "interactions:contact_list": ("from", "to", "channel"),
}


@dataclass(frozen=True)
class Entry:
    """One link of the sidebar; ``current`` is "page" on that very page, "true" on one below it, else ""."""

    label: str
    url: str
    icon: str
    current: str = ""


@dataclass(frozen=True)
class Section:
    """Links under a title; the first section has none."""

    title: str
    entries: list[Entry]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the sidebar, the account menu and the selection, computed only where a template shows them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": []}
    return {
        "navigation": SimpleLazyObject(lambda: list(sections(user, request.path, request.GET))),
        "account_menu": SimpleLazyObject(lambda: list(account_menu(user))),
        "carried_selection": selection_of(request.GET),
    }


def sections(user: User, path: str, asked: QueryDict) -> Iterator[Section]:
    """The sidebar on the page at ``path``, with what its address asked for."""
    found = {"": [*_overview(user)], _("Data"): [*_data(user)], _("Settings"): [*_settings(user)]}
    above = _above(path, [url for links in found.values() for _label, url, _icon in links])
    for title, links in found.items():
        if links:
            yield Section(
                title,
                [Entry(label, carried(url, asked), icon, _current(url, path, above)) for label, url, icon in links],
            )


def account_menu(user: User) -> Iterator[Entry]:
    """What everybody may open about themselves."""
    yield Entry(_("Account"), reverse("people:account"), "circle-user")
    yield Entry(_("Change password"), reverse("people:password_change"), "key-round")
    yield Entry(_("API tokens"), reverse("tokens:list"), "key")
    if user.has_role(Role.ADMINISTRATOR):
        yield Entry(_("Style page"), reverse("styleguide"), "palette")


def selection_of(asked: QueryDict) -> dict[str, str]:
    """Period, comparison and channel of an address, as they stand in it."""
    return {name: str(asked[name]) for name in SELECTION if asked.get(name)}


def carried(url: str, asked: QueryDict) -> str:
    """The address of another page with what stays of this one's: as much as that page takes."""
    taken = TAKEN.get(resolve(url).view_name, ())
    query = urlencode({name: value for name, value in selection_of(asked).items() if name in taken})
    return f"{url}?{query}" if query else url


def _above(path: str, urls: list[str]) -> str:
    """The nearest page above a path, "" for none; home is above every page and says nothing."""
    return max((url for url in urls if path.startswith(url) and url != reverse("home")), key=len, default="")


def _current(url: str, path: str, above: str) -> str:
    if url == path:
        return "page"
    return "true" if url == above else ""


Link = tuple[str, str, str]


def _overview(user: User) -> Iterator[Link]:
    leads = user.sees_everything or user.has_role(Role.SUPERVISOR)
    yield _("Home"), reverse("home"), "house"
    if user.sees_everything:
        yield _("Overview"), reverse("kpis:centre"), "layout-dashboard"
    if leads:
        yield _("Teams"), reverse("kpis:team_list"), "users"
        yield _("Agents"), reverse("kpis:agent_list"), "headset"
        yield _("Queues"), reverse("kpis:queue_list"), "list"
        yield _("Wallboard"), reverse("wallboard:choice"), "tv"
    if user.own_agent_id:
        yield _("My numbers"), reverse("kpis:agent_detail", args=[user.own_agent_id]), "chart-line"
    if user.sees_figures:
        yield _("Contacts"), reverse("interactions:contact_list"), "phone"
        yield _("Explore"), reverse("kpis:explore"), "compass"
    if user.has_role(*PLANNERS):
        yield _("Reports"), reverse("reports:list"), "file-text"
    yield _("KPI catalogue"), reverse("kpis:catalogue"), "book-open"


def _data(user: User) -> Iterator[Link]:
    if user.has_role(Role.ADMINISTRATOR):
        yield _("Imports"), reverse("interactions:import_list"), "upload"
        yield _("Sources"), reverse("interactions:source_list"), "database"
    if user.sees_everything:
        yield _("Data health"), reverse("data_health:health"), "activity"
        yield _("Runs"), reverse("kpis:run_list"), "history"


def _settings(user: User) -> Iterator[Link]:
    if user.has_role(Role.ADMINISTRATOR):
        yield _("Import people"), reverse("people:import"), "user"
        yield _("Administration"), reverse("admin:index"), "settings"
