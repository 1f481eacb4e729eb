"""How far an import is, for others to see while its own transaction is still open."""

from __future__ import annotations

import time
from types import TracebackType

from django.db import connection
from django.utils import timezone

from interactions.models import Import

SECONDS_BETWEEN = 0.5

# What each step is called in the database, and the share of the whole at which it starts and ends.
STEPS = {"reading": (0.0, 0.35), "checking": (0.35, 0.5), "merging": (0.5, 0.98)}


class Progress:
    """Writes step and share over a connection of its own, at most twice a second."""

    def __init__(self, job: Import) -> None:
        self._id = job.pk
        self._step = ""
        self._told_at = 0.0
        self._connection = connection.copy()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def step(self, name: str) -> None:
        """Begin a step."""
        self._step, self._told_at = name, 0.0
        self.share(0.0)

    def share(self, share: float) -> None:
        """The share of the running step that is done."""
        if time.monotonic() - self._told_at < SECONDS_BETWEEN:
            return
        self._told_at = time.monotonic()
        start, end = STEPS[self._step]
        with self._connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {Import._meta.db_table} SET step = %s, progress = %s, heartbeat_at = %s WHERE id = %s",
                [self._step, start + (end - start) * min(share, 1.0), timezone.now(), self._id],
            )
