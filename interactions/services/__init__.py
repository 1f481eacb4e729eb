"""Writes to facts, and to what decides how facts count."""

from interactions.services.marks import mark_days

__all__ = ["mark_days"]
