"""People by value and volume, with the limits within which chance alone puts them: no league table."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from kpis.charts.house import ACCENT, BAD, GOOD, GREY, PALE, TEXT, Figure, axis, hover, layout, plain, value_axis
from kpis.kpi import Kpi, Sample
from kpis.measure import Reading
from kpis.statistics import Funnel
from kpis.statistics.funnel import ALARM, WARNING

POINTS = 60
Named = tuple[str, str, Reading]


def funnel(kpi: Kpi, shape: Funnel, named: Sequence[Named], outside: Collection[Reading]) -> Figure:
    """``named`` holds each person's name, address and reading; those ``outside`` are marked and named.

    The inner lines hold 95 % of what is like the whole, the outer ones 99.8 %. Pale points have too few behind them.
    """
    samples = [reading.n for _name, _address, reading in named]
    reach = max(samples) * 1.05
    start = max(min(samples) * 0.9, 1.0)
    steps = [start + (reach - start) * number / (POINTS - 1) for number in range(POINTS)]
    traces = [_limit(shape, steps, z, side) for z in (WARNING, ALARM) for side in (0, 1)]
    traces += [_middle(shape, start, reach), _people(kpi, shape, named, outside)]
    values = [reading.value or 0.0 for _name, _address, reading in named]
    # Limits of a handful would take the axis, so they are cut where twice the people's spread ends.
    low, high = min([shape.value, *values]), max([shape.value, *values])
    room = max(high - low, abs(shape.value) * 0.05) * 0.35
    axis_of_values = value_axis(kpi, [low - room, high + room], range=[low - room, high + room])
    return {
        "data": traces,
        "layout": layout(xaxis=axis(title={"text": _sample_name(kpi)}, range=[0, reach]), yaxis=axis_of_values),
    }


def _limit(shape: Funnel, steps: Sequence[float], z: float, side: int) -> Figure:
    line = {"color": GREY, "width": 1, "dash": "dash" if z == WARNING else "solid"}
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(steps),
        "y": [shape.limits(n, z)[side] for n in steps],
        "line": line,
        "hoverinfo": "skip",
    }


def _middle(shape: Funnel, start: float, reach: float) -> Figure:
    line = {"color": TEXT, "width": 1}
    y = [shape.value, shape.value]
    return {"type": "scatter", "mode": "lines", "x": [start, reach], "y": y, "line": line, "hoverinfo": "skip"}


def _people(kpi: Kpi, shape: Funnel, named: Sequence[Named], outside: Collection[Reading]) -> Figure:
    marked = set(map(id, outside))  # told apart as such: to compare each with each takes seconds for a thousand
    is_outside = [id(reading) in marked for _name, _address, reading in named]

    def colour(reading: Reading) -> str:
        if id(reading) not in marked:
            return PALE if reading.is_small else ACCENT
        is_good = kpi.is_gain((reading.value or 0.0) - shape.value)
        return TEXT if is_good is None else GOOD if is_good else BAD

    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [reading.n for _name, _address, reading in named],
        "y": [reading.value for _name, _address, reading in named],
        "text": [
            plain(name) if is_out else "" for is_out, (name, _address, _reading) in zip(is_outside, named, strict=True)
        ],
        "textposition": "middle left",
        "textfont": {"color": TEXT},
        "cliponaxis": False,
        "marker": {
            "size": [11 if is_out else 8 for is_out in is_outside],
            "symbol": ["diamond" if is_out else "circle" for is_out in is_outside],
            "color": [colour(reading) for _name, _address, reading in named],
        },
        "hoverinfo": "text",
        "hovertext": [hover(name, reading) for name, _address, reading in named],
        "customdata": [address for _name, address, _reading in named],
    }


def _sample_name(kpi: Kpi) -> str:
    return {
        Sample.CONTACTS: _("contacts"),
        Sample.ANSWERS: _("answers"),
        Sample.TICKETS: _("tickets"),
        Sample.SECONDS: _("seconds"),
    }[kpi.sample]
