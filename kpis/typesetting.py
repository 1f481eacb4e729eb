"""PDF files, set by typst. A template gets its words as JSON, so that no name is ever read as markup."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst

# The first of each that the machine has. Typst brings Libertinus, which knows no Chinese.
CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Zen Hei",
)
LATIN = ("Noto Sans", "DejaVu Sans", "Libertinus Serif")


@cache
def _fonts() -> typst.Fonts:
    """The fonts of this machine, searched once."""
    return typst.Fonts()


def families() -> list[str]:
    """The fonts that a page is set in, in order: one that has both scripts first."""
    known = set(_fonts().families())
    return [name for name in (*CHINESE, *LATIN) if name in known]


def has_chinese() -> bool:
    """Whether this machine has a font with Chinese characters."""
    return bool(set(CHINESE) & set(families()))


def typeset(template: Path, content: dict[str, Any]) -> bytes:
    """The PDF of a template, which finds ``content`` (and ``fonts`` in it) as JSON in its input of that name."""
    inputs = {"content": json.dumps(content | {"fonts": families()}, ensure_ascii=False)}
    return bytes(typst.compile(template, root=template.parent, font_paths=_fonts(), sys_inputs=inputs))
