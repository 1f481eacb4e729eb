"""How large an answer would be, known before anything is read."""

from __future__ import annotations

import datetime as dt
from math import ceil, prod

from django.utils.translation import gettext as _

from interactions.text import format_number
from kpis.dashboards.board import Board
from kpis.dashboards.labels import DIMENSION_NAMES
from kpis.dimensions import STEPS_OF_TIME
from kpis.explore.question import Question
from kpis.measure import rollups_of
from kpis.names import NAMED
from people.models import Agent, Channel, Queue, Team

MOST_CELLS = 5_000
# A page reads each of them once and once more for its totals, at some millions a second.
MOST_ROWS = 3_000_000
USUAL_DAYS = dt.timedelta(days=7)
FIXED = {"weekday": 7, "slot": 48, "channel": len(Channel)}


def too_much(question: Question) -> str:
    """A sentence that says how to narrow a question whose answer would be too large; "" for any other."""
    return _too_many_cells(question) or _too_many_rows(question)


def _too_many_cells(question: Question) -> str:
    counts = {name: _values(question.board, name) for name in question.by}
    cells = len(question.told) * prod(counts.values())
    if cells <= MOST_CELLS:
        return ""
    sizes = " × ".join(
        [f"{format_number(count)} ({str(DIMENSION_NAMES[name]).lower()})" for name, count in counts.items()]
        + [f"{format_number(len(question.told))} ({_('KPIs')})"]
    )
    return _(
        "This would be up to %(cells)s figures: %(sizes)s. At most %(most)s are shown. Choose a longer step of time "
        "or a shorter period, keep to one channel, queue or team, or take a dimension or a KPI away. "
        "The REST API has no such limit."
    ) % {"cells": format_number(cells), "sizes": sizes, "most": format_number(MOST_CELLS)}


def _too_many_rows(question: Question) -> str:
    """Few figures may still be made of very many rows: ten years of thousands of agents, added up by weekday."""
    selection = question.selection
    periods = [selection.period, *([selection.comparison] if selection.comparison else [])]
    days, a_day = sum(period.days for period in periods), _rows_a_day(question)
    if days * a_day <= MOST_ROWS:
        return ""
    return _(
        "For this about %(rows)s computed rows would be read: %(days)s days of about %(a_day)s rows each. At most "
        "%(most)s are read for a page. Choose a shorter period or no comparison, keep to one channel, queue or team, "
        "or split by something coarser. The REST API has no such limit."
    ) % {
        "rows": format_number(days * a_day),
        "days": format_number(days),
        "a_day": format_number(a_day),
        "most": format_number(MOST_ROWS),
    }


def _rows_a_day(question: Question) -> int:
    """How many rows of the roll-ups a day has for this question: those of the last week with data, by the day."""
    board, reach = question.board, question.selection.reach
    if reach is None:
        return 0
    where = question.selection.where
    asked = (*question.by, *where)
    rollups = {rollup for kpi in question.told for rollup in rollups_of(kpi, asked, viewer=board.viewer)}
    kept = {f"{name}__in": list(values) for name, values in where.items()}
    week = (reach - USUAL_DAYS + dt.timedelta(days=1), reach)
    rows = [rollup.objects.visible_to(board.viewer).filter(day__range=week, **kept).count() for rollup in rollups]
    return ceil(sum(rows) / USUAL_DAYS.days)


def _values(board: Board, dimension: str) -> int:
    """The greatest number of values that a dimension can have in this selection."""
    if dimension in STEPS_OF_TIME:
        return len(board.selection.period.steps(dimension))
    if dimension in board.selection.where:
        return len(board.selection.where[dimension])
    if dimension in FIXED:
        return FIXED[dimension]
    return max(1, _rows(board, dimension))


def _rows(board: Board, dimension: str) -> int:
    if dimension in ("site", "reason"):
        return int(NAMED[dimension].objects.count())
    if dimension == "team":
        return Team.objects.visible_to(board.viewer).without_tree_fields().count()
    if dimension == "agent":
        agents = Agent.objects.visible_to(board.viewer)
        teams = board.selection.where.get("team")
        kept = agents.filter(memberships__team__in=teams) if teams else agents
        return kept.distinct().count()
    queues = Queue.objects.visible_to(board.viewer)
    return queues.count() if dimension == "queue" else queues.order_by().values(dimension).distinct().count()
