"""Take in a file without a worker: `manage.py import_contacts FILE --source NAME`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from interactions.models import Import, Source
from interactions.presets import PRESETS
from interactions.services.imports import import_file
from interactions.services.sources import source_from_preset
from people.models import Site

SHOWN_REASONS = 10


class Command(BaseCommand):
    help = "Takes in a file of contacts, or of whatever the source holds, and prints what became of its rows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="", help="The source's name; with a preset the preset's, if left out.")
        parser.add_argument("--preset", choices=sorted(PRESETS), help="Makes the source as known by this name.")
        parser.add_argument("--site", default="", help="The code of the site of a source that the preset makes.")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        try:
            delivery = import_file(path, source=self._source(**options), by=None)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self._report(delivery)

    def _source(self, *, source: str, preset: str | None, site: str, **_options: Any) -> Source:
        if preset:
            return source_from_preset(PRESETS[preset], name=source, site=self._site(site), by=None)
        known = Source.objects.filter(name=source).first()
        if known is None:
            names = ", ".join(Source.objects.values_list("name", flat=True)) or "none yet"
            raise CommandError(f"There is no source “{source}”. Known are: {names}. Or name a preset.")
        return known

    def _site(self, code: str) -> Site | None:
        if not code:
            return None
        site = Site.objects.filter(code=code).first()
        if site is None:
            codes = ", ".join(Site.objects.values_list("code", flat=True)) or "none yet"
            raise CommandError(f"There is no site “{code}”. Known are: {codes}.")
        return site

    def _report(self, delivery: Import) -> None:
        if delivery.state == Import.State.FAILED:
            raise CommandError(delivery.message)
        self.stdout.write(
            f"{delivery.rows_read} rows read: {delivery.rows_new} new, {delivery.rows_changed} changed, "
            f"{delivery.rows_unchanged} unchanged, {delivery.rows_set_aside} set aside, "
            f"{delivery.rows_rejected} rejected."
        )
        for row in delivery.rejected_rows.filter(kind="rejected")[:SHOWN_REASONS]:
            self.stdout.write(f"  line {row.line}: {row.reason}")
        if delivery.rows_rejected > SHOWN_REASONS:
            self.stdout.write("  … the rest is on the import's page.")
