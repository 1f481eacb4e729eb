"""`manage.py kpi_catalogue`: writes docs/kpi_catalogue.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from kpis.catalogue import catalogue

FILE = Path(settings.BASE_DIR) / "docs" / "kpi_catalogue.md"


class Command(BaseCommand):
    help = "Write docs/kpi_catalogue.md anew from the registry of KPIs."

    def handle(self, **options: Any) -> None:
        FILE.write_text(catalogue())
        self.stdout.write(f"Wrote {FILE.relative_to(settings.BASE_DIR)}.")
