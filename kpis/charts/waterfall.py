"""From one value to another, step by step: what each cause added or took away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction

from django.utils.translation import gettext as _

from kpis.charts.house import ACCENT, BAD, GOOD, GRID, PALE, TEXT, Figure, axis, layout, plain, value_axis
from kpis.kpi import Kpi
from kpis.text import format_change, format_value

WIDTH = 0.62
# Beside the bars, for the figures at their ends: a share of what lies between the lowest and the highest level.
ROOM = 0.3
ROW = 32  # pixels
LONGEST = 18  # signs in a line of a name


def waterfall(
    kpi: Kpi, before: float, now: float, steps: Sequence[tuple[str, Fraction]], *, unsure: Collection[int] = ()
) -> Figure:
    """``steps`` are names and effects in the KPI's unit; together they lead from ``before`` to ``now``.

    Read from above to below, so that each name has a line of its own, however long it is and however narrow the page.
    The two ends are lines, not bars, for the axis does not begin at zero. The bars of the ``unsure`` steps (their
    places) are pale: chance alone may have made them.
    """
    levels = [before]
    for _name, size in steps:
        levels.append(levels[-1] + float(size))
    names = [_("before"), *(name for name, _size in steps), _("now")]
    low, high = min([*levels, now]), max([*levels, now])
    room = (high - low) * ROOM or abs(high) * ROOM or 1.0
    last = len(names) - 1
    lines = [_wrapped(name) for name in names]
    return {
        "data": [_bars(kpi, before, levels, steps, unsure)],
        "layout": layout(
            height=ROW * len(names) + 15 * sum(line.count("<br>") for line in lines) + 60,
            xaxis=value_axis(kpi, [low - room, high + room], range=[low - room, high + room]),
            yaxis=axis(
                range=[last + 0.6, -0.6], tickvals=list(range(len(names))), ticktext=lines, ticks="", automargin=True
            ),
            shapes=[
                _end(0, before),
                _end(last, now),
                *(_joint(place, level) for place, level in enumerate(levels)),
            ],
            annotations=[_name_of_end(kpi, 0, before), _name_of_end(kpi, last, now)],
        ),
    }


def _bars(
    kpi: Kpi, before: float, levels: Sequence[float], steps: Sequence[tuple[str, Fraction]], unsure: Collection[int]
) -> Figure:
    changes = [format_change(kpi, float(size), of=before) for _name, size in steps]
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(range(1, len(steps) + 1)),
        "base": levels[:-1],
        "x": [float(size) for _name, size in steps],
        "width": WIDTH,
        "marker": {"color": [PALE if n in unsure else _colour(kpi, size) for n, (_name, size) in enumerate(steps)]},
        "hoverinfo": "text",
        "hovertext": [f"{plain(name)}<br>{text}" for (name, _size), text in zip(steps, changes, strict=True)],
        "text": changes,
        "textposition": "outside",
        "cliponaxis": False,
        "textfont": {"color": TEXT},
    }


def _colour(kpi: Kpi, size: Fraction) -> str:
    is_good = kpi.is_gain(size)
    return ACCENT if is_good is None else GOOD if is_good else BAD


def _end(place: int, value: float) -> Figure:
    line = {"color": ACCENT, "width": 4}
    return {"type": "line", "y0": place - WIDTH / 2, "y1": place + WIDTH / 2, "x0": value, "x1": value, "line": line}


def _joint(place: int, level: float) -> Figure:
    """A thin line from one bar to the next."""
    line = {"color": GRID, "width": 1}
    return {
        "type": "line",
        "layer": "below",
        "y0": place + WIDTH / 2,
        "y1": place + 1 - WIDTH / 2,
        "x0": level,
        "x1": level,
        "line": line,
    }


def _name_of_end(kpi: Kpi, place: int, value: float) -> Figure:
    return {
        "y": place,
        "x": value,
        "xanchor": "left",
        "xshift": 4,
        "text": format_value(kpi, value),
        "showarrow": False,
        "font": {"color": TEXT},
    }


def _wrapped(name: str) -> str:
    """A long name in lines, broken between its words."""
    lines = [""]
    for word in plain(name).split(" "):
        joined = f"{lines[-1]} {word}".strip()
        if lines[-1] and len(joined) > LONGEST:
            lines.append(word)
        else:
            lines[-1] = joined
    return "<br>".join(lines)
