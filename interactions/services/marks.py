"""Marks on business days whose facts changed, so that their KPIs are computed again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from interactions.models import DirtyDay


def mark_days(days: Iterable[dt.date], *, claimed_by: int | None = None) -> None:
    """Mark days as changed; call it in the transaction that changes the facts.

    ``claimed_by`` is for a KPI run that marks what it found itself: the number of that run.
    """
    DirtyDay.objects.bulk_create(DirtyDay(day=day, claimed_by=claimed_by) for day in sorted(set(days)))
