"""From one value to another, step by step: what each cause added or took away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction

from django.utils.translation import gettext as _

from kpis.charts.house import ACCENT, BAD, GOOD, GRID, PALE, TEXT, Figure, axis, layout, plain, value_axis
from kpis.kpi import Kpi
from kpis.text import format_change, format_value

WIDTH = 0.62
ROOM = 0.18


def waterfall(
    kpi: Kpi, before: float, now: float, steps: Sequence[tuple[str, Fraction]], *, unsure: Collection[int] = ()
) -> Figure:
    """``steps`` are names and effects in the KPI's unit; together they lead from ``before`` to ``now``.

    The two ends are lines, not bars, for the axis does not begin at zero. The bars of the
    ``unsure`` steps (their places) are pale: chance alone may have made them.
    """
    levels = [before]
    for _name, size in steps:
        levels.append(levels[-1] + float(size))
    names = [_("before"), *(name for name, _size in steps), _("now")]
    low, high = min([*levels, now]), max([*levels, now])
    room = (high - low) * ROOM or abs(high) * ROOM or 1.0
    trace: Figure = {
        "type": "bar",
        "x": list(range(1, len(steps) + 1)),
        "base": levels[:-1],
        "y": [float(size) for _name, size in steps],
        "width": WIDTH,
        "marker": {"color": [PALE if n in unsure else _colour(kpi, size) for n, (_name, size) in enumerate(steps)]},
        "hoverinfo": "text",
        "hovertext": [f"{plain(name)}<br>{format_change(kpi, float(size), of=before)}" for name, size in steps],
        "text": [format_change(kpi, float(size), of=before) for _name, size in steps],
        "textposition": "outside",
        "cliponaxis": False,
        "textfont": {"color": TEXT},
    }
    last = len(names) - 1
    ends = [_end(0, before), _end(last, now)]
    ticks = {"tickvals": list(range(len(names))), "ticktext": [_wrapped(name) for name in names]}
    return {
        "data": [trace],
        "layout": layout(
            xaxis=axis(range=[-0.6, last + 0.6], ticks="", tickangle=0, automargin=True, **ticks),
            yaxis=value_axis(kpi, [low - room, high + room], range=[low - room, high + room]),
            shapes=[*ends, *(_joint(place, level) for place, level in enumerate(levels))],
            annotations=[_name_of_end(kpi, 0, before), _name_of_end(kpi, last, now)],
        ),
    }


def _colour(kpi: Kpi, size: Fraction) -> str:
    is_good = kpi.is_gain(size)
    return ACCENT if is_good is None else GOOD if is_good else BAD


def _end(place: int, value: float) -> Figure:
    line = {"color": ACCENT, "width": 4}
    return {"type": "line", "x0": place - WIDTH / 2, "x1": place + WIDTH / 2, "y0": value, "y1": value, "line": line}


def _joint(place: int, level: float) -> Figure:
    """A thin line from one bar to the next."""
    line = {"color": GRID, "width": 1}
    return {
        "type": "line",
        "layer": "below",
        "x0": place + WIDTH / 2,
        "x1": place + 1 - WIDTH / 2,
        "y0": level,
        "y1": level,
        "line": line,
    }


def _name_of_end(kpi: Kpi, place: int, value: float) -> Figure:
    return {
        "x": place,
        "y": value,
        "yanchor": "bottom",
        "yshift": 4,
        "text": format_value(kpi, value),
        "showarrow": False,
        "font": {"color": TEXT},
    }


def _wrapped(name: str, longest: int = 14) -> str:
    """A long name in lines, broken between its words."""
    lines = [""]
    for word in plain(name).split(" "):
        joined = f"{lines[-1]} {word}".strip()
        if lines[-1] and len(joined) > longest:
            lines.append(word)
        else:
            lines[-1] = joined
    return "<br>".join(lines)
