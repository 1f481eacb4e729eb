"""Explore."""

from django.urls import path

from kpis.explore import views

urlpatterns = [
    path("explore/", views.explore, name="explore"),
    path("explore/views/new/", views.view_create, name="view_create"),
    path("explore/views/<int:pk>/", views.view_open, name="view_open"),
    path("explore/views/<int:pk>/edit/", views.view_edit, name="view_edit"),
    path("explore/views/<int:pk>/replace/", views.view_replace, name="view_replace"),
    path("explore/views/<int:pk>/delete/", views.view_delete, name="view_delete"),
]
