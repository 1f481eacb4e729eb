"""Permissions follow roles."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend

from people.models import Role
from people.scoping import Viewer


class RoleBackend(BaseBackend):
    """Gives administrators every permission; what others may do is asked by role."""

    def has_perm(self, user_obj: Viewer, perm: str, obj: object = None) -> bool:
        """Whether the role gives this permission."""
        return user_obj.is_authenticated and user_obj.is_active and user_obj.has_role(Role.ADMINISTRATOR)

    def has_module_perms(self, user_obj: Viewer, app_label: str) -> bool:
        """Whether the role gives any permission in this app."""
        return self.has_perm(user_obj, app_label)
