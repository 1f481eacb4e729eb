"""Puts the administration for administrators in place of Django's own."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    default_site = "people.admin_site.AdministratorSite"
