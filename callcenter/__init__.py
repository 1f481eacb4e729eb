"""The project, on top of all apps."""

from callcenter.celery import app as celery_app

__all__ = ["celery_app"]
