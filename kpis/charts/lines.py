"""Several courses in one chart: a line for each, told apart by its label, its marks and its colour."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kpis.charts.house import SURFACE, Figure, axis, hover, layout, plain, value_axis
from kpis.kpi import Kpi
from kpis.measure import Reading

MOST = 8
COLOURS = tuple(f"--chart-c{number}" for number in range(1, MOST + 1))
MARKS = ("circle", "square", "diamond", "triangle-up", "triangle-down", "cross", "x", "star")
LONGEST_LABEL = 20  # letters
LETTER, LINE = 6.5, 17  # pixels that a letter is wide and a label high
HEIGHT = 260  # of the plot, in pixels


@dataclass(frozen=True)
class Step:
    """A place along the chart: its value, its full name and the short one on the axis."""

    at: Hashable
    name: str
    tick: str


@dataclass(frozen=True)
class Course:
    """One line: what it is called and its readings by place."""

    name: str
    readings: Mapping[Any, Reading]


def lines(kpi: Kpi, steps: Sequence[Step], courses: Sequence[Course]) -> Figure:
    """At most `MOST` courses over the same steps. Gaps stay gaps; hollow marks have too few behind them."""
    shown = list(courses)[:MOST]
    names = [step.name for step in steps]
    values = [reading.value for course in shown for reading in course.readings.values()]
    is_labelled = len(shown) > 1
    width = max((min(len(course.name), LONGEST_LABEL) for course in shown), default=0) * LETTER
    figure = layout(
        xaxis=axis(
            type="category",
            categoryorder="array",
            categoryarray=names,
            tickangle=0,
            range=[-0.5, len(names) - 0.5],
            tickvals=names,
            ticktext=[step.tick for step in steps],
        ),
        yaxis=value_axis(kpi, values),
        annotations=_labels(steps, shown) if is_labelled else [],
    )
    figure["margin"] = figure["margin"] | {"r": round(width) + 20 if is_labelled else 24}
    return {"data": [_line(number, course, steps) for number, course in enumerate(shown)], "layout": figure}


def _line(number: int, course: Course, steps: Sequence[Step]) -> Figure:
    found = [course.readings.get(step.at) for step in steps]
    colour = COLOURS[number]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": plain(course.name),
        "x": [step.name for step in steps],
        "y": [reading.value if reading else None for reading in found],
        "connectgaps": False,
        "line": {"color": colour, "width": 2},
        "marker": {
            "size": 7,
            "symbol": MARKS[number],
            "color": [SURFACE if reading and reading.is_small else colour for reading in found],
            "line": {"color": colour, "width": 1.5},
        },
        "hoverinfo": "text",
        "hovertext": [
            hover(f"{course.name} · {step.name}" if course.name else step.name, reading) if reading else ""
            for step, reading in zip(steps, found, strict=True)
        ],
    }


def _labels(steps: Sequence[Step], courses: Sequence[Course]) -> list[Figure]:
    """A name beside the end of each line, pushed apart where ends lie close together."""
    ends = [(_end(steps, course), number, course) for number, course in enumerate(courses)]
    known = sorted([(end, number, course) for end, number, course in ends if end is not None], key=lambda one: one[:2])
    every = [reading.value for course in courses for reading in course.readings.values() if reading.value is not None]
    if not known:
        return []
    a_pixel = ((max(every) - min(every)) or abs(max(every)) or 1) / HEIGHT
    labels: list[Figure] = []
    lowest = float("-inf")
    for end, number, course in known:
        place = max(end, lowest)
        lowest = place + LINE * a_pixel
        labels.append(_label(place, number, course.name))
    return labels


def _end(steps: Sequence[Step], course: Course) -> float | None:
    found = [course.readings[step.at].value for step in steps if step.at in course.readings]
    return next((value for value in reversed(found) if value is not None), None)


def _label(place: float, number: int, name: str) -> Figure:
    short = name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1] + "…"
    return {
        "xref": "paper",
        "x": 1,
        "xanchor": "left",
        "xshift": 4,
        "y": place,
        "yanchor": "middle",
        "text": plain(short),
        "showarrow": False,
        "font": {"color": COLOURS[number]},
    }
