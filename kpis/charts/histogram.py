"""How long it takes: the distribution behind an average, with median and 90th percentile."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from kpis.charts.house import ACCENT, PALE, TEXT, Figure, axis, layout
from kpis.histogram import bounds, percentile
from kpis.text import clock_name, format_number, format_seconds

MARKS = (0.5, 0.9)
# Natural times for the axis of a logarithmic scale.
TIMES = (1, 5, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400, 172_800)


def histogram(counts: Sequence[int]) -> Figure:
    """``counts`` by bucket of kpis/histogram.py; the axis is logarithmic like the buckets."""
    found = [bucket for bucket, count in enumerate(counts) if count]
    shown = range(found[0], found[-1] + 1) if found else range(0)
    edges = [bounds(bucket) for bucket in shown]
    marks = {share: percentile(counts, share) for share in MARKS}
    trace: Figure = {
        "type": "bar",
        "x": list(shown),
        "y": [counts[bucket] for bucket in shown],
        "marker": {"color": PALE},
        "hoverinfo": "text",
        "hovertext": [
            f"{format_seconds(low)} – {format_seconds(high)}<br>{format_number(counts[bucket])}"
            for bucket, (low, high) in zip(shown, edges, strict=True)
        ],
        "textposition": "none",
    }
    times = [time for time in TIMES if edges and edges[0][0] <= time <= edges[-1][1]]
    ticks = {"tickvals": [_place(time) for time in times], "ticktext": [format_seconds(time) for time in times]}
    return {
        "data": [trace],
        "layout": layout(
            xaxis=axis(title={"text": clock_name(max(times, default=0))}, **ticks),
            yaxis=axis(showgrid=True, gridcolor="--chart-grid", title={"text": _("contacts")}, automargin=True),
            bargap=0.08,
            margin={"l": 56, "r": 24, "t": 32, "b": 48},
            shapes=[_line(value) for value in marks.values() if value],
            annotations=[_name(share, value) for share, value in marks.items() if value],
        ),
    }


def _place(seconds: float) -> float:
    """Where a time lies on an axis of bucket numbers, whose bars are centred on them."""
    bucket = next(number for number in range(10_000) if seconds <= bounds(number)[1])
    low, high = bounds(bucket)
    return bucket - 0.5 + (seconds - low) / (high - low)


def _line(seconds: float) -> Figure:
    at = _place(seconds)
    line = {"color": ACCENT, "width": 1.5}
    return {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": at, "x1": at, "line": line}


def _name(share: float, seconds: float) -> Figure:
    name = _("half within %(time)s") if share == 0.5 else _("90%% within %(time)s")
    return {
        "x": _place(seconds),
        "yref": "paper",
        "y": 1,
        "yanchor": "bottom",
        # The two names stand apart however near the lines are.
        "xanchor": "right" if share == 0.5 else "left",
        "text": name % {"time": format_seconds(seconds)},
        "showarrow": False,
        "font": {"color": TEXT},
    }
