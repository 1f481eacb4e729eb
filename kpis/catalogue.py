"""The KPI catalogue as a document, written from the registry."""

from __future__ import annotations

from itertools import groupby

from django.utils.translation import override

from kpis.definitions import KPIS
from kpis.dimensions import DIMENSIONS
from kpis.kpi import Better, Kpi, Spread, Total
from kpis.measure import can_measure
from kpis.text import unit_name
from kpis.verdict import RULE

HEAD = """# KPI catalogue

Written from the registry (`kpis/definitions/`) by `make catalogue`; do not edit it here.

Every KPI is a sum divided by a sum, or a percentile read from a histogram that can be added up. Over any period
and any group it is therefore computed from the sums of that period and group: an average of averages never appears.
A contact counts for queue measures on the half-hour in which it was offered, and for an agent's handling on
the half-hour in which it was answered. Where there is nothing to divide by there is no value, which is not zero.
"""

BETTER = {Better.HIGHER: "higher", Better.LOWER: "lower", Better.NEITHER: "neither"}
SPREADS = {
    Spread.NONE: "none",
    Spread.WILSON: "Wilson interval, 95 %",
    Spread.MEAN: "of the mean on the logarithmic scale, 95 %",
    Spread.SCALE_MEAN: "of the mean, 95 %",
    Spread.DIFFERENCE: "of the difference of two shares, 95 %",
}


def catalogue() -> str:
    """All KPIs in Markdown, in English, by group in the order of the registry."""
    with override("en"):
        groups = groupby(KPIS.values(), key=lambda kpi: str(kpi.group))
        parts = [HEAD, f"\n## How targets are judged\n\n{RULE}\n"]
        for name, kpis in groups:
            parts += [f"\n## {name}\n", *(_entry(kpi) for kpi in kpis)]
        return "".join(parts)


def _entry(kpi: Kpi) -> str:
    facts = {
        "Formula": kpi.formula,
        "Top": _total(kpi.top),
        "Bottom": _total(kpi.bottom),
        "Percentile": f"{kpi.percentile[1]:.0%} of `{kpi.percentile[0]}`" if kpi.percentile else "",
        "Unit": unit_name(kpi),
        "Better": BETTER[kpi.better],
        "Uncertainty": SPREADS[kpi.spread],
        "Shown pale below": f"{kpi.minimum:,} {kpi.sample.value}" if kpi.bottom or kpi.percentile else "",
        "Split by": ", ".join(name for name in DIMENSIONS if can_measure(kpi, [name])),
        "Source": kpi.source,
    }
    rows = "".join(f"| {name} | {value} |\n" for name, value in facts.items() if value)
    return f"\n### {kpi.name}\n\n`{kpi.key}` · {kpi.question}\n\n{kpi.definition}\n\n| | |\n| --- | --- |\n{rows}"


def _total(total: Total | None) -> str:
    if total is None:
        return ""
    signed = [("+ " if sign > 0 else "− ", f"`{tally.key}`") for tally, sign in total.terms]
    return " ".join(sign + name for sign, name in signed).removeprefix("+ ")
