"""What makes up most of a total: parts from the greatest down, with what they make together."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from interactions.text import format_number
from kpis.charts.house import ACCENT, GREY, PALE, TEXT, Figure, axis, layout, plain
from kpis.measure import Reading
from kpis.text import format_percent

MOST = 10
Named = tuple[str, Reading]


def pareto(named: Sequence[Named], rest: Sequence[Named], *, few: int) -> Figure:
    """Counts: ``named`` from the greatest down, ``rest`` what is no part of the ranking; the first ``few`` are dark."""
    whole = sum(_count(reading) for _name, reading in (*named, *rest)) or 1
    entries = [(name, _count(reading)) for name, reading in named[:MOST]]
    if others := sum(_count(reading) for _name, reading in named[MOST:]):
        entries.append((_("others"), others))
    entries += [(name, _count(reading)) for name, reading in rest]
    places = [-place for place in range(len(entries))]
    together, texts = 0, []
    for name, count in entries:
        together += count
        texts.append((name, format_percent(count / whole, 1), format_percent(together / whole, 1)))
    colours = [ACCENT if place < few else PALE for place in range(len(named[:MOST]))]
    trace: Figure = {
        "type": "bar",
        "orientation": "h",
        "y": places,
        "x": [count for _name, count in entries],
        "marker": {"color": colours + [GREY] * (len(entries) - len(colours))},
        "text": [share for _name, share, _sum in texts],
        "textposition": "outside",
        "cliponaxis": False,
        "textfont": {"color": TEXT},
        "hoverinfo": "text",
        "hovertext": [
            _("%(name)s<br>%(count)s · %(share)s<br>up to here together %(sum)s")
            % {"name": plain(name), "count": format_number(count), "share": share, "sum": sum_so_far}
            for (name, share, sum_so_far), (_name, count) in zip(texts, entries, strict=True)
        ],
    }
    most = max(count for _name, count in entries)
    return {
        "data": [trace],
        "layout": layout(
            height=max(180, 28 * len(entries) + 50),
            xaxis=axis(range=[0, most * 1.15], showticklabels=False, ticks=""),
            yaxis=axis(tickvals=places, ticktext=[plain(name) for name, _count in entries], automargin=True, ticks=""),
            bargap=0.35,
        ),
    }


def _count(reading: Reading) -> int:
    return round(reading.value or 0)
