"""The icons of Lucide in templates, each drawn once per process: to draw one anew takes as long as a table's row."""

from __future__ import annotations

from functools import lru_cache

from django import template
from lucide.templatetags.lucide import lucide

register = template.Library()
register.simple_tag(lru_cache(maxsize=1_000)(lucide), name="lucide")
