"""Tones in e-mails, which know no classes."""

from __future__ import annotations

from django import template

from kpis.verdict import SIGNS

register = template.Library()

COLOURS = {"good": "#136c3d", "unsure": "#835400", "warn": "#835400", "bad": "#b3201a"}


@register.filter
def tone_colour(tone: str) -> str:
    """The colour that repeats a word."""
    return COLOURS.get(tone, "#515b70")


@register.filter
def tone_sign(tone: str) -> str:
    """The sign before a word."""
    return SIGNS.get(tone, "")
