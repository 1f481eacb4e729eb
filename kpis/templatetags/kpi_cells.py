"""Marks and cells of long tables.

A page has hundreds of them, and a template takes ten times as long for each: that is why they are written here.
"""

from __future__ import annotations

from html import escape

from django import template
from django.utils.safestring import mark_safe

from kpis.dashboards.parts import Cell
from kpis.dashboards.tiles import Change
from kpis.measure import Reading
from kpis.text import NOTHING, format_between, format_sample
from kpis.verdict import Verdict
from people.icons import icon

register = template.Library()


@register.simple_tag
def verdict_mark(verdict: Verdict | None) -> str:
    """Whether a target is met: an icon and a word."""
    if verdict is None:
        return ""
    tone = f" mark-{verdict.tone}" if verdict.tone else ""
    why = f' title="{escape(verdict.why)}"' if verdict.why else ""
    return _markup(f'<span class="mark{tone}"{why}>{_icon(verdict, 14)}{escape(verdict.word)}</span>')


@register.simple_tag
def change_mark(change: Change | None) -> str:
    """A difference to the comparison, with its word for those who do not see the colour."""
    if change is None:
        return ""
    title = f' title="{escape(change.word)}"' if change.word else ""
    word = _aside(change.word) if change.word else ""
    return _markup(f'<span class="change-{change.tone}"{title}>{escape(change.text)}{word}</span>')


@register.simple_tag
def member_cell(cell: Cell) -> str:
    """A reading in a table of members: value, verdict where it can be told, and what stands behind it."""
    reading, verdict = cell.reading, cell.verdict
    if reading is None or reading.value is None:
        return _markup(f'<td class="number pale">{NOTHING}</td>')
    classes, sign, standing = "number pale" if reading.is_small else "number", "", cell.standing
    if verdict and verdict.tone:
        classes += f" cell-{verdict.tone}"
        sign = f"{_icon(verdict, 12)} "
    title, aside = (f' title="{escape(standing)}"', _aside(standing)) if standing else ("", "")
    return _markup(f'<td class="{classes}"{title}>{sign}{escape(cell.text)}{aside}{_behind(reading)}</td>')


def _behind(reading: Reading) -> str:
    """The interval, and of a ratio the sample where that is small or all there is."""
    said = [format_between(reading.kpi, reading.interval)] if reading.interval else []
    if reading.kpi.bottom and (reading.is_small or not said):
        said.append(format_sample(reading.kpi, reading.n))
    return "".join(f'<span class="sub">{escape(one)}</span>' for one in said)


def _markup(html: str) -> str:
    return mark_safe(html)  # noqa: S308 - every word in it was escaped where it was put in


def _aside(word: str) -> str:
    return f'<span class="visually-hidden"> ({escape(word)})</span>'


def _icon(verdict: Verdict, size: int) -> str:
    return icon(verdict.icon, size=size, aria_hidden="true")
