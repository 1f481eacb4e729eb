"""The tokens with which programs use the API."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken


class Scope(models.TextChoices):
    """What a token may be used for. A token never allows more than its user may do."""

    READ_KPIS = "read:kpis", _("Read KPIs, targets, runs and saved views")
    WRITE_VIEWS = "write:views", _("Keep, change and delete saved views")
    READ_CONTACTS = "read:contacts", _("Read contacts")
    READ_PEOPLE = "read:people", _("Read teams, agents, queues, reasons and sites")
    READ_IMPORTS = "read:imports", _("Read imports and sources")
    WRITE_IMPORTS = "write:imports", _("Send data in")
    ADMIN_RUNS = "admin:runs", _("Start KPI runs")


class ApiToken(AbstractAuthToken):
    """A program's key. Only a digest is kept, so the token itself is shown once, when it is made."""

    name = models.CharField(_("name"), max_length=80)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"), default=list)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["user", "name"]
        constraints = [
            models.UniqueConstraint(
                name="one_token_of_a_name_per_user",
                fields=["user", "name"],
                violation_error_message=_("There is already a token of this name. Choose another, or revoke that one."),
            )
        ]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name

    @property
    def is_expired(self) -> bool:
        """Whether its end has passed; an expired token opens nothing."""
        return self.expiry is not None and self.expiry <= timezone.now()

    @property
    def scope_names(self) -> list[str]:
        """Its scopes in words, for people."""
        return [str(Scope(scope).label) for scope in self.scopes if scope in Scope.values]
