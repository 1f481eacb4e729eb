"""What all figures share: layout, axes, hover."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from kpis.kpi import Kpi, Unit
from kpis.measure import Reading
from kpis.text import format_between, format_sample, format_value, unit_name

Figure = dict[str, Any]

ACCENT, PALE, GREY = "--chart-accent", "--chart-accent-pale", "--chart-grey"
WHISKER = "--chart-whisker"
TEXT, GRID, SURFACE = "--chart-text", "--chart-grid", "--chart-surface"
BAND, BAD = "--chart-band", "--chart-bad"
GOOD, HEAT_LOW, HEAT_HIGH = "--chart-good", "--chart-heat-0", "--chart-heat-1"

# Steps at which an axis looks natural where Plotly's own tens do not.
STEPS: dict[Unit, tuple[float, ...]] = {
    Unit.SECONDS: (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400),
    Unit.SHARE: (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1),
    Unit.POINTS: (0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
}
TICKS = 6


def layout(**more: Any) -> Figure:
    """The house's layout: no box, pale grid, no legend."""
    base: Figure = {
        "autosize": True,
        "margin": {"l": 56, "r": 24, "t": 12, "b": 40},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": TEXT, "size": 12},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": SURFACE, "bordercolor": GRID, "font": {"color": TEXT}, "align": "left"},
    }
    return base | more


def axis(**more: Any) -> Figure:
    """An axis without lines of its own."""
    base: Figure = {"showgrid": False, "zeroline": False, "fixedrange": True, "linecolor": GRID, "tickcolor": GRID}
    return base | more


def value_axis(kpi: Kpi, values: Iterable[float | None], **more: Any) -> Figure:
    """The axis that carries the KPI's values, with its unit."""
    known = [value for value in values if value is not None]
    ticks = _ticks(kpi, min(known), max(known)) if known and kpi.unit in STEPS else {}
    most = max(ticks.get("tickvals", ()), default=0)
    title = {"text": plain(unit_name(kpi, most)), "standoff": 8}
    return axis(showgrid=True, gridcolor=GRID, automargin=True, title=title, **ticks) | more


def _ticks(kpi: Kpi, low: float, high: float) -> Figure:
    width = max(high - low, abs(high) * 0.1, STEPS[kpi.unit][0])
    step = next((step for step in STEPS[kpi.unit] if width / step <= TICKS), STEPS[kpi.unit][-1])
    marks = [mark * step for mark in range(math.floor(low / step), math.floor(high / step) + 2)]
    return {"tickvals": marks, "ticktext": [format_value(kpi, mark) for mark in marks]}


def hover(name: str, reading: Reading) -> str:
    """What is said over a point: where, value, interval, sample.

    Line breaks are its only tags: Plotly writes every other one as an inline style, which the page's policy refuses.
    """
    parts = [plain(name), format_value(reading.kpi, reading.value)]
    if reading.interval:
        parts.append(format_between(reading.kpi, reading.interval))
    parts.append(format_sample(reading.kpi, reading.n))
    return "<br>".join(parts)


def shades(rows: Sequence[Sequence[Reading | None]], *, unsure: bool) -> list[list[float | None]]:
    """The values of a heatmap's cells of one kind, surely judged or not; None in the place of the others."""
    return [[cell.value if cell and cell.is_small is unsure else None for cell in row] for row in rows]


def said_of(values: Sequence[Sequence[Any]], texts: Sequence[Sequence[str]]) -> list[list[str]]:
    """The texts of the cells that have a value; of the others none is ever shown, so the page does not carry it."""
    return [
        [text if value is not None else "" for value, text in zip(row, said, strict=True)]
        for row, said in zip(values, texts, strict=True)
    ]


def plain(name: str) -> str:
    """A name as text: Plotly reads a few tags in its labels."""
    return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
