"""What a page shows: period, comparison and filters. All of it stands in the address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kpis.forms import SelectionForm
from kpis.period import Period, start_of
from kpis.text import format_period
from people.models import Channel, Team

DAYS_BY_DEFAULT = 28
# A trend has at most about this many points; the first step that keeps to it is taken.
POINTS = 62
STEPS = (("day", 1), ("week", 7), ("month", 30), ("quarter", 91), ("year", 365))


@dataclass(frozen=True)
class Preset:
    """A period with a name."""

    name: str
    period: Period


@dataclass(frozen=True)
class Selection:
    """A period, what it is compared with, and the filters that narrow it; and which KPI the charts show, split how."""

    period: Period
    form: SelectionForm
    compare: str = "before"
    filters: dict[str, Any] = field(default_factory=dict)  # dimension → chosen row, or the channel's text
    kpi: str = ""
    by: str = ""
    sort: str = ""  # the KPI that tables are sorted by; with "-" from the highest down
    reach: dt.date | None = None
    columns: tuple[str, ...] = ()  # the KPIs that tables of members show; none for the viewer's usual ones

    @classmethod
    def read(cls, asked: QueryDict, *, viewer: Any, reach: dt.date | None) -> Selection:
        """From an address; what is missing or wrong falls back to the default (the form says what was wrong)."""
        form = SelectionForm(asked, viewer=viewer)
        form.is_valid()
        chosen = form.cleaned_data
        filters = {name: chosen[name] for name in ("channel", "queue", "team", "agent") if chosen.get(name)}
        last = reach or timezone.localdate()
        period = form.period or Period(last - dt.timedelta(days=DAYS_BY_DEFAULT - 1), last)
        kpi, by, sort = (chosen.get(name) or "" for name in ("kpi", "by", "sort"))
        columns = tuple(dict.fromkeys(chosen.get("columns") or ()))
        return cls(period, form, chosen.get("compare") or "before", filters, kpi, by, sort, reach, columns)

    @classmethod
    def of_days(cls, period: Period, *, viewer: Any, reach: dt.date | None = None) -> Selection:
        """A period without comparison or filters, for a page whose address says nothing else."""
        form = SelectionForm({}, viewer=viewer)
        form.is_valid()
        return cls(period, form, compare="none", reach=reach)

    def kept_to(self, **filters: Any) -> Selection:
        """The same, kept to one team, agent or queue: the one a page is about."""
        return replace(self, filters=self.filters | filters)

    @property
    def comparison(self) -> Period | None:
        """The period it is compared with, if any."""
        if self.compare == "none":
            return None
        return self.period.same_weeks_last_year if self.compare == "last_year" else self.period.before

    @cached_property
    def where(self) -> dict[str, Collection[Any]]:
        """The filters as measure() wants them; a team stands for itself and all teams below it."""
        return {name: _values(chosen) for name, chosen in self.filters.items()}

    @property
    def step(self) -> str:
        """The step of time that gives a trend of readable length."""
        return next((step for step, days in STEPS if self.period.days / days <= POINTS), "year")

    @cached_property
    def query(self) -> str:
        """Period, comparison and filters, for the address of another page."""
        return self.query_with()

    @property
    def page_query(self) -> str:
        """The whole state, for another address of the same page."""
        return urlencode(self.page_state)

    @property
    def page_state(self) -> dict[str, str]:
        """The whole state of the page, name by name, as it is written in an address whatever the language."""
        return self._state(kpi=self.kpi, by=self.by, sort=self.sort, columns=",".join(self.columns))

    def query_with(self, **more: Any) -> str:
        """The state with other or further parts; None leaves one out."""
        return urlencode(self._state(**more))

    def _state(self, **more: Any) -> dict[str, str]:
        state: dict[str, Any] = {"from": self.period.start, "to": self.period.end, "compare": self.compare}
        state |= {name: getattr(chosen, "pk", chosen) for name, chosen in self.filters.items()}
        return {name: str(part) for name, part in (state | more).items() if part not in (None, "")}

    @property
    def words(self) -> str:
        """Period, filters and comparison in words."""
        parts = [format_period(self.period)]
        channel = self.filters.get("channel")
        parts.append(str(Channel(channel).label) if channel else _("all channels"))
        parts += [str(self.filters[name]) for name in ("queue", "team", "agent") if name in self.filters]
        if self.comparison:
            parts.append(_("compared with %(period)s") % {"period": format_period(self.comparison)})
        return " · ".join(parts)

    @property
    def period_name(self) -> str:
        """The preset's name, or the days."""
        return next(
            (preset.name for preset in self.presets if preset.period == self.period), format_period(self.period)
        )

    @property
    def preset_links(self) -> list[tuple[str, str, bool]]:
        """For each usual period its name, its address, and whether it is the one shown."""
        return [
            (
                preset.name,
                urlencode(self.page_state | {"from": preset.period.start, "to": preset.period.end}),
                preset.period == self.period,
            )
            for preset in self.presets
        ]

    @property
    def presets(self) -> list[Preset]:
        """The usual periods, as far as the data reaches."""
        return presets(self.reach or timezone.localdate())


def _values(chosen: Any) -> list[Any]:
    if isinstance(chosen, Team):
        return chosen.branch_ids()
    return [getattr(chosen, "pk", chosen)]


def presets(last: dt.date) -> list[Preset]:
    """The usual periods up to ``last``, the last day with data."""
    day = dt.timedelta(days=1)
    is_now = last == timezone.localdate()
    found = [
        Preset(_("Today") if is_now else _("Last day with data"), Period(last, last)),
        Preset(_("Yesterday") if is_now else _("The day before"), Period(last - day, last - day)),
        Preset(_("Last 7 days"), Period(last - 6 * day, last)),
        Preset(_("Last 28 days"), Period(last - 27 * day, last)),
    ]
    names = {
        "week": (_("This week"), _("Last week")),
        "month": (_("This month"), _("Last month")),
        "quarter": (_("This quarter"), _("Last quarter")),
        "year": (pgettext("period", "This year"), _("Last year")),
    }
    for step, (this, before) in names.items():
        start = start_of(step, last)
        found += [Preset(this, Period(start, last)), Preset(before, Period(start_of(step, start - day), start - day))]
    return found
