"""A report on A4. The template knows no data: it gets it as JSON, so that no name is ever read as markup."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from django.utils.translation import gettext as _

from callcenter.reports.content import Report
from kpis.typesetting import typeset

TEMPLATE = Path(__file__).with_name("report.typ")


def as_pdf(report: Report) -> bytes:
    """The PDF of a report."""
    content = asdict(report) | {"label": _labels()}
    content["gap"] = {"title": report.gap.title, "text": report.gap.text} if report.gap else None
    return typeset(TEMPLATE, content)


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
        "findings": _("What needs you"),
        "target_line": _("target"),
    }
