"""The importer, and a bare COPY of the same rows into the same table with the same indexes."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from bench.database import execute


def import_csv(file: Path) -> str:
    """Take the file in as anybody would; returns what the importer says."""
    said = StringIO()
    call_command("import_contacts", str(file), source="bench", stdout=said)
    return said.getvalue().strip()


def save_rows(file: Path) -> None:
    """Keep the imported rows, then empty the table."""
    with connection.cursor() as cursor, file.open("wb") as rows:
        cursor.copy_expert("COPY interactions_contact TO STDOUT (FORMAT csv)", rows)
    execute("TRUNCATE interactions_contact CASCADE")


def copy_rows(file: Path) -> None:
    """The bare COPY."""
    with connection.cursor() as cursor, file.open("rb") as rows:
        cursor.copy_expert("COPY interactions_contact FROM STDIN (FORMAT csv)", rows)


def settle() -> None:
    """What autovacuum does sooner or later, done now, so that it disturbs no later step."""
    execute("VACUUM ANALYZE")
    execute("CHECKPOINT")
