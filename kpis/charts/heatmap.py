"""Half-hours × weekdays: where in the week a KPI is off."""

from __future__ import annotations

from collections.abc import Sequence

from kpis.charts.house import HEAT_HIGH, HEAT_LOW, Figure, axis, hover, layout, said_of, shades
from kpis.kpi import Better, Kpi
from kpis.measure import Reading
from kpis.text import format_step

WEEK = range(7)
FAINT = 0.3


def heatmap(kpi: Kpi, readings: Sequence[Reading]) -> Figure:
    """Readings by weekday and slot. Darker is worse; where neither direction is, darker is more."""
    cells = {(reading.at["weekday"], reading.at["slot"]): reading for reading in readings}
    slots = [slot for _weekday, slot in cells]
    columns = range(min(slots), max(slots) + 1) if slots else range(0)
    names = [format_step("slot", slot) for slot in columns]
    # Days on which the centre is closed take no room.
    week = [weekday for weekday in WEEK if any(at == weekday for at, _slot in cells)]
    days = [format_step("weekday", weekday) for weekday in week]
    rows = [[cells.get((weekday, slot)) for slot in columns] for weekday in week]
    shared: Figure = {
        "type": "heatmap",
        "x": names,
        "y": days,
        **_range(readings),
        "colorscale": [[0, HEAT_LOW], [1, HEAT_HIGH]],
        "reversescale": kpi.better is Better.HIGHER,
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "hoverinfo": "text",
        "hoverongaps": False,
    }
    texts = [
        [hover(f"{day} {name}", cell) if cell else "" for name, cell in zip(names, row, strict=True)]
        for day, row in zip(days, rows, strict=True)
    ]
    sure, unsure = shades(rows, unsure=False), shades(rows, unsure=True)
    # What too few stand behind is there, but does not catch the eye.
    traces = [
        {"z": sure, "text": said_of(sure, texts)},
        {"z": unsure, "text": said_of(unsure, texts), "opacity": FAINT},
    ]
    return {
        "data": [shared | trace for trace in traces],
        "layout": layout(
            xaxis=axis(type="category", tickvals=names, ticktext=names, tickangle=0, ticks=""),
            yaxis=axis(type="category", autorange="reversed", automargin=True, ticks=""),
        ),
    }


def _range(readings: Sequence[Reading]) -> Figure:
    """From the lowest to the highest that can be judged: a half-hour of three contacts must not set the scale."""
    judged = [reading.value for reading in readings if reading.value is not None and not reading.is_small]
    return {"zmin": min(judged), "zmax": max(judged)} if judged and min(judged) < max(judged) else {}
