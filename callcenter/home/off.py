"""What is off, beside the tiles that home shows."""

from __future__ import annotations

from collections.abc import Iterable

from callcenter.home.days import WEEK, Desk
from callcenter.home.glances import Glance
from kpis.dashboards.board import Board
from kpis.dashboards.findings import Finding, findings, missed_targets


def off(desk: Desk, board: Board, shown: Iterable[Glance]) -> list[Finding]:
    """What changed for good, the hours and people that stand out in twelve weeks, and the targets that tiles miss.

    Targets are judged over the days of the tiles, so that the two never contradict each other.
    """
    watched = desk.watch(board)
    missed = [
        finding
        for glance in shown
        for finding in missed_targets(
            watched,
            [glance.tile.reading],
            board.selection.period.shifted(-WEEK) if glance.is_of_the_week_before else board.selection.period,
        )
    ]
    return findings(watched, off_target=missed)
