"""One import from claim to end: everything is taken, or nothing.

A running import holds an advisory lock of its database session. A worker that dies loses the lock with its
connection, so anybody can tell a running import from an abandoned one and start that again.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from interactions.customer import lay_out_key
from interactions.importing import checks
from interactions.importing.merge import Merged, merge
from interactions.importing.plan import BLANK, SET_ASIDE, Plan, plan_for
from interactions.importing.progress import Progress
from interactions.importing.rejects import keep_rejects
from interactions.importing.staging import stage
from interactions.mapping import Mapping, parse_mapping
from interactions.models import Import, Source
from interactions.readers import CannotImport, open_table
from interactions.readers.base import Table
from interactions.rejected_file import is_rejected_file, original_columns
from interactions.services.days import around, days_of_changes
from interactions.services.locks import share_memberships
from interactions.services.marks import mark_days
from people.models import Site

logger = logging.getLogger(__name__)


class SourceIsBusy(Exception):
    """Another import of the same source comes first."""


# The first key of the advisory locks: of running imports, and of sources being merged into.
RUNNING_LOCK, SOURCE_LOCK = 0x1A901, 0x1A902
MOST_ATTEMPTS = 3


def run(import_id: int, *, path: Path | None = None) -> None:
    """Run an import that waits or was abandoned; one that is running elsewhere or finished is left alone.

    ``path`` is the file of an import that was not uploaded.
    """
    with _claimed(import_id) as job:
        if job is None:
            return
        language = job.created_by.language if job.created_by else ""
        with translation.override(language or translation.get_language()):
            _run_claimed(job, path or Path(job.file.path))


@contextmanager
def _claimed(import_id: int) -> Iterator[Import | None]:
    """The import, now running here; None where it is not to be run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [RUNNING_LOCK, import_id])
        if not cursor.fetchone()[0]:
            yield None
            return
    try:
        claimed = Import.objects.filter(pk=import_id, state__in=[Import.State.WAITING, Import.State.RUNNING]).update(
            state=Import.State.RUNNING,
            attempts=F("attempts") + 1,
            started_at=timezone.now(),
            heartbeat_at=timezone.now(),
            progress=0,
            message="",
        )
        jobs = Import.objects.select_related("source__site", "source__contacts_source", "created_by")
        yield jobs.get(pk=import_id) if claimed else None
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [RUNNING_LOCK, import_id])


def abandon(import_id: int, sentence: str) -> bool:
    """Fail an import that nobody is running; True if that was so."""
    with _claimed(import_id) as job:
        if job is None:
            return False
        _fail(job, sentence)
    return True


def _run_claimed(job: Import, path: Path) -> None:
    try:
        if job.attempts > MOST_ATTEMPTS:
            raise CannotImport(_("The import was interrupted %(times)s times. Nothing of it was taken in.") % {
                "times": MOST_ATTEMPTS})  # fmt: skip
        _take(job, path)
    except SourceIsBusy:
        _put_back(job)
    except CannotImport as error:
        _fail(job, str(error))
    except ValidationError as error:
        _fail(job, " ".join(error.messages))
    except FileNotFoundError:
        _fail(job, _("The file is no longer there. Send it again."))
    except OperationalError:
        # The database went away; whoever finds the import abandoned starts it again.
        logger.exception("Import %s was interrupted", job.pk)
        raise
    except Exception:
        logger.exception("Import %s failed", job.pk)
        _fail(job, _("The import failed for a reason that is not in the file; the log names it. Nothing was taken in."))
    else:
        forget_file(job)


def _put_back(job: Import) -> None:
    """Let it wait again, as if it had not begun."""
    Import.objects.filter(pk=job.pk).update(state=Import.State.WAITING, attempts=F("attempts") - 1, started_at=None)


def forget_file(job: Import) -> None:
    """Delete the file of an import. Only then the import forgets its name: whoever dies here leaves no orphan."""
    job.file.delete(save=False)
    Import.objects.filter(pk=job.pk).update(file="")


def _fail(job: Import, sentence: str) -> None:
    Import.objects.filter(pk=job.pk).update(
        state=Import.State.FAILED, message=sentence, step="", finished_at=timezone.now()
    )


def _take(job: Import, path: Path) -> None:
    """The whole import in one transaction, from the file to the last mark on a day."""
    source = job.source
    _check_source(source)
    mapping = _mapping(job)
    with transaction.atomic(), connection.cursor() as cursor, Progress(job) as progress:
        _wait_for_source(job, cursor)
        with closing(open_table(path, source, mapping)) as table:
            columns = original_columns(table.columns)
            if is_rejected_file(columns) and not set(mapping.named_columns()) <= set(columns):
                # Rejected rows that came with the fact's own names.
                mapping = Mapping()
            plan = plan_for(source.fact, mapping, columns, was_defused=is_rejected_file(columns))
            _prepare(cursor, source)
            progress.step("reading")
            plan = replace(plan, has_blanks=stage(table, cursor, on_progress=progress.share))
            progress.step("checking")
            job.created_names = _check(plan, job, cursor)
            progress.step("merging")
            share_memberships()
            merged = merge(plan, source, cursor, kept=table_keeps(table), on_progress=progress.share)
            days = _days(source, merged)
            mark_days(days)
            _finish(job, plan, merged, days, cursor)
            _clear(cursor)


def _mapping(job: Import) -> Mapping:
    """The source's mapping; rows sent by REST bear the fact's own names, unless the mapping says that it is theirs."""
    mapping = parse_mapping(job.source.fact, job.source.mapping)
    return Mapping() if job.of_rows and not mapping.for_rows else mapping


def _wait_for_source(job: Import, cursor: CursorWrapper) -> None:
    """Imports of one source follow each other, in the order in which they came.

    A command waits for its turn here. Raises SourceIsBusy for an uploaded file: it lets its worker go.
    """
    if not job.file:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SOURCE_LOCK, job.source_id])
        return
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [SOURCE_LOCK, job.source_id])
    if not cursor.fetchone()[0] or unfinished().filter(source=job.source_id, pk__lt=job.pk).exists():
        raise SourceIsBusy


def unfinished() -> QuerySet[Import]:
    """The imports of uploaded files that wait or run, in the order in which they came."""
    return Import.objects.filter(state__in=[Import.State.WAITING, Import.State.RUNNING]).exclude(file="").order_by("pk")


def _check_source(source: Source) -> None:
    known = available_timezones()
    for site in Site.objects.all():
        if site.time_zone not in known:
            raise CannotImport(
                _("The site “%(site)s” has the time zone “%(zone)s”, which is not known. Correct it; for example "
                  "Europe/Berlin.") % {"site": site, "zone": site.time_zone})  # fmt: skip
    if source.fact in (Source.Fact.SURVEYS, Source.Fact.COMPLAINTS) and source.contacts_source is None:
        raise CannotImport(
            _("The source “%(source)s” does not say whose contacts it speaks of. Choose “contacts come from”.")
            % {"source": source}
        )


def table_keeps(table: Table) -> frozenset[str]:
    """The columns of which a later record of the same contact may know nothing."""
    return frozenset(getattr(table, "keeps", ()))


def _clear(cursor: CursorWrapper) -> None:
    """Drop what an import staged, where a surrounding transaction would keep it."""
    names = ("raw", "checked", "repeats", "left_out", "agents", "queues", "reasons", "key")
    cursor.execute(f"DROP TABLE IF EXISTS {', '.join(f'pg_temp.import_{name}' for name in names)}")


def _prepare(cursor: CursorWrapper, source: Source) -> None:
    """Settings of this transaction."""
    contacts = source.contacts_source_id or source.pk
    cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '64MB'; SET LOCAL datestyle = 'ISO'")
    cursor.execute(
        "SELECT set_config('import.contacts_source', %s, true), set_config('import.time_zone', %s, true)",
        [str(contacts), source.site.time_zone],
    )
    # References are checked slice by slice: deferred to the end, millions of checks would wait in memory.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _clear(cursor)
    lay_out_key(cursor)


@contextmanager
def _site_clock(source: Source, cursor: CursorWrapper) -> Iterator[None]:
    """Times without a zone are read by the clock of the source's site."""
    cursor.execute("SELECT set_config('TimeZone', %s, true)", [source.site.time_zone])
    yield
    cursor.execute("SELECT set_config('TimeZone', 'UTC', true)")


def _check(plan: Plan, job: Import, cursor: CursorWrapper) -> checks.Created:
    """Check every row and keep those that are broken; gives the names that were created."""
    with _site_clock(job.source, cursor):
        checks.check(plan, cursor)
    checks.settle_repeats(plan, cursor)
    created = checks.look_up(plan, job.source, cursor, by=job.created_by)
    with _site_clock(job.source, cursor):
        keep_rejects(plan, job, cursor)
    return created


def _days(source: Source, merged: Merged) -> set[dt.date]:
    """The business days whose KPIs the merged rows change."""
    if source.fact == Source.Fact.CONTACTS:
        return days_of_changes((moments[:5], moments[5:10], moments[10]) for moments in merged.moments)
    days = {day for moments in merged.moments for day in moments if day is not None}
    return around(days) if source.fact in (Source.Fact.STATES, Source.Fact.SHIFTS) else days


def _finish(job: Import, plan: Plan, merged: Merged, days: set[dt.date], cursor: CursorWrapper) -> None:
    cursor.execute(
        f"SELECT count(*) FILTER (WHERE problem <> {BLANK}), count(*) FILTER (WHERE problem > 0), "
        f"count(*) FILTER (WHERE problem <= {SET_ASIDE}) FROM import_checked"
    )
    read, rejected, set_aside = cursor.fetchone()
    Import.objects.filter(pk=job.pk).update(
        state=Import.State.DONE,
        step="",
        progress=1,
        message="",
        columns=plan.file_columns,
        created_names=job.created_names,
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        rows_read=read,
        rows_new=merged.new,
        rows_changed=merged.changed,
        rows_unchanged=read - merged.new - merged.changed - rejected - set_aside,
        rows_rejected=rejected,
        rows_set_aside=set_aside,
        finished_at=timezone.now(),
    )
