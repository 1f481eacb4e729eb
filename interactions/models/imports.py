"""Sources of facts, import jobs, and the rows they could not take."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Site


class Source(models.Model):
    """Where a kind of fact comes from, and how its files are to be read. Remembers the column mapping."""

    class Kind(models.TextChoices):
        TABLE = "table", _("Table (CSV, XLSX, Parquet, REST)")
        ASTERISK = "asterisk", _("Asterisk queue_log")
        AMAZON_CONNECT = "amazon_connect", _("Amazon Connect contact records")
        GENESYS_CLOUD = "genesys_cloud", _("Genesys Cloud conversation details")

    class Fact(models.TextChoices):
        CONTACTS = "contacts", _("Contacts")
        STATES = "states", _("Agent states")
        SHIFTS = "shifts", _("Shifts")
        SURVEYS = "surveys", _("Survey answers")
        COMPLAINTS = "complaints", _("Complaints")

    class Unknown(models.TextChoices):
        CREATE = "create", _("Create it")
        REJECT = "reject", _("Reject the row")

    name = models.SlugField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.TABLE)
    fact = models.CharField(_("holds"), max_length=20, choices=Fact.choices, default=Fact.CONTACTS)
    site = models.ForeignKey(
        Site,
        models.PROTECT,
        related_name="sources",
        verbose_name=_("site"),
        help_text=_("Times without a zone are this site's; queues that are created belong to it."),
    )
    contacts_source = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("contacts come from"),
        help_text=_("For survey answers and complaints: the source whose contact ids they name."),
    )
    mapping = models.JSONField(_("column mapping"), default=dict, blank=True)
    unknown_agents = models.CharField(
        _("unknown agents"), max_length=6, choices=Unknown.choices, default=Unknown.REJECT
    )
    unknown_queues = models.CharField(
        _("unknown queues and reasons"), max_length=6, choices=Unknown.choices, default=Unknown.REJECT
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.name


class Import(models.Model):
    """One delivery from a source: a job with progress. It is taken in whole or not at all."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Columns to be mapped")
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    source = models.ForeignKey(Source, models.PROTECT, related_name="imports", verbose_name=_("source"))
    file = models.FileField(
        _("file"),
        upload_to="imports/%Y/%m/",
        max_length=255,
        blank=True,
        help_text=_("Kept until the import is done: files may hold customers' numbers."),
    )
    columns = models.JSONField(_("columns"), default=list, blank=True, help_text=_("Of the file, in its order."))
    file_name = models.CharField(_("file name"), max_length=255)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    step = models.CharField(_("step"), max_length=40, blank=True)
    progress = models.FloatField(_("progress"), default=0, help_text=_("0 to 1"))
    message = models.TextField(_("message"), blank=True)
    rows_read = models.PositiveIntegerField(_("rows read"), default=0)
    rows_new = models.PositiveIntegerField(_("new"), default=0)
    rows_changed = models.PositiveIntegerField(_("changed"), default=0)
    rows_unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    rows_rejected = models.PositiveIntegerField(_("rejected"), default=0)
    rows_set_aside = models.PositiveIntegerField(_("set aside"), default=0)
    of_rows = models.BooleanField(
        _("sent as rows"), default=False, help_text=_("By REST, with the names of the fact's own columns.")
    )
    created_names = models.JSONField(
        _("created"), default=dict, blank=True, help_text=_("The names of agents, queues and reasons that it created.")
    )
    first_day = models.DateField(_("first day"), null=True, blank=True, help_text=_("That its rows changed."))
    last_day = models.DateField(_("last day"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_state_display()})"

    @property
    def rows_taken(self) -> int:
        """The rows that are in now: new, changed or known before."""
        return self.rows_new + self.rows_changed + self.rows_unchanged

    @property
    def verdict(self) -> str:
        """The state, and of an import that is done whether all rows went in: done, done_with_rejects or nothing."""
        if self.state != self.State.DONE:
            return self.state
        if not self.rows_taken:
            return "nothing"
        return "done_with_rejects" if self.rows_rejected else "done"

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in (self.State.DONE, self.State.FAILED, self.State.DRAFT)


class RejectedRow(models.Model):
    """A row that was not taken, as it was but for its customer, with the reason. Mended, it can be sent again."""

    class Kind(models.TextChoices):
        REJECTED = "rejected", _("Rejected")
        SET_ASIDE = "set_aside", _("Set aside")

    of = models.ForeignKey(Import, models.CASCADE, related_name="rejected_rows", verbose_name=_("import"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.REJECTED)
    line = models.PositiveIntegerField(_("line"))
    column = models.CharField(_("column"), max_length=200, blank=True)
    value = models.TextField(_("value"), blank=True)
    reason = models.TextField(_("reason"))
    row = models.JSONField(_("row"), default=list, help_text=_("The whole row as it came, by column."))

    class Meta:
        ordering = ["of", "line"]
        verbose_name = _("rejected row")
        verbose_name_plural = _("rejected rows")

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"
