"""Adds up many columns of a roll-up at once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Aggregate, DecimalField

from kpis.kpi import Tally


class Sums(Aggregate):
    """The tallies of a roll-up in one array, in their order: the sum of each, or its greatest value.

    One expression, because dozens of them take longer to compile than the database takes to add them up.
    """

    output_field = ArrayField(DecimalField())

    def __init__(self, rollup: Any, tallies: Sequence[Tally]) -> None:
        quote = connection.ops.quote_name
        table = quote(rollup._meta.db_table)
        columns = [
            f"{'MAX' if tally.is_maximum else 'SUM'}({table}.{quote(rollup._meta.get_field(tally.key).column)})"
            for tally in tallies
        ]
        super().__init__("pk", template=f"ARRAY[{', '.join(columns)}]::numeric[]")
        self.are_amounts = [tally.is_amount for tally in tallies]

    def convert_value(self, value: Any, expression: Any, connection: Any) -> list[int | Decimal | None]:
        """Counts are whole numbers; an array has one type for all."""
        return [
            number if is_amount or number is None else int(number)
            for number, is_amount in zip(value or [], self.are_amounts, strict=bool(value))
        ]
