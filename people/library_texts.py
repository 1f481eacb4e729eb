"""Texts of Django and django-tree-queries without Chinese of their own: named here, they are translated with ours."""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

TEXTS = [
    _("Error:"),
    _("Model name"),
    _("Add link"),
    _("Change or view list link"),
    _("After you’ve created a user, you’ll be able to edit more user options."),
    _("%(model)s instance with %(field)s %(value)r is not a valid choice."),
    _("parent"),
    _("A node cannot be made a descendant of itself."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        "least",
    ),
]
