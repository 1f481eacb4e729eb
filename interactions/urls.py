"""Pages of contacts and of data coming in."""

from django.urls import path

from interactions.views import contacts, imports, sources

app_name = "interactions"

urlpatterns = [
    path("contacts/", contacts.contact_list, name="contact_list"),
    path("contacts/columns/", contacts.contact_columns, name="contact_columns"),
    path("contacts/<int:pk>/", contacts.contact_detail, name="contact_detail"),
    path("data/imports/", imports.import_list, name="import_list"),
    path("data/imports/new/", imports.import_create, name="import_create"),
    path("data/imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("data/imports/<int:pk>/mapping/", imports.import_mapping, name="import_mapping"),
    path("data/imports/<int:pk>/start/", imports.import_start, name="import_start"),
    path("data/imports/<int:pk>/discard/", imports.import_discard, name="import_discard"),
    path("data/imports/<int:pk>/rejected.csv", imports.import_rejected, name="import_rejected"),
    path("data/sources/", sources.source_list, name="source_list"),
    path("data/sources/new/", sources.source_create, name="source_create"),
    path("data/sources/<int:pk>/", sources.source_edit, name="source_edit"),
]
