"""Two categories across each other: a cell for each pair, the value written in it where there is room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kpis.charts.house import HEAT_HIGH, HEAT_LOW, SURFACE, WHISKER, Figure, axis, hover, layout, plain, said_of, shades
from kpis.kpi import Better, Kpi
from kpis.measure import Reading
from kpis.text import format_value

MOST_ROWS, MOST_COLUMNS = 40, 48
HEAT_HALF = "--chart-heat-half"
ROOM_FOR_VALUES = 12  # columns in which a value can be read
HIGH = 30  # pixels of a row

Value = tuple[Any, str]  # of a dimension, with its name


def grid(kpi: Kpi, rows: Sequence[Value], columns: Sequence[Value], cells: Mapping[tuple[Any, Any], Reading]) -> Figure:
    """Darker is worse, or more where neither direction is better. What rests on too few stays without colour."""
    table = [[cells.get((row, column)) for column, _name in columns] for row, _name in rows]
    across, down = list(range(len(columns))), list(range(len(rows)))
    common: Figure = {"type": "heatmap", "x": across, "y": down, "xgap": 2, "ygap": 2, "showscale": False}
    said: Figure = {
        "hoverinfo": "text",
        "hoverongaps": False,
        "texttemplate": "%{text}",
        "textfont": {"color": WHISKER},
    }
    texts = _texts(table, is_wide=len(columns) > ROOM_FOR_VALUES)
    hovers = [
        [hover(f"{row} · {column}", cell) if cell else "" for (_at, column), cell in zip(columns, found, strict=True)]
        for (_value, row), found in zip(rows, table, strict=True)
    ]
    # Where values are written, shades stay so pale that each can be read on them.
    strongest = HEAT_HIGH if len(columns) > ROOM_FOR_VALUES else HEAT_HALF
    pale: Figure = {"z": shades(table, unsure=True), "colorscale": [[0, SURFACE], [1, SURFACE]]}
    sure: Figure = {
        "z": shades(table, unsure=False),
        "colorscale": [[0, HEAT_LOW], [1, strongest]],
        "reversescale": kpi.better is Better.HIGHER,
    }
    names = [plain(name) for _value, name in columns]
    figure = layout(
        height=max(180, HIGH * len(rows) + 90),
        xaxis=axis(tickvals=across, ticktext=names, tickangle="auto", ticks="", automargin=True, side="top"),
        yaxis=axis(
            tickvals=down,
            ticktext=[plain(name) for _value, name in rows],
            autorange="reversed",
            automargin=True,
            ticks="",
        ),
    )
    traces = [
        common | said | {"text": said_of(kind["z"], texts), "hovertext": said_of(kind["z"], hovers)} | kind
        for kind in (pale, sure)
    ]
    return {"data": traces, "layout": figure}


def _texts(table: Sequence[Sequence[Reading | None]], *, is_wide: bool) -> list[list[str]]:
    return [
        [format_value(cell.kpi, cell.value) if cell and cell.value is not None and not is_wide else "" for cell in row]
        for row in table
    ]
