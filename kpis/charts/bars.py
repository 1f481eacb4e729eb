"""Members side by side, sorted by value, with their intervals as whiskers."""

from __future__ import annotations

from collections.abc import Sequence

from kpis.charts.house import ACCENT, GREY, PALE, Figure, axis, hover, layout, plain, value_axis
from kpis.kpi import Kpi
from kpis.measure import Reading

MOST = 40


def bars(kpi: Kpi, named: Sequence[tuple[str, str, Reading]], *, is_ordered: bool = False) -> Figure:
    """``named`` holds each member's name, address ("" for none) and reading. Pale bars have too few behind them.

    Sorted by value unless they come in an order of their own (``is_ordered``), then top down.
    """
    known = [entry for entry in named if entry[2].value is not None]
    shown = known[::-1] if is_ordered else sorted(known, key=lambda entry: entry[2].value or 0)
    shown = shown[-MOST:]
    names = [plain(name) for name, _address, _reading in shown]
    readings = [reading for _name, _address, reading in shown]
    values = [reading.value or 0.0 for reading in readings]
    ends = [reading.interval or (value, value) for reading, value in zip(readings, values, strict=True)]
    trace: Figure = {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(names))),
        "x": values,
        "marker": {"color": [PALE if reading.is_small else ACCENT for reading in readings]},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [high - value for value, (_low, high) in zip(values, ends, strict=True)],
            "arrayminus": [value - low for value, (low, _high) in zip(values, ends, strict=True)],
            "color": GREY,
            "thickness": 1.25,
            "width": 3,
        },
        "hoverinfo": "text",
        "hovertext": [hover(name, reading) for name, reading in zip(names, readings, strict=True)],
        "textposition": "none",
        "customdata": [address for _name, address, _reading in shown],
    }
    reaches = [0.0, *values, *(high for _low, high in ends)]
    return {
        "data": [trace],
        "layout": layout(
            height=max(180, 28 * len(names) + 60),
            xaxis=value_axis(kpi, reaches, rangemode="tozero"),
            # Numbers under the names: two people may share one.
            yaxis=axis(tickvals=list(range(len(names))), ticktext=names, automargin=True, ticks=""),
            bargap=0.35,
        ),
    }
