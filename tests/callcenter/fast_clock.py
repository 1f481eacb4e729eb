"""The product's own clock, with the nightly run due at once: `celery --app tests.callcenter.fast_clock beat`."""

from celery.schedules import schedule

from callcenter.celery import app

app.conf.beat_schedule["nightly KPI run"]["schedule"] = schedule(2)
