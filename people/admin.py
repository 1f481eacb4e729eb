"""Administration of users, sites, teams, reasons and skills.

Agents and queues are administered in `interactions/admin.py`: what changes about them changes facts.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from people.forms import NewUserForm, PasswordForm, SiteForm, UserForm
from people.history_admin import HistoryAdmin
from people.models import CalendarDay, Reason, Role, Site, Skill, Team, User

# Roles decide who may do what; a second way would contradict them.
admin.site.unregister(Group)


class RoleFilter(admin.SimpleListFilter):
    """Users who hold a role."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return list(Role.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(roles__contains=[self.value()]) if self.value() else queryset


@admin.register(User)
class UserAdmin(HistoryAdmin, DjangoUserAdmin):
    form = UserForm
    add_form = NewUserForm
    change_password_form = PasswordForm
    list_display = ["username", "first_name", "last_name", "shown_roles", "is_active", "last_login"]
    list_filter = [RoleFilter, "is_active"]
    search_fields = ["username", "first_name", "last_name", "email"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password", "is_active"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email", "language"]}),
        (_("Rights"), {"fields": ["roles"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": [
                    "username",
                    "first_name",
                    "last_name",
                    "email",
                    "roles",
                    "usable_password",
                    "password1",
                    "password2",
                ]
            },
        )
    ]

    @admin.display(description=_("roles"))
    def shown_roles(self, user: User) -> str:
        return ", ".join(user.role_names)

    def get_form(self, request: HttpRequest, obj: User | None = None, **options: Any) -> Any:
        form = super().get_form(request, obj, **options)
        form.editor = request.user
        return form

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A login is closed, not deleted: history names who did what."""
        return False


class CalendarDayInline(admin.TabularInline):
    model = CalendarDay
    extra = 0


@admin.register(Site)
class SiteAdmin(HistoryAdmin):
    form = SiteForm
    inlines = [CalendarDayInline]
    list_display = ["name", "code", "time_zone", "country", "subdivision"]
    search_fields = ["name", "code"]


class TreeChangeList(admin.views.main.ChangeList):
    """Every team directly below its parent."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet) -> list[str]:
        return ["tree_ordering"]


@admin.register(Team)
class TeamAdmin(HistoryAdmin):
    list_display = ["indented_name", "code", "site", "shown_supervisors", "is_active"]
    list_filter = ["site", "is_active"]
    search_fields = ["name", "code"]
    sortable_by: list[str] = []
    fields = ["code", "name", "parent", "site", "supervisors", "is_active"]
    filter_horizontal = ["supervisors"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return Team.objects.with_tree_fields().select_related("site").prefetch_related("supervisors")

    def get_changelist(self, request: HttpRequest, **options: Any) -> type:
        return TreeChangeList

    @admin.display(description=_("name"))
    def indented_name(self, team: Team) -> str:
        return format_html("{}{}", "\u2003" * team.tree_depth, team.name)

    @admin.display(description=_("supervisors"))
    def shown_supervisors(self, team: Team) -> str:
        return ", ".join(str(user) for user in team.supervisors.all())

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "supervisors":
            options["queryset"] = User.objects.filter(roles__contains=[Role.SUPERVISOR])
        return super().formfield_for_manytomany(db_field, request, **options)


@admin.register(Skill)
class SkillAdmin(admin.ModelAdmin):
    list_display = ["name"]
    search_fields = ["name"]


@admin.register(Reason)
class ReasonAdmin(HistoryAdmin):
    list_display = ["name", "code"]
    search_fields = ["name", "code"]
