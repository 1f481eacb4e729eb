"""Sources of facts: made, from a preset or by hand, and their mapping."""

from __future__ import annotations

from typing import Any

from django.db import transaction

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
    source = Source(name=name, site=site, mapping=mapping or {}, **details)
    parse_mapping(source.fact, source.mapping)
    source.full_clean()
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
