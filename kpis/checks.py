"""Checks the registry as a whole before the first request."""

from __future__ import annotations

import re
from typing import Any

from django.core.checks import CheckMessage, Error, register

from kpis.kpi import OF_THE_QUEUE, Fact, Kpi, Spread


@register()
def check_registry(**_options: Any) -> list[CheckMessage]:
    """Every KPI is whole: key, texts, a top or a percentile, readable tallies, what its interval needs."""
    from kpis.definitions import EVERY

    faults = [fault for entry in EVERY for fault in _faults(entry)]
    keys = [entry.key for entry in EVERY]
    faults += [f"The key {key} is used twice." for key in {key for key in keys if keys.count(key) > 1}]
    faults += _fact_faults()
    return [Error(fault, id="kpis.E001") for fault in faults]


def _faults(entry: Kpi) -> list[str]:
    from kpis.measure import can_measure

    rules = {
        "its key is not snake_case": re.fullmatch(r"[a-z][a-z0-9_]*", entry.key),
        "it needs a top or a percentile, and not both": (entry.top is None) != (entry.percentile is None),
        "a text is missing": all([entry.name, entry.question, entry.formula, entry.definition]),
        "no roll-up keeps all of its tallies": can_measure(entry, ["day"]),
        "its interval needs the squares": entry.squares or entry.spread not in {Spread.MEAN, Spread.SCALE_MEAN},
        "its minimum sample is not positive": entry.minimum > 0,
        "its tallies count for different teams": len({tally.fact in OF_THE_QUEUE for tally in entry.tallies}) <= 1,
    }
    return [f"{entry.key}: {fault}." for fault, holds in rules.items() if not holds]


def _fact_faults() -> list[str]:
    from kpis.facts import FACTS
    from kpis.models import ROLLUPS

    return [
        f"The fact {fact} is laid out nowhere or kept in no roll-up."
        for fact in Fact
        if fact not in FACTS or not any(fact in rollup.facts for rollup in ROLLUPS)
    ]
