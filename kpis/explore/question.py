"""What is explored, as it stands in the address: KPIs, up to two dimensions, a selection, chart or table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from kpis.dashboards.board import Board
from kpis.dashboards.labels import DIMENSION_NAMES
from kpis.definitions import KPIS
from kpis.dimensions import DIMENSIONS
from kpis.horizon import horizon
from kpis.kpi import Kpi
from kpis.selection import Selection
from people.models import User

MOST_KPIS = 6
MOST_DIMENSIONS = 2
CHART, TABLE = "chart", "table"
KPIS_BY_DEFAULT = ("contacts_handled", "average_handle_time")


@dataclass(frozen=True)
class Question:
    """KPIs by dimensions in a selection. ``complaints`` says what of the address could not be taken as it stood."""

    board: Board
    kpis: tuple[Kpi, ...]
    by: tuple[str, ...] = ()
    show: str = CHART
    view: str = ""  # the id of the saved view that was opened
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, asked: QueryDict, *, viewer: User) -> Self:
        """The question of an address; without any KPI in it, one to begin with."""
        rest = asked.copy()
        for name in ("kpi", "by", "sort"):
            rest.pop(name, None)
        board = Board(viewer, Selection.read(rest, viewer=viewer, reach=horizon()))
        show = TABLE if asked.get("show") == TABLE else CHART
        view = asked.get("view", "")
        if not _listed(asked, "kpi"):
            kpis = tuple(KPIS[key] for key in KPIS_BY_DEFAULT)
            return cls(board, kpis, (board.selection.step,), show, view)
        return cls(board, (), (), show, view)._with_kpis(asked)._with_dimensions(asked)

    def _with_kpis(self, asked: QueryDict) -> Self:
        keys = _listed(asked, "kpi")
        unknown = [_("There is no KPI “%(key)s”.") % {"key": key} for key in keys if key not in KPIS]
        kpis = [KPIS[key] for key in keys if key in KPIS]
        if len(kpis) > MOST_KPIS:
            unknown.append(_("At most %(most)d KPIs are shown at once: the first ones.") % {"most": MOST_KPIS})
        return replace(self, kpis=tuple(kpis[:MOST_KPIS]), complaints=self.complaints + unknown)

    def _with_dimensions(self, asked: QueryDict) -> Self:
        names = _listed(asked, "by")
        by = [name for name in names if name in DIMENSIONS]
        problems = [
            _("“%(dimension)s” is no dimension. Known are: %(known)s.")
            % {"dimension": name, "known": ", ".join(DIMENSIONS)}
            for name in names
            if name not in DIMENSIONS
        ]
        if len(by) > MOST_DIMENSIONS:
            problems.append(_("A view is split by at most two dimensions: the first ones."))
        return replace(self, by=tuple(by[:MOST_DIMENSIONS]), complaints=self.complaints + problems)

    @property
    def selection(self) -> Selection:
        """Period, comparison and filters."""
        return self.board.selection

    @cached_property
    def told(self) -> list[Kpi]:
        """The KPIs that can be told so to this viewer, with these filters."""
        return [kpi for kpi in self.kpis if self.board.can(kpi, *self.by)]

    @cached_property
    def problems(self) -> list[str]:
        """What was wrong with the address, and which of the KPIs cannot be told so, in sentences."""
        return [*self.complaints, *(self._why_not(kpi) for kpi in self.kpis if kpi not in self.told)]

    def _why_not(self, kpi: Kpi) -> str:
        if not self.board.can(kpi):
            return _("%(kpi)s is left out: with these filters, or for you, there is nothing to measure it from.") % {
                "kpi": kpi.name
            }
        return _("%(kpi)s is left out: it cannot be split by %(dimensions)s.") % {
            "kpi": kpi.name,
            "dimensions": in_words(self.by),
        }

    @property
    def name(self) -> str:
        """What is shown, in words: “Service level by week and team”."""
        return title_of([str(kpi.name) for kpi in self.told or self.kpis], self.by)

    def address(self, **changes: Any) -> str:
        """The whole state for an address, with other or further parts; None leaves one out."""
        state: dict[str, Any] = {"kpi": [kpi.key for kpi in self.kpis], "by": list(self.by), "show": self.show}
        state |= self.selection.page_state | {"view": self.view} | changes
        return urlencode({name: part for name, part in state.items() if part not in (None, "")}, doseq=True)

    @property
    def query(self) -> str:
        """The whole state as it is."""
        return self.address()

    @property
    def api_query(self) -> str:
        """The same question for the readings of the REST API, which takes a team without those below it."""
        period = self.selection.period
        asked: dict[str, Any] = {"kpi": [kpi.key for kpi in self.told], "by": list(self.by)}
        asked |= {"from": period.start, "to": period.end} | self.selection.where
        return urlencode(asked, doseq=True)


def _listed(asked: QueryDict, name: str) -> list[str]:
    """Values given several times, or with commas as the REST API takes them; each once."""
    pieces = (piece.strip() for text in asked.getlist(name) for piece in text.split(","))
    return list(dict.fromkeys(piece for piece in pieces if piece))


def in_words(by: Iterable[str]) -> str:
    """Dimensions in words: “week and team”."""
    names = [str(DIMENSION_NAMES[name]).lower() for name in by]
    return _("%(first)s and %(second)s") % {"first": names[0], "second": names[1]} if len(names) > 1 else "".join(names)


def title_of(kpis: list[str], by: Iterable[str]) -> str:
    """KPIs by dimensions, as a heading says it."""
    what = ", ".join(kpis)
    return _("%(kpi)s by %(dimension)s") % {"kpi": what, "dimension": in_words(by)} if by else what
