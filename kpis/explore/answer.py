"""The readings of a question: its cells, and the same without one split or both, each read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from kpis.dashboards.labels import Labels
from kpis.dashboards.parts import ORDERED
from kpis.dimensions import STEPS_OF_TIME
from kpis.explore.question import Question
from kpis.kpi import Kpi
from kpis.measure import Reading
from kpis.period import Period

Key = tuple[Any, ...]
Level = Mapping[tuple[str, Key], Reading]  # (key of the KPI, values of the dimensions) → reading


class Answer:
    """Readings are never added up here: a total is a reading of its own, without the split."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.board = question.board
        self.kpis = question.told
        self.by = question.by

    def readings(self, *by: str, period: Period | None = None) -> list[Reading]:
        """Every KPI split ``by`` some of the dimensions; the board keeps what it has read."""
        return self.board.read(self.kpis, *by, period=period)

    def of(self, kpi: Kpi) -> list[Reading]:
        """One KPI's cells."""
        return [reading for reading in self.readings(*self.by) if reading.kpi is kpi]

    def level(self, *by: str) -> Level:
        """The readings split ``by`` some of the dimensions, by where they are."""
        return {(entry.kpi.key, tuple(entry.at.values())): entry for entry in self.readings(*by)}

    def level_before(self, *by: str) -> Level:
        """The comparison's readings, by where they are compared: its first week stands beside the first week."""
        selection = self.question.selection
        earlier = selection.comparison
        if not earlier:
            return {}
        moved = {
            step: dict(zip(earlier.steps(step), selection.period.steps(step), strict=False))
            for step in by
            if step in STEPS_OF_TIME
        }
        found: dict[tuple[str, Key], Reading] = {}
        for entry in self.readings(*by, period=earlier):
            key = tuple(moved[name].get(at) if name in moved else at for name, at in entry.at.items())
            found[entry.kpi.key, key] = entry
        return found

    @cached_property
    def labels(self) -> Labels:
        """What the values of the dimensions are called, and where their pages are."""
        return Labels(self.board.viewer, self.question.selection, self.readings(*self.by))

    def values(self, dimension: str) -> list[Any]:
        """The values of a dimension, in its own order or by name; every step of time, so that gaps stay gaps."""
        found = {entry.at[dimension] for entry in self.readings(*self.by)}
        if dimension in STEPS_OF_TIME:
            return self.question.selection.period.steps(dimension) if found else []
        if dimension == "slot" and found:
            return list(range(min(found), max(found) + 1))
        if dimension in ORDERED:
            return sorted(found)
        return sorted(found, key=lambda value: (value is None, self.labels.name(dimension, value).casefold()))
