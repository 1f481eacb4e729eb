"""Every page."""

from django.urls import path

from callcenter.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
]
