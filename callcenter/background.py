"""Celery's worker and clock as threads of the web process, for an installation without Redis.

Jobs lie in memory and are lost with the process; each is also a row in the database, from which it is
picked up at the next start.
"""

import logging
import threading

from celery import Celery, beat
from celery.worker import WorkController, state

from kpis.services import interrupt_runs

logger = logging.getLogger(__name__)

JOBS_AT_ONCE = 2
SECONDS_TO_START = 30

# What may have been left behind when the process was last stopped.
AT_START = (
    "interactions.tasks.resume_imports",
    "kpis.tasks.run_changed_days",
    "callcenter.reports.tasks.send_due",
)


class Background:
    """The worker thread and the clock thread of one process."""

    def __init__(self, app: Celery) -> None:
        self._ready = threading.Event()
        self._app = app
        self._worker = WorkController(
            app=app,
            pool="threads",
            concurrency=JOBS_AT_ONCE,
            # Take whatever is there: nobody else could, and held back, jobs would wait for the next look.
            prefetch_multiplier=0,
            ready_callback=lambda consumer: self._ready.set(),
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
        )
        self._worker_thread = threading.Thread(target=self._worker.start, name="worker", daemon=True)
        self._clock = beat.EmbeddedService(app, thread=True)

    def start(self) -> None:
        """Start both; return when jobs are taken. Raises RuntimeError when the worker does not come up."""
        state.should_stop = None
        self._worker_thread.start()
        if not self._ready.wait(SECONDS_TO_START):
            raise RuntimeError("The worker did not start; the log above says why.")
        self._clock.start()

    def resume(self) -> None:
        """Ask for what was interrupted when the process was last stopped: its jobs died with it."""
        interrupt_runs()
        for name in AT_START:
            self._app.send_task(name)

    def stop(self, *, patience: float) -> bool:
        """Take no more jobs, wait ``patience`` seconds for those that run; True when none is left running."""
        state.should_stop = 0
        self._clock.stop()
        self._worker_thread.join(patience)
        return not self._worker_thread.is_alive()
