"""A report as an e-mail: HTML and plain text with the same figures, the PDF attached or linked."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from callcenter.reports.content import Report
from callcenter.reports.pdf import as_pdf, file_name


def message_of(report: Report, *, to: str, is_attached: bool, key: str) -> EmailMultiAlternatives:
    """The e-mail of a report. ``key`` names it for good: mail servers drop a second one of that name."""
    public = replace(report, url=settings.PUBLIC_URL + report.url, pdf_url=settings.PUBLIC_URL + report.pdf_url)
    context = {"report": public, "is_attached": is_attached}
    message = EmailMultiAlternatives(
        subject=" ".join(f"{report.title}: {report.period}".split()),
        body=render_to_string("callcenter/report_mail.txt", context),
        to=[to],
        headers={"Message-ID": f"<{key}@{settings.PUBLIC_URL.split('//')[1]}>"},
    )
    message.attach_alternative(render_to_string("callcenter/report_mail.html", context), "text/html")
    if is_attached:
        message.attach(file_name(report), as_pdf(report), "application/pdf")
    return message
