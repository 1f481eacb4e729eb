"""The API's CSV files, and COPY TO of the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client

from bench.centre import FIRST_DAY, LAST_DAY
from interactions.exports import contacts_as_parquet
from interactions.models import Contact
from people.models import User

YEAR = {"from": FIRST_DAY.isoformat(), "to": LAST_DAY.isoformat()}


def export_contacts(file: Path) -> int:
    """All contacts through the API. Rows."""
    return _download("/api/v1/contacts/export/", {**YEAR, "format": "csv"}, file)


def export_readings(file: Path) -> int:
    """A year of eight KPIs by day and agent through the API. Rows."""
    keys = ["contacts_handled", "average_handle_time", "average_talk_time", "average_hold_time", "average_wrap_time",
            "hold_rate", "transfer_rate", "first_contact_resolution"]  # fmt: skip
    return _download("/api/v1/readings/", {**YEAR, "kpi": keys, "by": ["day", "agent"], "format": "csv"}, file)


def copy_contacts(file: Path) -> None:
    """The bare COPY TO of the table."""
    with connection.cursor() as cursor, file.open("wb") as rows:
        cursor.copy_expert("COPY interactions_contact TO STDOUT (FORMAT csv, HEADER)", rows)


def write_parquet(file: Path) -> None:
    """The same rows as Parquet, for those who compute from it."""
    with file.open("wb") as rows:
        for piece in contacts_as_parquet(Contact.objects.all(), hidden=()):
            rows.write(piece)


def _download(address: str, question: dict, file: Path) -> int:
    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(username="director"), backend="django.contrib.auth.backends.ModelBackend")
    answer: Any = client.get(address, question)
    assert answer.status_code == 200, answer.content
    lines = 0
    with file.open("wb") as rows:
        for piece in answer.streaming_content:
            lines += piece.count(b"\n")
            rows.write(piece)
    return lines - 1
