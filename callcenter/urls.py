"""Every page."""

from django.urls import include, path

from callcenter.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/", include("callcenter.api")),
]
