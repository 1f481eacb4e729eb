"""Members side by side, ranked by value as far as enough stands behind it, with their intervals as whiskers."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from kpis.charts.house import ACCENT, PALE, WHISKER, Figure, axis, hover, layout, plain, value_axis
from kpis.kpi import Kpi
from kpis.measure import Reading
from kpis.text import format_sample

MOST = 40
Named = tuple[str, str, Reading]


def bars(kpi: Kpi, named: Sequence[Named], *, is_ordered: bool = False) -> Figure:
    """``named`` holds each member's name, address ("" for none) and reading. Pale bars have too few behind them.

    Unless they come in an order of their own (``is_ordered``) they are ranked by value, and those with too few
    behind them follow under a heading of their own.
    """
    known = [entry for entry in named if entry[2].value is not None]
    shown = (known if is_ordered else _ranked(known))[:MOST]
    names = [_label(name, reading) for name, _address, reading in shown]
    readings = [reading for _name, _address, reading in shown]
    # From the top down; the heading takes a place of its own.
    heading = None if is_ordered else next((place for place, one in enumerate(readings) if one.is_small), None)
    places = [-place - (heading is not None and place >= heading) for place in range(len(shown))]
    ticks = dict(zip(places, names, strict=True))
    if heading is not None:
        ticks[-heading] = _("too few to rank:")
    values = [reading.value or 0.0 for reading in readings]
    ends = [reading.interval or (value, value) for reading, value in zip(readings, values, strict=True)]
    trace: Figure = {
        "type": "bar",
        "orientation": "h",
        "y": places,
        "x": values,
        "marker": {"color": [PALE if reading.is_small else ACCENT for reading in readings]},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [high - value for value, (_low, high) in zip(values, ends, strict=True)],
            "arrayminus": [value - low for value, (low, _high) in zip(values, ends, strict=True)],
            "color": WHISKER,
            "thickness": 1.25,
            "width": 3,
        },
        "hoverinfo": "text",
        "hovertext": [hover(name, reading) for name, _address, reading in shown],
        "textposition": "none",
        "customdata": [address for _name, address, _reading in shown],
    }
    reaches = [0.0, *values, *(high for _low, high in ends)]
    return {
        "data": [trace],
        "layout": layout(
            height=max(180, 28 * len(ticks) + 60),
            xaxis=value_axis(kpi, reaches, rangemode="tozero"),
            # Numbers under the names: two people may share one.
            yaxis=axis(tickvals=list(ticks), ticktext=list(ticks.values()), automargin=True, ticks=""),
            bargap=0.35,
        ),
    }


def _ranked(named: Sequence[Named]) -> list[Named]:
    """The highest first; what rests on too few last."""
    return sorted(named, key=lambda entry: (entry[2].is_small, -(entry[2].value or 0)))


def _label(name: str, reading: Reading) -> str:
    """With the sample where it is too small to rank."""
    sample = f" · {format_sample(reading.kpi, reading.n)}" if reading.is_small else ""
    return plain(name) + sample
