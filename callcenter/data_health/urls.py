"""The page of the data's health."""

from django.urls import path

from callcenter.data_health import views

app_name = "data_health"

urlpatterns = [
    path("", views.health, name="health"),
]
