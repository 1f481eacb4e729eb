"""The periods that home shows, counted back from the last day with data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from kpis.dashboards.board import Board
from kpis.definitions import KPIS
from kpis.kpi import Kpi
from kpis.lasting.watched import WATCHED
from kpis.period import Period, start_of
from kpis.selection import Selection
from kpis.targets import Targets
from kpis.text import format_period, format_tick
from people.models import User

DAY = dt.timedelta(days=1)
WEEK, FOUR_WEEKS = 7, 28
WEEKS_WATCHED = 12


def last_days(reach: dt.date, days: int) -> Period:
    """So many days up to the last one with data."""
    return Period(reach - (days - 1) * DAY, reach)


def last_weeks(reach: dt.date, weeks: int) -> Period:
    """So many weeks from their Monday on; the last one as far as the data reaches."""
    return Period(start_of("week", reach) - (weeks - 1) * WEEK * DAY, reach)


@dataclass(frozen=True)
class Desk:
    """Who looks, and how far the data reaches."""

    viewer: User
    reach: dt.date

    @cached_property
    def _selection(self) -> Selection:
        return Selection.read(QueryDict(), viewer=self.viewer, reach=self.reach)

    def board(self, period: Period, keys: Iterable[str], **kept_to: Any) -> Board:
        """The board of a period, compared with the period before, kept to a team or an agent if one is given."""
        board = Board(self.viewer, replace(self._selection, period=period).kept_to(**kept_to), keys)
        if period.end == self.reach:
            board.every_target = self._targets
        return board

    @cached_property
    def _targets(self) -> Targets:
        """What holds on the last day: whatever is shown beside each other is judged by it."""
        return Targets(KPIS.keys(), on=self.reach)

    def watch(self, beside: Board) -> Board:
        """The board that tells what is off: twelve weeks, so that what lasts stands out from one bad day.

        It has the filters of the board ``beside`` it, which ends on the same day, and so its targets.
        """
        selection = replace(beside.selection, period=last_weeks(self.reach, WEEKS_WATCHED))
        board = Board(self.viewer, selection, WATCHED)
        board.targets = beside.targets
        return board


def in_words(board: Board) -> str:
    """The period and what it is compared with; what it is about stands in the heading."""
    period, earlier = board.selection.period, board.selection.comparison
    words = [format_period(period)]
    if earlier:
        words.append(_("compared with %(period)s") % {"period": format_period(earlier)})
    return " · ".join(words)


def settled(board: Board, keys: Iterable[str]) -> Board:
    """The same selection a week earlier, when its contacts have matured."""
    selection = replace(board.selection, period=board.selection.period.shifted(-WEEK))
    return Board(board.viewer, selection, keys)


def matures(kpi: Kpi) -> bool:
    """Whether a KPI is known only some days after the contact."""
    return kpi.provisional is not None


def is_too_early(kpi: Kpi, board: Board) -> bool:
    """Whether nearly all contacts of the board's period still mature: then the week before says more."""
    return matures(kpi) and board.selection.period.days <= WEEK


def recent_days(reach: dt.date) -> list[tuple[str, dt.date]]:
    """The last whole day with its name; while today's contacts come in, today before it."""
    if reach == timezone.localdate():
        return [(_("Today so far"), reach), (_("Yesterday"), reach - DAY)]
    name = _("Yesterday") if reach == timezone.localdate() - DAY else format_tick("day", reach)
    return [(name, reach)]
