"""Checks what the product stands on before its tables are made or changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

LOWEST = 18  # RETURNING old and new


@register(Tags.database)
def check_postgresql(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """The database is of a version that has what imports and runs need."""
    wrappers: dict[str, Any] = {name: connections[name] for name in databases or ()}
    found = {name: wrapper.pg_version for name, wrapper in wrappers.items()}
    return [
        Error(
            f"The database “{name}” is PostgreSQL {version // 10_000}.{version % 10_000}; {LOWEST} or later is needed.",
            hint="Upgrade the server, or leave DATABASE_URL unset to use the one that comes with the product.",
            id="callcenter.E001",
        )
        for name, version in found.items()
        if version < LOWEST * 10_000
    ]
