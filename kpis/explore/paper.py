"""The tables of a question on paper. The template gets words as JSON, so that no name is ever read as markup."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpis.dashboards.board import Board
from kpis.explore.answer import Answer
from kpis.explore.pivot import Cell, Line, Pivot, pivots
from kpis.text import format_between, format_day, format_sample, format_value
from kpis.typesetting import typeset

TEMPLATE = Path(__file__).with_name("paper.typ")
COLUMNS_UPRIGHT, COLUMNS_ACROSS = 6, 10  # that fit on a page


@dataclass(frozen=True)
class Sheet:
    """As many columns of a table as fit side by side."""

    title: str
    head: str
    columns: list[str]
    lines: list[dict[str, Any]]


def as_pdf(answer: Answer) -> bytes:
    """The tables of an answer as a PDF on A4, turned where they are wide."""
    tables = pivots(answer)
    is_wide = any(len(table.columns) > COLUMNS_UPRIGHT for table in tables)
    sheets = [vars(sheet) for table in tables for sheet in _sheets(table)]
    content = {
        "title": answer.question.name,
        "subtitle": answer.question.selection.words,
        "reach": _reach(answer.board),
        "note": _("pale: too few to judge"),
        "page": _("Page %(number)s of %(all)s") % {"number": "{number}", "all": "{all}"},
        "language": (get_language() or "en").split("-")[0],
        "is_wide": is_wide,
        "sheets": sheets,
    }
    return typeset(TEMPLATE, content)


def _reach(board: Board) -> str:
    reach = board.selection.reach
    return _("data to %(day)s") % {"day": format_day(reach)} if reach else ""


def _sheets(table: Pivot) -> list[Sheet]:
    """A table too wide for a page goes on below, column by column."""
    starts = range(0, len(table.columns), COLUMNS_ACROSS)
    return [
        Sheet(
            table.title,
            table.head,
            table.columns[start : start + COLUMNS_ACROSS],
            [_line(line, table, start) for line in (*table.lines, table.totals)],
        )
        for start in starts
    ]


def _line(line: Line, table: Pivot, start: int) -> dict[str, Any]:
    cells = [_cell(cell, table.is_of_one_kpi) for cell in line.cells[start : start + COLUMNS_ACROSS]]
    return {"name": line.name, "cells": cells, "is_total": line is table.totals}


def _cell(cell: Cell, has_interval: bool) -> dict[str, Any]:
    """The value; under it the interval where the table is of one KPI, the sample where it is small, the change."""
    reading = cell.reading
    if reading is None or reading.value is None:
        return {"value": "–", "below": [], "is_pale": True}
    below = format_between(reading.kpi, reading.interval) if has_interval else ""
    sample = format_sample(reading.kpi, reading.n) if reading.is_small and reading.kpi.bottom else ""
    return {
        "value": format_value(reading.kpi, reading.value),
        "below": [part for part in (below, sample, cell.change.text if cell.change else "") if part],
        "is_pale": reading.is_small,
    }
