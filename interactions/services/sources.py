"""Sources of facts: made, from a preset or by hand, and their mapping."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from interactions.mapping import parse_mapping
from interactions.models import Source
from interactions.presets import Preset
from people.models import Site, User


@transaction.atomic
def create_source(
    *, name: str, site: Site, by: User | None, mapping: dict[str, Any] | None = None, **details: Any
) -> Source:
    """A new source. ``details``: kind, fact, contacts_source, unknown_agents, unknown_queues.

    Raises ValidationError for a value or a mapping that is not allowed.
    """
    source = Source(name=name, site=site, mapping={} if mapping is None else mapping, **details)
    _check(source)
    source.save()
    return source


def _check(source: Source) -> None:
    if source.fact in (Source.Fact.SURVEYS, Source.Fact.COMPLAINTS) and source.contacts_source is None:
        raise ValidationError({"contacts_source": _("Say whose contacts these answers and complaints speak of.")})
    if source.kind != Source.Kind.TABLE and source.fact != Source.Fact.CONTACTS:
        raise ValidationError({"fact": _("A platform's own files hold contacts.")})
    parse_mapping(source.fact, source.mapping)
    source.full_clean()


@transaction.atomic
def update_source(source: Source, *, by: User | None, **details: Any) -> Source:
    """Change a source; what it delivered stays. Raises ValidationError, also for what its facts forbid."""
    for name, value in details.items():
        setattr(source, name, value)
    before = Source.objects.get(pk=source.pk)
    if source.fact != before.fact and source.imports.exists():
        raise ValidationError(_("What the source holds cannot change after its first delivery."))
    _check(source)
    source.save()
    return source


@transaction.atomic
def set_mapping(source: Source, *, mapping: dict[str, Any], by: User | None) -> Source:
    """Remember how the source's files are read. Raises ValidationError with what is wrong in it."""
    parse_mapping(source.fact, mapping)
    source.mapping = mapping
    source.save(update_fields=["mapping"])
    return source


@transaction.atomic
def source_from_preset(preset: Preset, *, name: str = "", site: Site | None = None, by: User | None) -> Source:
    """The preset's source: the one of that name, or a new one, with the preset's site where none is given."""
    name = name or preset.name
    if known := Source.objects.filter(name=name).first():
        return known
    if site is None:
        details = {key: value for key, value in preset.site.items() if key != "code"}
        site, _created = Site.objects.get_or_create(code=preset.site["code"], defaults=details)
    return create_source(
        name=name, site=site, by=by, mapping=preset.mapping, fact=preset.fact, kind=preset.kind, **preset.unknown
    )
