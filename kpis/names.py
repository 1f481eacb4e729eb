"""Names beside ids: what people call the teams, agents, queues, reasons and sites that a reading names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from people.models import Agent, Queue, Reason, Site, Team

NAMED: dict[str, Any] = {"team": Team, "agent": Agent, "queue": Queue, "reason": Reason, "site": Site}


class Names:
    """Looks up names once each. Meant for ids out of readings: whoever may read the figure may read the name."""

    def __init__(self) -> None:
        self._known: dict[str, dict[int, str]] = {dimension: {} for dimension in NAMED}

    def know(self, dimension: str, names: Mapping[int, str]) -> None:
        """Keep names that were fetched together with something else."""
        self._known[dimension].update(names)

    def learn(self, dimension: str, ids: Iterable[int | None]) -> None:
        """Fetch the names of ids that are not known yet, with one query."""
        known = self._known[dimension]
        missing = {pk for pk in ids if pk is not None} - known.keys()
        if missing:
            rows = NAMED[dimension].objects.order_by().filter(pk__in=missing)
            known.update(rows.values_list("pk", "name"))

    def name(self, dimension: str, pk: int | None) -> str | None:
        """The name of a learnt id; None for "none" and for what is gone."""
        return self._known[dimension].get(pk) if pk is not None else None
