"""Pages of long lists, by where the last one ended: as fast on the thousandth page as on the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

ROWS_A_PAGE = 50
BETWEEN = "~"


@dataclass(frozen=True)
class Page:
    """Some rows, and the cursor of those that follow ("" for none)."""

    rows: list[Any]
    after: str
    is_first: bool


def count_up_to(most: int, rows: QuerySet) -> int | None:
    """How many rows there are; None where there are more than ``most``, which are not counted to their end."""
    found = rows.order_by()[: most + 1].count()
    return found if found <= most else None


def page_of(rows: QuerySet, *, order: Sequence[str], cursor: str, size: int = ROWS_A_PAGE) -> Page:
    """The rows after ``cursor``, in an order of falling fields that ends with the key. A wrong cursor: the first."""
    names = [name.removeprefix("-") for name in order]
    values = _values(rows, names, cursor)
    if values:
        rows = rows.filter(_after(names, values))
    found = list(rows.order_by(*order)[: size + 1])
    after = BETWEEN.join(str(getattr(found[size - 1], name)) for name in names) if len(found) > size else ""
    return Page(found[:size], after, not values)


def _values(rows: QuerySet, names: Sequence[str], cursor: str) -> list[Any]:
    parts = cursor.split(BETWEEN)
    if len(parts) != len(names):
        return []
    fields = rows.model._meta
    try:
        return [
            (fields.pk if name == "pk" else fields.get_field(name)).to_python(part)
            for name, part in zip(names, parts, strict=True)
        ]
    except ValidationError:
        return []


def _after(names: Sequence[str], values: Sequence[Any]) -> Q:
    """Smaller in the first field, or equal there and smaller in the next, and so on."""
    condition = Q(**{f"{names[-1]}__lt": values[-1]})
    for name, value in zip(reversed(names[:-1]), reversed(values[:-1]), strict=True):
        condition = Q(**{f"{name}__lt": value}) | (Q(**{name: value}) & condition)
    return condition & Q(**{f"{names[0]}__lte": values[0]})
