"""`manage.py serve`: the whole product in one process, for a laptop or a small installation."""

from __future__ import annotations

import atexit
import errno
import logging
import os
import signal
import sys
from argparse import ArgumentParser
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError
from waitress import create_server

from callcenter.background import Background
from callcenter.celery import app
from callcenter.demo.services import has_demo
from callcenter.management.commands.demo import tell_logins
from callcenter.wsgi import application
from people.models import User

HOST = "127.0.0.1"
WEB_THREADS = 8
SECONDS_TO_FINISH = 10


class Command(BaseCommand):
    help = "Serve the product on this machine: pages, and unless REDIS_URL is set also the jobs and their clock."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="fill an empty database with the demo centre")

    def handle(self, *, demo: bool, **options: Any) -> None:
        signal.signal(signal.SIGTERM, _leave)
        # Taken first: a busy port should not be found out after minutes of preparing.
        server = _listen(settings.PORT)
        background = None
        try:
            self._prepare(demo)
            background = self._start_background()
            self.stdout.write(f"\nThe product is at http://{HOST}:{settings.PORT}/ (stop it with Ctrl-C)")
            server.run()
        except KeyboardInterrupt:
            pass
        finally:
            server.close()
            self.stdout.write("Stopping …")
            if background and not background.stop(patience=SECONDS_TO_FINISH):
                self.stdout.write("A job was still running; it is picked up at the next start.")
                _exit_at_once()

    def _prepare(self, demo: bool) -> None:
        """Bring the tables up to date, and make the demo centre where it is wanted and nothing is there yet."""
        try:
            call_command("migrate", verbosity=0, skip_checks=False)
        except OperationalError as error:
            raise CommandError(f"The database cannot be used: {str(error).strip()}") from error
        if has_demo():
            tell_logins(self.stdout.write)
        elif demo and not User.objects.exists():
            self.stdout.write("Making the demo centre, which takes a minute or two …")
            call_command("demo", stdout=self.stdout)

    def _start_background(self) -> Background | None:
        if settings.REDIS_URL:
            self.stdout.write("Jobs go through Redis: start `celery -A callcenter worker` and `… beat` beside this.")
            return None
        logging.getLogger("celery").setLevel(logging.WARNING)
        background = Background(app)
        background.start()
        background.resume()
        return background


def _leave(*_: Any) -> NoReturn:
    """SIGTERM stops as Ctrl-C does."""
    raise KeyboardInterrupt


def _listen(port: int) -> Any:
    """Take the port; raises CommandError with what to do when that is not possible."""
    try:
        return create_server(
            application,
            host=HOST,
            port=port,
            threads=WEB_THREADS,
            max_request_body_size=settings.IMPORT_MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        )
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(
                f"Port {port} is taken, perhaps by this product itself. "
                f"Stop that program or choose another port: PORT={port + 1 if port < 65535 else 8000}"
            ) from error
        raise CommandError(f"Port {port} cannot be used: {error.strerror}.") from error


def _exit_at_once() -> NoReturn:
    """Leave although a job's thread is still at work, after the embedded database was told."""
    sys.stdout.flush()
    atexit._run_exitfuncs()
    os._exit(0)
