"""The tree of teams, walked upwards."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain

from people.models import Team


class Lineage:
    """The tree of teams, read once."""

    def __init__(self) -> None:
        teams = Team.objects.without_tree_fields().order_by()
        self._parents: dict[int, int | None] = dict(teams.values_list("pk", "parent_id"))

    def above(self, team: int) -> Iterator[int]:
        """The teams above one, the nearest first."""
        while (parent := self._parents.get(team)) is not None:
            yield parent
            team = parent

    def of(self, *teams: int) -> set[int]:
        """The teams themselves and every team above one of them."""
        found: set[int] = set()
        for team in teams:
            for one in chain([team], self.above(team)):
                if one in found:
                    break
                found.add(one)
        return found

    def topmost(self, teams: Collection[int]) -> list[int]:
        """Those that do not stand directly below another of them."""
        return [team for team in teams if self._parents.get(team) not in teams]
