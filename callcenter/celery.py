"""The Celery application, and everything that runs by the clock."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcenter.settings")

app = Celery("callcenter")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    # After midnight in every time zone a small installation is likely to have,
    # and before the first shift reads its numbers.
    "nightly KPI run": {"task": "kpis.tasks.run_nightly", "schedule": crontab(hour=2, minute=10)},
    # Contacts that arrived during the day.
    "KPIs of the days that changed": {
        "task": "kpis.tasks.run_changed_days",
        "schedule": crontab(minute="*/5"),
    },
    # Reports are due at full hours of their site's clock, which may lie a quarter or half an hour off this one; one
    # that the mail server did not take is first tried again after five minutes.
    "reports that are due": {"task": "callcenter.reports.tasks.send_due", "schedule": crontab(minute="*/5")},
    # A worker that died leaves its jobs behind; each is safe to start again.
    "pick up interrupted imports": {
        "task": "interactions.tasks.resume_imports",
        "schedule": crontab(minute="*/2"),
    },
}
