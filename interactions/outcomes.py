"""What became of an import, in short: why rows were not taken, and what was created for them."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from interactions.definitions import COLUMNS, Text
from interactions.models import Import, RejectedRow

REASONS, LINES, NAMES = 20, 5, 50
SAME = ["kind", "column", "reason"]


@dataclass
class Why:
    """One reason, the column it is about, how many rows it holds for, and the first lines of them."""

    kind: str
    column: str
    reason: str
    count: int
    lines: list[int] = field(default_factory=list)

    @property
    def has_more(self) -> bool:
        """Whether there are more lines than those."""
        return self.count > len(self.lines)


@dataclass(frozen=True)
class Created:
    """The names of one kind that an import created: the first of them, and how many there are."""

    label: Text
    names: list[str]
    count: int


def rejected_by_reason(delivery: Import) -> list[Why]:
    """Why rows were not taken, the most frequent reasons first."""
    rows = RejectedRow.objects.filter(of=delivery).annotate(
        place=Window(RowNumber(), partition_by=SAME, order_by="line"), count=Window(Count("*"), partition_by=SAME)
    )
    found: dict[tuple[str, ...], Why] = {}
    first = rows.filter(place__lte=LINES).order_by(F("count").desc(), *SAME, "line")
    for row in first[: REASONS * LINES]:
        same = (row.kind, row.column, row.reason)
        found.setdefault(same, Why(row.get_kind_display(), row.column, row.reason, row.count)).lines.append(row.line)
    return list(found.values())[:REASONS]


def created_names(delivery: Import) -> list[Created]:
    """What an import created, kind by kind."""
    labels = {column.kind.value: column.label for column in COLUMNS[delivery.source.fact]}
    return [Created(labels[kind], names[:NAMES], len(names)) for kind, names in delivery.created_names.items()]
