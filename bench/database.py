"""A database for the benchmark alone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections


@contextmanager
def own_database() -> Iterator[Path]:
    """Make a database with all tables, and a folder for files; drop both at the end."""
    kept = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = "bench"
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix="bench-") as folder:
        settings.MEDIA_ROOT = str(Path(folder) / "media")
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield Path(folder)
        finally:
            connections.close_all()
            connection.creation.destroy_test_db(kept, verbosity=0)


def execute(sql: str, *params: Any) -> list[tuple]:
    """Run a statement; its rows, if it has any."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return cursor.fetchall() if cursor.description else []


def uri() -> str:
    """The database's address, for other programs."""
    with connection.cursor() as cursor:
        return cursor.connection.dsn
