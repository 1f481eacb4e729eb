"""Files as sources send them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile

from interactions.models import DirtyDay, Import, Source
from interactions.services.imports import create_import
from interactions.services.sources import create_source
from interactions.tasks import run_import
from people.models import Site

HEADER = "external_id,queue,agent,customer,outcome,offered_at,wait_seconds,talk_seconds,wrap_seconds"


def deliver(source: Source, content: str | bytes | list[str], name: str = "calls.csv") -> Import:
    """Send a file (a list is its lines) and let a worker take it in."""
    if isinstance(content, list):
        content = "\n".join(content) + "\n"
    data = content.encode() if isinstance(content, str) else content
    delivery = create_import(source=source, file=ContentFile(data, name=name), by=None)
    run_import(delivery.pk)
    delivery.refresh_from_db()
    return delivery


def deliver_file(source: Source, path: Path) -> Import:
    return deliver(source, path.read_bytes(), path.name)


def new_source(site: Site, name: str, mapping: dict[str, Any] | None = None, **details: Any) -> Source:
    return create_source(name=name, site=site, by=None, mapping=mapping, **details)


def counts(delivery: Import) -> dict[str, int]:
    """What became of the rows, without zeros; a failure shows its sentence."""
    assert delivery.state == Import.State.DONE, delivery.message
    names = ("new", "changed", "unchanged", "rejected", "set_aside")
    found = {name: getattr(delivery, f"rows_{name}") for name in names}
    assert delivery.rows_read == sum(found.values())
    return {name: count for name, count in found.items() if count}


def reasons(delivery: Import) -> dict[int, str]:
    """Why each row was not taken, by line."""
    return dict(delivery.rejected_rows.values_list("line", "reason"))


def marked_days() -> set[str]:
    return {str(day) for day in DirtyDay.objects.values_list("day", flat=True)}
