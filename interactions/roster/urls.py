"""Pages for taking in people and teams. callcenter/urls.py puts them among those of people."""

from django.urls import path

from interactions.roster import views

urlpatterns = [
    path("people/import/", views.import_create, name="import"),
    path("people/import/<int:pk>/", views.import_detail, name="import_detail"),
    path("people/import/<int:pk>/rejected.csv", views.import_rejected, name="import_rejected"),
]
