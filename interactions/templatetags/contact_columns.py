"""The columns of a list of contacts, in templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import RequestContext

from interactions import columns
from interactions.columns import Column
from interactions.models import Contact

register = template.Library()


@register.simple_tag(takes_context=True)
def contact_columns(context: RequestContext) -> list[Column]:
    """The columns that the person who asks has chosen."""
    request: Any = context["request"]
    return columns.chosen_columns(request)


@register.simple_tag
def every_column() -> tuple[Column, ...]:
    """All that there are to choose from."""
    return columns.COLUMNS


@register.simple_tag
def cell(column: Column, contact: Contact) -> str:
    """What stands in a column for a contact."""
    return column.text(contact)
