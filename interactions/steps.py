"""The way of a file from the desk into the tables, step by step."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from interactions.models import Import, Source

FILE, COLUMNS, TAKING_IN, RESULT = range(4)
# Where a delivery stands by its state; one that failed stopped while it was taken in.
STANDS_AT = {
    Import.State.DRAFT: COLUMNS,
    Import.State.WAITING: TAKING_IN,
    Import.State.RUNNING: TAKING_IN,
    Import.State.FAILED: TAKING_IN,
    Import.State.DONE: RESULT,
}


@dataclass(frozen=True)
class Step:
    """A step: ``state`` is "done", "current", "failed" or "ahead"; ``url`` leads to what can be done."""

    name: str
    state: str
    url: str = ""


def import_steps(delivery: Import | None, *, at: int | None = None) -> list[Step]:
    """The steps of a delivery, or of one that is not there yet; ``at`` is the step whose page is shown.

    A file whose columns are known by its kind has none to map.
    """
    if at is None:
        at = STANDS_AT[Import.State(delivery.state)] if delivery else FILE
    names = {FILE: _("File"), COLUMNS: _("Columns"), TAKING_IN: _("Checking and taking in"), RESULT: _("Result")}
    if delivery is not None and delivery.source.kind != Source.Kind.TABLE:
        del names[COLUMNS]
    return [Step(name, _state(step, at, delivery), _address(step, delivery)) for step, name in names.items()]


def _state(step: int, here: int, delivery: Import | None) -> str:
    if step != here:
        return "done" if step < here else "ahead"
    if delivery is not None and step == TAKING_IN and delivery.state == Import.State.FAILED:
        return "failed"
    return "current"


def _address(step: int, delivery: Import | None) -> str:
    is_open = delivery is not None and delivery.state in (Import.State.DRAFT, Import.State.FAILED) and delivery.file
    return (
        reverse("interactions:import_mapping", args=[delivery.pk]) if delivery and is_open and step == COLUMNS else ""
    )
