"""What the values of a dimension are called, and where their pages are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpis.measure import Reading
from kpis.selection import Selection
from kpis.text import format_step
from people.models import Agent, Channel, Queue, Site, Team, User

DIMENSION_NAMES = {
    "day": _("Day"),
    "week": _("Week"),
    "month": _("Month"),
    "quarter": _("Quarter"),
    "year": _("Year"),
    "weekday": _("Weekday"),
    "slot": _("Half-hour"),
    "team": _("Team"),
    "agent": _("Agent"),
    "queue": _("Queue"),
    "channel": _("Channel"),
    "site": _("Site"),
    "line_of_business": _("Line of business"),
}
PAGES = {"team": "kpis:team_detail", "agent": "kpis:agent_detail", "queue": "kpis:queue_detail"}


class Labels:
    """What the values in some readings are called, looked up at once; a stranger has no name."""

    def __init__(self, viewer: User, selection: Selection, readings: Iterable[Reading]) -> None:
        self.selection = selection
        self.found: dict[str, dict[Any, str]] = {}
        wanted: dict[str, set[Any]] = {}
        for reading in readings:
            for dimension, value in reading.at.items():
                wanted.setdefault(dimension, set()).add(value)
        rows = {
            "team": Team.objects.visible_to(viewer).without_tree_fields(),
            "agent": Agent.objects.visible_to(viewer),
            "queue": Queue.objects.visible_to(viewer),
            "site": Site.objects.all(),
        }
        for dimension in wanted.keys() & rows.keys():
            chosen = rows[dimension].filter(pk__in=wanted[dimension] - {None})
            self.found[dimension] = dict(chosen.values_list("pk", "name"))

    def name(self, dimension: str, value: Any) -> str:
        """What a value is called."""
        if value in (None, ""):
            return gettext("none")
        if dimension in self.found:
            return self.found[dimension].get(value) or gettext("not yours to see")
        if dimension == "channel":
            return str(Channel(value).label)
        return str(value) if dimension == "line_of_business" else format_step(dimension, value)

    def url(self, dimension: str, value: Any) -> str:
        """The page of a team, agent or queue in the same selection; "" where there is none to open."""
        if dimension not in PAGES or value not in self.found.get(dimension, {}):
            return ""
        query = self.selection.query_with(team=None, agent=None, **({"queue": None} if dimension == "queue" else {}))
        return f"{reverse(PAGES[dimension], args=[value])}?{query}"

    def of(self, reading: Reading) -> str:
        """Where a reading is, in words."""
        return " · ".join(self.name(dimension, value) for dimension, value in reading.at.items())
