"""Takes in a CSV file of agents or teams."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from interactions.roster.rejected import rejected_as_csv
from interactions.roster.services import import_roster
from interactions.roster.table import UnreadableFile


class Command(BaseCommand):
    help = "Takes in a CSV file of agents or teams (docs/people_import.md). Good rows go in, bad ones are listed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--rejected", type=Path, help="write the rejected rows to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            taken = import_roster(file_name=file.name, content=file.read_bytes(), by=None)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except UnreadableFile as error:
            raise CommandError(f"{file}: {error}") from error
        for row in taken.rejected:
            for problem in row["problems"]:
                self.stderr.write(f"{row['line']}: {problem['column']} “{problem['value']}”: {problem['reason']}")
        if options["rejected"]:
            options["rejected"].write_bytes(rejected_as_csv(taken))
        self.stdout.write(
            _("%(new)d new, %(changed)d changed, %(same)d unchanged, %(rejected)d rejected.")
            % {
                "new": taken.rows_new,
                "changed": taken.rows_changed,
                "same": taken.rows_unchanged,
                "rejected": len(taken.rejected),
            }
        )
