"""What cells say. Every problem names its column, the value found and what is expected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from people.models import AgentSkill

T = TypeVar("T")
LEVELS = {level.name.lower(): level for level in AgentSkill.Level}


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell, or with the row where no column is named."""

    column: str
    value: str
    reason: str


@dataclass
class Cells:
    """The cells of one row, and the problems found in them so far."""

    values: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def has(self, column: str) -> bool:
        """Whether the file has this column."""
        return column in self.values

    def text(self, column: str) -> str:
        """A cell as it is; "" where the file has no such column."""
        return self.values.get(column, "")

    def read(self, column: str, parse: Callable[[str], T]) -> T | None:
        """A cell through ``parse``; None where it is empty or a problem was noted."""
        text = self.text(column)
        try:
            return parse(text) if text else None
        except ValueError as error:
            self.reject(column, str(error))
            return None

    def need(self, *columns: str) -> None:
        """Note which of these cells are empty."""
        for column in columns:
            if not self.text(column):
                self.reject(column, _("This cell is empty, but it is needed."))

    def reject(self, column: str, reason: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(column, self.text(column), reason))

    def reject_all(self, error: ValidationError) -> None:
        """Note what a model or a service refused."""
        by_field: dict[str, Any] = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, reasons in by_field.items():
            for reason in reasons:
                self.reject(name if name in self.values else "", str(reason))


def day(text: str) -> dt.date:
    """A date. Raises ValueError with a sentence."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("This is no date. Dates are written like 2026-11-21.")) from None


def amount(text: str) -> Decimal:
    """An amount, with a point or a comma before the decimals. Raises ValueError with a sentence."""
    try:
        found = Decimal(text.replace(",", ".") if "." not in text else text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise ValueError(_("This is no amount. Amounts are written like 28.50."))
    return found


def skills(text: str) -> dict[str, AgentSkill.Level]:
    """Skills with their levels, such as “Spanish:senior; Chat:junior”. Raises ValueError with a sentence."""
    found: dict[str, AgentSkill.Level] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, colon, level = (piece.strip() for piece in part.partition(":"))
        if not name or name.lower() in {known.lower() for known in found}:
            raise ValueError(_("“%(part)s” is there twice, or without a name.") % {"part": part})
        if colon and level.lower() not in LEVELS:
            raise ValueError(
                _("“%(level)s” is no level. Levels are %(known)s.") % {"level": level, "known": ", ".join(LEVELS)}
            )
        found[name] = LEVELS[level.lower()] if colon else AgentSkill.Level.JUNIOR
    return found
