"""What a role's part of the page is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kpis.dashboards.parts import Part


@dataclass(frozen=True)
class Section:
    """One role's part: its title and period in words, what it shows, and the tables and charts to download."""

    key: str
    title: str
    words: str
    content: Any
    url: str = ""  # the whole page behind it
    action: str = ""
    parts: Mapping[str, Part] = field(default_factory=dict)

    @property
    def template(self) -> str:
        """The template that shows it."""
        return f"callcenter/home/{self.key}.html"

    @property
    def has_charts(self) -> bool:
        """Whether the page has to load what draws them."""
        return any(part.figure for part in self.parts.values())
