"""What the values of a dimension are called, and where their pages are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpis.measure import Reading
from kpis.names import NAMED, Names
from kpis.selection import Selection
from kpis.text import format_step
from people.models import Channel, User

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
    "reason": _("Reason"),
    "site": _("Site"),
    "line_of_business": _("Line of business"),
}
PAGES = {"team": "kpis:team_detail", "agent": "kpis:agent_detail", "queue": "kpis:queue_detail"}


class Labels:
    """What the values in some readings are called: whoever may read a figure may read its name, not open its page."""

    def __init__(self, viewer: User, selection: Selection, readings: Iterable[Reading]) -> None:
        self.selection = selection
        self.names = Names()
        self.with_page: dict[str, set[Any]] = {}
        wanted: dict[str, set[Any]] = {}
        for reading in readings:
            for dimension in reading.at.keys() & NAMED.keys():
                wanted.setdefault(dimension, set()).add(reading.at[dimension])
        for dimension, values in wanted.items():
            if dimension in PAGES:
                pages = NAMED[dimension].objects.visible_to(viewer).order_by().filter(pk__in=values - {None})
                found = dict(pages.values_list("pk", "name"))
                self.with_page[dimension] = set(found)
                self.names.know(dimension, found)
            self.names.learn(dimension, values)

    def name(self, dimension: str, value: Any) -> str:
        """What a value is called."""
        if value in (None, ""):
            return gettext("none")
        if dimension in NAMED:
            return self.names.name(dimension, value) or gettext("none")
        if dimension == "channel":
            return str(Channel(value).label)
        return str(value) if dimension == "line_of_business" else format_step(dimension, value)

    def url(self, dimension: str, value: Any) -> str:
        """The page of a team, agent or queue in the same selection; "" where the viewer has none to open."""
        if value not in self.with_page.get(dimension, set()):
            return ""
        query = self.selection.query_with(team=None, agent=None, **({"queue": None} if dimension == "queue" else {}))
        return f"{reverse(PAGES[dimension], args=[value])}?{query}"

    def of(self, reading: Reading) -> str:
        """Where a reading is, in words."""
        return " · ".join(self.name(dimension, value) for dimension, value in reading.at.items())
