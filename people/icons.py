"""The icons of Lucide, each drawn once per process: to draw one anew takes as long as a table's row."""

from __future__ import annotations

from functools import lru_cache

from django import template
from lucide.templatetags.lucide import lucide

register = template.Library()
icon = lru_cache(maxsize=1_000)(lucide)
register.simple_tag(icon, name="lucide")
