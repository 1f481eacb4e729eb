"""Which rows a question is put to: those kept to what was asked, on its days, within what the viewer may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet

from kpis.dimensions import Paths, column, expression
from kpis.period import Period, start_of
from people.models import User

Where = Mapping[str, Collection[Any]]


class NotMeasurable(ValueError):
    """A KPI was asked by a dimension that it does not have. The message says which."""


def kept_to(rows: QuerySet, where: Where, paths: Paths) -> Any:
    """The rows whose dimensions have one of the chosen values."""
    named = {f"at_{name}": expression(name, paths) for name in where}
    return rows.annotate(**named).filter(**{f"at_{name}__in": list(chosen) for name, chosen in where.items()})


def scoped(rows: Any, viewer: User, where: Where, team: str) -> Any:
    """The rows a viewer may see, in one scope for every part of a number; ``team`` is whom a row counts for.

    Who supervises teams and is also an agent elsewhere reads the teams' figures without the own ones (which
    some roll-ups could not tell), and the own ones where only those are asked for.
    """
    rows = rows.visible_to(viewer)
    asks_for_own = viewer.own_agent_id and list(where.get("agent", ())) == [viewer.own_agent_id]
    if viewer.sees_everything or not viewer.supervised_team_ids or asks_for_own:
        return rows
    return rows.filter(**{f"{team}__in": viewer.supervised_team_ids})


def days_within(period: Period, where: Where, reach: dt.date | None) -> list[dt.date]:
    """The days of a period that the facts reach and that lie in the chosen days, weeks, months, …"""
    chosen = {name: set(values) for name, values in where.items() if column(name) == "day"}
    return [
        day
        for day in period
        if (reach is None or day <= reach) and all(step_start(step, day) in values for step, values in chosen.items())
    ]


def step_start(step: str, day: dt.date) -> Any:
    """The step of time (or the weekday) that a day lies in, as a dimension of it is read."""
    return day.weekday() if step == "weekday" else start_of(step, day)
