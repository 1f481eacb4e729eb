"""Pages of contacts and of data coming in."""

from django.urls import path

from interactions.views import contacts

app_name = "interactions"

urlpatterns = [
    path("contacts/", contacts.contact_list, name="contact_list"),
    path("contacts/<int:pk>/", contacts.contact_detail, name="contact_detail"),
]
