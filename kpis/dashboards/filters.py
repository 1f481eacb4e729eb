"""The choices of a page's filter bar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kpis.dashboards.board import Board
from kpis.definitions import KPIS
from kpis.forms import COMPARISONS
from kpis.measure import measure
from people.models import Channel, Queue

FILTERS = ("compare", "channel", "queue")


@dataclass(frozen=True)
class Option:
    """One thing to choose."""

    value: str
    name: str
    is_chosen: bool


@dataclass(frozen=True)
class FilterField:
    """One list to choose from."""

    name: str
    label: str
    options: list[Option]


def filter_fields(
    board: Board, names: Sequence[str], *, fixed: Iterable[str] = (), has_charts: bool = False
) -> list[FilterField]:
    """The fields of these names that have something to choose; not those that the page itself has ``fixed``.

    A filter that is set is always among them, so that it can be seen and taken off. ``has_charts`` offers what they
    show.
    """
    wanted = [*names, *(name for name in board.selection.filters if name not in names)]
    fields = [_field(board, name) for name in wanted if name not in set(fixed)]
    if has_charts:
        options = [Option("", _("what stands out"), board.chosen is None)]
        options += [Option(kpi.key, str(kpi.name), kpi is board.chosen) for kpi in board.kpis]
        fields.append(FilterField("kpi", _("Charts show"), options))
    return [field for field in fields if len(field.options) > 1]


def _field(board: Board, name: str) -> FilterField:
    selection = board.selection
    fields: Any = selection.form.fields
    if name == "compare":
        options = [Option(key, str(word), key == selection.compare) for key, word in COMPARISONS.items()]
        return FilterField(name, _("Compared with"), options)
    chosen = selection.filters.get(name)
    if name == "channel":
        label, rows = _("Channel"), [(value, str(word)) for value, word in Channel.choices]
    else:
        label, rows = str(fields[name].label), _rows(board, name, chosen)
    value = str(getattr(chosen, "pk", chosen or ""))
    options = [Option("", _("all"), not value)]
    return FilterField(name, label, options + [Option(str(key), word, str(key) == value) for key, word in rows])


def _rows(board: Board, name: str, chosen: Any) -> list[tuple[Any, str]]:
    """Agents are many: only the chosen one can be taken off, others are chosen where they are listed."""
    if name == "agent":
        return [(chosen.pk, str(chosen))] if chosen else []
    fields: Any = board.selection.form.fields
    rows = fields[name].queryset
    if name == "queue":
        rows = queues_with_figures(board, chosen)
    return list(rows.values_list("pk", "name"))


def queues_with_figures(board: Board, *more: Queue | None) -> QuerySet[Queue]:
    """The queues of which the board's viewer has figures in its period: for a supervisor those that their teams own
    or answered contacts in. ``more`` are offered in any case."""
    queues: QuerySet[Queue] = Queue.objects.visible_to(board.viewer)
    if board.own_queues is None:
        return queues
    handled = measure([KPIS["contacts_handled"]], viewer=board.viewer, period=board.selection.period, by=("queue",))
    told = {reading.at["queue"] for reading in handled if reading.value}
    return queues.filter(pk__in=told | board.own_queues | {queue.pk for queue in more if queue})
