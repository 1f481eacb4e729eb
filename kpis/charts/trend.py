"""A KPI over time: gaps stay gaps, the target as a line, the comparison in grey, what is usual as a band."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from kpis.charts.house import (
    ACCENT,
    BAD,
    BAND,
    GOOD,
    GREY,
    SURFACE,
    TEXT,
    Figure,
    axis,
    hover,
    layout,
    plain,
    value_axis,
)
from kpis.kpi import Kpi
from kpis.measure import Reading
from kpis.statistics import Band
from kpis.text import format_between, format_step, format_target, format_tick, format_value

Series = Mapping[Any, Reading]
ROOM_FOR_TARGET = 72  # pixels


def trend(
    kpi: Kpi,
    step: str,
    starts: Sequence[dt.date],
    readings: Series,
    *,
    before: Sequence[Reading | None] = (),
    target: float | None = None,
    bands: Sequence[Band | None] = (),
) -> Figure:
    """``readings`` by the start of their step; ``before`` and ``bands`` are in the order of ``starts``.

    What is maturing is dotted; points beyond their band are marked.
    """
    names = [format_step(step, start) for start in starts]
    found = [readings.get(start) for start in starts]
    values = [reading.value if reading else None for reading in found]
    bands = bands or [None] * len(starts)
    traces = _band(names, bands)
    traces += [_comparison(kpi, names, before)] if any(before) else []
    traces += [_line(names, found, bands), *_maturing(names, found)]
    shown = [*values, *(reading.value for reading in before if reading), target]
    shown += [limit for band in bands if band for limit in (band.low, band.high)]
    shown += [reading.provisional for reading in found if reading and reading.is_maturing]
    ticks = {"tickvals": names, "ticktext": [format_tick(step, start) for start in starts]}
    figure = layout(
        xaxis=axis(
            type="category",
            categoryorder="array",
            categoryarray=names,
            tickangle=0,
            range=[-0.5, len(names) - 0.5],
            **ticks,
        ),
        yaxis=value_axis(kpi, shown),
        hovermode="x",
    )
    if target is not None:
        figure |= {"shapes": [_target_line(target)], "annotations": [_target_name(kpi, target)]}
        figure["margin"] = figure["margin"] | {"r": ROOM_FOR_TARGET}
    return {"data": traces, "layout": figure}


def _band(names: list[str], bands: Sequence[Band | None]) -> list[Figure]:
    """What is usual, from limit to limit; one closed surface for each stretch without a gap."""
    x: list[str | None] = []
    y: list[float | None] = []
    for is_known, stretch in groupby(zip(names, bands, strict=True), key=lambda pair: pair[1] is not None):
        if not is_known:
            continue
        known = [(name, band) for name, band in stretch if band]
        x += [*(name for name, _band in known), *(name for name, _band in reversed(known)), None]
        y += [*(band.high for _name, band in known), *(band.low for _name, band in reversed(known)), None]
    if not x:
        return []
    surface = {"fill": "toself", "fillcolor": BAND, "line": {"width": 0}, "hoverinfo": "skip"}
    return [{"type": "scatter", "mode": "lines", "x": x, "y": y} | surface]


def _line(names: list[str], found: list[Reading | None], bands: Sequence[Band | None]) -> Figure:
    marks = [_mark(reading, band) for reading, band in zip(found, bands, strict=True)]
    # A hollow point has too few behind it to be judged.
    inside = [SURFACE if reading and reading.is_small else ACCENT for reading in found]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": names,
        "y": [reading.value if reading else None for reading in found],
        "connectgaps": False,
        "line": {"color": ACCENT, "width": 2},
        "marker": {
            "size": [10 if mark else 6 for mark in marks],
            "symbol": ["diamond" if mark else "circle" for mark in marks],
            "color": [mark or colour for mark, colour in zip(marks, inside, strict=True)],
            "line": {"color": [mark or ACCENT for mark in marks], "width": 1.5},
        },
        "hoverinfo": "text",
        "hovertext": [_said(*point) for point in zip(names, found, bands, strict=True)],
    }


def _mark(reading: Reading | None, band: Band | None) -> str:
    """The colour of a point beyond what is usual: for the better, for the worse, or neither; "" for a point within."""
    side = band.side(reading.value or 0.0) if reading and band else 0
    if reading is None or not side:
        return ""
    is_good = reading.kpi.is_gain(side)
    return TEXT if is_good is None else GOOD if is_good else BAD


def _said(name: str, reading: Reading | None, band: Band | None) -> str:
    if reading is None:
        return ""
    if band is None:
        return hover(name, reading)
    return (
        hover(name, reading)
        + "<br>"
        + _("usually %(range)s") % {"range": format_between(reading.kpi, (band.low, band.high))}
    )


def _maturing(names: list[str], found: list[Reading | None]) -> list[Figure]:
    """The provisional values, from the last settled point on."""
    values = [reading.provisional if reading and reading.is_maturing else None for reading in found]
    if all(value is None for value in values):
        return []
    first = next(place for place, value in enumerate(values) if value is not None)
    if first and (settled := found[first - 1]):
        values[first - 1] = settled.value
    texts = [
        _("%(step)s<br>%(value)s, maturing") % {"step": plain(name), "value": format_value(reading.kpi, value)}
        if reading and value is not None
        else ""
        for name, reading, value in zip(names, found, values, strict=True)
    ]
    line = {"color": ACCENT, "width": 1.5, "dash": "dot"}
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": names,
            "y": values,
            "line": line,
            "hoverinfo": "text",
            "hovertext": texts,
        }
    ]


def _comparison(kpi: Kpi, names: list[str], before: Sequence[Reading | None]) -> Figure:
    shown = list(before)[: len(names)]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": names[: len(shown)],
        "y": [reading.value if reading else None for reading in shown],
        "connectgaps": False,
        "line": {"color": GREY, "width": 1.25},
        "hoverinfo": "text",
        "hovertext": [
            _("before: %(value)s") % {"value": format_value(kpi, reading.value if reading else None)}
            for reading in shown
        ],
    }


def _target_line(target: float) -> Figure:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": target,
        "y1": target,
        "line": {"color": GOOD, "width": 1.25, "dash": "dash"},
    }


def _target_name(kpi: Kpi, target: float) -> Figure:
    """In the margin, where it covers no line."""
    return {
        "xref": "paper",
        "x": 1,
        "xanchor": "left",
        "xshift": 4,
        "y": target,
        "yanchor": "middle",
        "align": "left",
        "text": _("target<br>%(target)s") % {"target": plain(format_target(kpi, target))},
        "showarrow": False,
        "font": {"color": GOOD},
    }
