"""Checks that reports can be set in every language of the product."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Info, register

from kpis.typesetting import CHINESE, has_chinese


@register(deploy=True)  # looking through the fonts takes a tenth of a second: not at every command
def check_fonts(**_options: Any) -> list[CheckMessage]:
    """There is a font with Chinese characters; without one they would be empty boxes in every PDF."""
    if has_chinese():
        return []
    return [
        Info(
            "No font with Chinese characters was found: in PDF reports they would be missing.",
            hint=f"Install one of: {', '.join(CHINESE)}. On Debian and Ubuntu: apt-get install fonts-noto-cjk",
            id="reports.I001",
        )
    ]
