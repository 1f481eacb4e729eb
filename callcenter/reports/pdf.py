"""A report on A4. The template knows no data: it gets it as JSON, so that no name is ever read as markup."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path

import typst
from django.utils.translation import gettext as _

from callcenter.reports.content import Report

TEMPLATE = Path(__file__).with_name("report.typ")
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
def fonts() -> typst.Fonts:
    """The fonts of this machine, searched once."""
    return typst.Fonts()


def families() -> list[str]:
    """The fonts that a report is set in, in order: one that has both scripts first."""
    known = set(fonts().families())
    return [name for name in (*CHINESE, *LATIN) if name in known]


def has_chinese() -> bool:
    """Whether this machine has a font with Chinese characters."""
    return bool(set(CHINESE) & set(families()))


def typeset(report: Report) -> bytes:
    """The PDF of a report."""
    content = asdict(report) | {"fonts": families(), "label": _labels()}
    content["gap"] = {"title": report.gap.title, "text": report.gap.text} if report.gap else None
    inputs = {"report": json.dumps(content, ensure_ascii=False)}
    return typst.compile(TEMPLATE, root=TEMPLATE.parent, font_paths=fonts(), sys_inputs=inputs)


def file_name(report: Report) -> str:
    """Such as "Refunds 2–8 Nov 2026.pdf", without what file systems refuse."""
    return "".join(" " if sign in '<>:"/\\\\|?*' else sign for sign in f"{report.title} {report.period}") + ".pdf"


def _labels() -> dict[str, str]:
    """The template's own words."""
    return {
        "figures": _("Key figures"),
        "kpi": _("KPI"),
        "value": _("Value"),
        "interval": _("95%% interval") % {},
        "sample": _("Out of"),
        "target": _("Target"),
        "change": _("Change"),
        "trend": _("Trend"),
        "provisional": _("with what is still maturing: %(value)s") % {"value": "{}"},
        "meanings": _("What the figures mean"),
        "page": _("Page %(number)s of %(all)s") % {"number": "{number}", "all": "{all}"},
        "pale": _("pale: too few to judge"),
        "findings": _("What needs you"),
        "target_line": _("target"),
        "report": _("Report"),
    }
