"""The lasting changes that concern a page, and each in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kpis.dashboards.board import Board
from kpis.definitions import KPIS
from kpis.lasting.models import LastingChange
from kpis.text import format_start, format_value
from people.lineage import Lineage


def changes_of(board: Board) -> dict[str, LastingChange]:
    """KPI → the change of what the page is about, up to the end of its period; none for a narrower selection."""

    def found() -> dict[str, LastingChange]:
        rows = _rows_of(board)
        known = rows.filter(since__lte=board.selection.period.end).order_by("since") if rows is not None else ()
        return {row.kpi: row for row in known}

    return board.once("changes", found)


def news_of(board: Board) -> dict[str, LastingChange]:
    """The same without the levels that have held for a quarter."""
    return {key: change for key, change in changes_of(board).items() if change.is_news}


def news_within(board: Board) -> list[LastingChange]:
    """What changed in the parts of what the page is about: the teams below it, and in a team its agents' work.

    What an agent's team did alike is not said of the agent again, nor what a team below another did of the upper one.
    """
    return board.once("changes within", lambda: _without_echoes(board, _rows_within(board)))


def _rows(board: Board) -> QuerySet[LastingChange]:
    return LastingChange.objects.visible_to(board.viewer).select_related("team", "agent", "queue")


def _rows_of(board: Board) -> QuerySet[LastingChange] | None:
    filters = board.filters
    if not filters.keys() <= {"team", "agent", "queue"} or board.sees_own_share:
        return None
    match sorted(filters):
        case []:
            return _rows_of_own(board)
        case ["team"]:
            return _rows(board).filter(team=filters["team"], agent=None, queue=None)
        case ["queue"]:
            return _rows(board).filter(queue=filters["queue"])
        case ["agent"]:
            return _rows(board).filter(agent=filters["agent"])
    return None


def _rows_of_own(board: Board) -> QuerySet[LastingChange] | None:
    """Of the centre for who sees it; else of the one team that somebody leads with those below it, or of themselves."""
    viewer, rows = board.viewer, _rows(board)
    if viewer.sees_everything:
        return rows.filter(team=None, agent=None, queue=None)
    if not (teams := viewer.supervised_team_ids):
        return rows.filter(agent=viewer.own_agent_id)
    highest = _lineage(board).topmost(teams)
    return rows.filter(team=highest[0], agent=None, queue=None) if len(highest) == 1 else None


def _rows_within(board: Board) -> list[LastingChange]:
    """Of the whole centre no agents: those are their supervisors' matter."""
    if not board.filters.keys() <= {"team"}:
        return []
    rows = _rows(board).filter(since__lte=board.selection.period.end, queue=None).exclude(team=None)
    if "team" in board.filters:
        rows = rows.filter(team__in=board.selection.where["team"]).exclude(team=board.filters["team"], agent=None)
    else:
        rows = rows.filter(agent=None)
    return [row for row in rows if row.is_news]


def _lineage(board: Board) -> Lineage:
    return board.once("lineage", Lineage)


def _without_echoes(board: Board, rows: Sequence[LastingChange]) -> list[LastingChange]:
    of_teams = {(row.kpi, row.side, row.team_id) for row in rows if row.agent_id is None and row.team_id is not None}
    above = {(kpi, side, upper) for kpi, side, team in of_teams for upper in _lineage(board).above(team)}
    own = [row for row in rows if not row.is_shared]
    return [row for row in own if row.agent_id or (row.kpi, row.side, row.team_id) not in above]


def news_title(change: LastingChange) -> str:
    """The change in a sentence, such as "Average handle time of Refunds has been above its usual level since …"."""
    kpi = KPIS[change.kpi]
    words = {
        "kpi": kpi.name,
        "whom": change.agent or change.queue or change.team or "",
        "now": format_value(kpi, change.after),
        "before": format_value(kpi, change.before),
        "day": format_start(change.started_on or change.since),
    }
    return _sentence(change) % words


def _sentence(change: LastingChange) -> str:
    is_higher = change.side > 0
    if change.started_on:
        if is_higher:
            return _("%(whom)s: %(kpi)s has risen from %(before)s to %(now)s since the start on %(day)s")
        return _("%(whom)s: %(kpi)s has fallen from %(before)s to %(now)s since the start on %(day)s")
    if change.lately is not None:
        return _past_sentence(change)
    if change.agent_id or change.queue_id or change.team_id:
        if is_higher:
            return _("%(kpi)s of %(whom)s has been above its usual level since %(day)s: %(now)s instead of %(before)s")
        return _("%(kpi)s of %(whom)s has been below its usual level since %(day)s: %(now)s instead of %(before)s")
    if is_higher:
        return _("%(kpi)s has been above its usual level since %(day)s: %(now)s instead of %(before)s")
    return _("%(kpi)s has been below its usual level since %(day)s: %(now)s instead of %(before)s")


def _past_sentence(change: LastingChange) -> str:
    is_higher = change.side > 0
    if change.agent_id or change.queue_id or change.team_id:
        if is_higher:
            return _("%(kpi)s of %(whom)s was above its usual level from %(day)s until lately")
        return _("%(kpi)s of %(whom)s was below its usual level from %(day)s until lately")
    if is_higher:
        return _("%(kpi)s was above its usual level from %(day)s until lately")
    return _("%(kpi)s was below its usual level from %(day)s until lately")
