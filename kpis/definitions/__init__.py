"""Every KPI, defined once. Pages, API, charts, goals and checks read these entries and nothing else."""

from __future__ import annotations

from django.utils.translation import gettext

from kpis.definitions import access, customer, handling, money, resolution, tickets, time, volume
from kpis.kpi import Kpi

# In the order of the catalogue.
EVERY: tuple[Kpi, ...] = (
    *volume.KPIS,
    *access.KPIS,
    *handling.KPIS,
    *resolution.KPIS,
    *customer.KPIS,
    *time.KPIS,
    *tickets.KPIS,
    *money.KPIS,
)
KPIS: dict[str, Kpi] = {entry.key: entry for entry in EVERY}


class UnknownKpi(LookupError):
    """A key that names no KPI. The message says so."""


def kpi(key: str) -> Kpi:
    """The KPI of this key; raises UnknownKpi with a sentence."""
    try:
        return KPIS[key]
    except KeyError:
        raise UnknownKpi(gettext("There is no KPI “%(key)s”.") % {"key": key}) from None
