"""How first contact resolution counts a contact, for the contact's own page."""

from __future__ import annotations

from django import template

from kpis import resolution

register = template.Library()
register.simple_tag(resolution.resolution_of, name="resolution_of")
