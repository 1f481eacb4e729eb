"""Computes KPIs here and now, without a worker: after an import from the command line, or from cron."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kpis.models import Run
from kpis.services import run_here


class Command(BaseCommand):
    help = "Computes the KPIs of the days that changed, or with --all of every day, and prints what was done."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="Compute every day anew.")
        parser.add_argument("--workers", type=int, default=2, help="How many days at a time (2).")

    def handle(self, *_args: Any, **options: Any) -> None:
        kind = Run.Kind.REBUILD if options["all"] else Run.Kind.CHANGES
        run = run_here(kind=kind, workers=max(1, options["workers"]))
        if run.state == Run.State.UNRECONCILED:
            raise CommandError(run.message)
        self.stdout.write(f"{run.days_planned} days computed; data to {run.horizon or 'nowhere yet'}.")
