"""Imports as jobs of Celery."""

from __future__ import annotations

import datetime as dt
import logging

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from interactions.importing import job
from interactions.models import Import
from interactions.services.imports import forget_old_files, give_up_lost_imports

logger = logging.getLogger(__name__)

KEEP_FILES_FOR = dt.timedelta(days=7)


@shared_task
def run_import(import_id: int) -> None:
    """Run one import; running elsewhere or finished, it is left alone."""
    job.run(import_id)


@shared_task
def resume_imports() -> None:
    """Start what waits or was abandoned by a worker that died, and tidy up what nobody will start."""
    give_up_lost_imports()
    forget_old_files(before=timezone.now() - KEEP_FILES_FOR)
    unfinished = Import.objects.filter(state__in=[Import.State.WAITING, Import.State.RUNNING]).exclude(file="")
    for import_id in unfinished.order_by("pk").values_list("pk", flat=True):
        run_import.delay(import_id)


def send(delivery: Import) -> None:
    """Hand an import to a worker once it is committed. Without a broker it waits for `resume_imports`."""

    def hand_over() -> None:
        try:
            run_import.delay(delivery.pk)
        except OperationalError:
            logger.warning("No broker: import %s waits for the next start of interrupted imports", delivery.pk)

    transaction.on_commit(hand_over)
