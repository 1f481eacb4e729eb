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
    """Run one import, then send the next of its source; running elsewhere or finished, it is left alone."""
    job.run(import_id)
    over = Import.objects.filter(pk=import_id, state__in=[Import.State.DONE, Import.State.FAILED]).first()
    if over and (following := job.unfinished().filter(source=over.source_id).first()):
        send(following)


@shared_task
def resume_imports() -> None:
    """Start what waits or was abandoned by a worker that died, and tidy up what nobody will start."""
    give_up_lost_imports()
    forget_old_files(before=timezone.now() - KEEP_FILES_FOR)
    for import_id in job.unfinished().values_list("pk", flat=True):
        run_import.delay(import_id)


def send(delivery: Import) -> None:
    """Hand an import to a worker once it is committed. Without a broker it waits for `resume_imports`."""

    def hand_over() -> None:
        try:
            run_import.delay(delivery.pk)
        except OperationalError:
            logger.warning("No broker: import %s waits for the next start of interrupted imports", delivery.pk)

    transaction.on_commit(hand_over)
