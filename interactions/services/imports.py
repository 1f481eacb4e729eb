"""Deliveries: taken in as jobs, each in whole or not at all."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interactions.importing import job
from interactions.models import Import, Source
from people.models import User

MOST_ROWS_AT_ONCE = 50_000
NESTED_TOO_DEEPLY = gettext_lazy("The rows are nested too deeply. A value is a text, a number, true, false or null.")
# A command has made its import but not begun it yet.
JUST_MADE = dt.timedelta(minutes=1)


@transaction.atomic
def create_import(
    *, source: Source, file: File, by: User | None, is_draft: bool = False, of_rows: bool = False
) -> Import:
    """Keep an uploaded file as an import that waits; a draft waits for its columns to be mapped first."""
    state = Import.State.DRAFT if is_draft else Import.State.WAITING
    name = Path(file.name or _("file")).name[:255]
    delivery = Import(source=source, file_name=name, created_by=by, state=state, of_rows=of_rows)
    # Stored under a name of our own: theirs may be longer than a file system takes.
    delivery.file.save(uuid4().hex, file)
    return delivery


@transaction.atomic
def create_import_of_rows(*, source: Source, rows: Sequence[dict[str, Any]], by: User | None) -> Import:
    """Keep rows that came by REST as an import that waits.

    Raises ValidationError for a platform's source, for none and for too many.
    """
    if source.kind != Source.Kind.TABLE:
        raise ValidationError(_("The source “%(source)s” takes its platform's files, not rows.") % {"source": source})
    if not 0 < len(rows) <= MOST_ROWS_AT_ONCE:
        raise ValidationError(_("Send between 1 and %(most)s rows at a time.") % {"most": MOST_ROWS_AT_ONCE})
    try:
        lines = "\n".join(json.dumps(row) for row in rows)
    except RecursionError:
        raise ValidationError(NESTED_TOO_DEEPLY) from None
    return create_import(source=source, file=ContentFile(lines.encode(), name="rows.ndjson"), by=by, of_rows=True)


@transaction.atomic
def start_import(delivery: Import, *, by: User | None) -> Import:
    """Let a draft, or an import that failed and whose file is still there, wait to be run.

    Raises ValidationError where there is nothing to start.
    """
    delivery = Import.objects.select_for_update().get(pk=delivery.pk)
    if delivery.state not in (Import.State.DRAFT, Import.State.FAILED) or not delivery.file:
        raise ValidationError(_("This import cannot be started again: send the file once more."))
    delivery.state, delivery.attempts, delivery.message, delivery.finished_at = Import.State.WAITING, 0, "", None
    delivery.save(update_fields=["state", "attempts", "message", "finished_at"])
    return delivery


@transaction.atomic
def discard_import(delivery: Import, *, by: User | None) -> None:
    """Forget a draft or an import that failed, with its file. Raises ValidationError for any other."""
    delivery = Import.objects.select_for_update().get(pk=delivery.pk)
    if delivery.state not in (Import.State.DRAFT, Import.State.FAILED):
        raise ValidationError(_("Only an import that failed or was not started can be discarded."))
    storage, name = delivery.file.storage, delivery.file.name
    delivery.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def import_file(path: Path, *, source: Source, by: User | None) -> Import:
    """Take in a file that lies on this machine, here and now; returns the finished import."""
    delivery = Import.objects.create(source=source, file_name=path.name[:255], created_by=by)
    job.run(delivery.pk, path=path)
    delivery.refresh_from_db()
    return delivery


def give_up_lost_imports() -> int:
    """Fail unfinished imports whose file is nowhere: they came from a command that was stopped."""
    lost = Import.objects.filter(
        state__in=[Import.State.WAITING, Import.State.RUNNING], file="", created_at__lt=timezone.now() - JUST_MADE
    )
    given_up = 0
    for delivery in lost:
        given_up += job.abandon(delivery.pk, _("The import was interrupted. Nothing was taken in; start it again."))
    return given_up


def forget_old_files(*, before: dt.datetime) -> None:
    """Delete the files of imports that failed or were never started before a time: they may hold numbers.

    Also those of imports that are done: a worker died before it could.
    """
    given_up = Q(state__in=[Import.State.DRAFT, Import.State.FAILED], created_at__lt=before)
    for delivery in Import.objects.filter(given_up | Q(state=Import.State.DONE)).exclude(file=""):
        job.forget_file(delivery)
