"""People and structure: users, sites, teams, agents, memberships, queues, reasons."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any, Self
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.fields.ranges import RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from tree_queries.fields import TreeNodeForeignKey
from tree_queries.models import TreeNode
from tree_queries.query import TreeQuerySet

from people.scoping import EVERYTHING, NOTHING, Viewer, visible_rows


class Int8Range(Func):
    """``int8range(a, b, '[]')``: lets an exclusion constraint compare a plain id without an extension."""

    function = "int8range"
    output_field = models.Field()


class DateRange(Func):
    """``daterange(a, b, '[)')``; an open end is NULL."""

    function = "daterange"
    output_field = DateRangeField()


def no_overlap(name: str, *, of: str, start: str, end: str) -> ExclusionConstraint:
    """A constraint: for the same ``of``, the spans from ``start`` up to but without ``end`` never overlap."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            (Int8Range(F(of), F(of), Value("[]")), RangeOperators.OVERLAPS),
            (DateRange(F(start), F(end), Value("[)")), RangeOperators.OVERLAPS),
        ],
    )


class Role(models.TextChoices):
    SUPERVISOR = "supervisor", _("Supervisor")
    QA_ANALYST = "qa_analyst", _("QA analyst")
    SHOPPER = "shopper", _("Mystery shopper")
    DIRECTOR = "director", _("Director")
    AGENT = "agent", _("Agent")
    ADMINISTRATOR = "administrator", _("Administrator")


# Who reads the rows of the whole centre.
SEE_EVERYTHING = (Role.DIRECTOR, Role.QA_ANALYST, Role.ADMINISTRATOR)


class Channel(models.TextChoices):
    VOICE = "voice", _("Voice")
    CHAT = "chat", _("Chat")
    EMAIL = "email", _("E-mail")
    TICKET = "ticket", _("Ticket")
    CALLBACK = "callback", _("Callback")
    OUTBOUND = "outbound", _("Outbound")


class Theme(models.TextChoices):
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class User(AbstractUser):
    """Somebody who signs in. May hold several roles."""

    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), default=list, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    theme = models.CharField(_("theme"), max_length=5, choices=Theme.choices, blank=True)
    # Keys of what this person wants to see of teams, agents and queues side by side; none for the usual columns.
    member_columns = ArrayField(models.CharField(max_length=60), default=list, blank=True, editable=False)
    history = HistoricalRecords(excluded_fields=["password", "last_login", "theme", "member_columns"])
    _history_user: Any  # who changes the row, for its history

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                name="user_roles_are_known", condition=Q(roles__contained_by=[str(role) for role in Role])
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def has_role(self, *roles: Role) -> bool:
        """Whether this user holds one of ``roles``; a superuser holds the administrator's."""
        return bool(set(roles) & set(self.roles)) or (self.is_superuser and Role.ADMINISTRATOR in roles)

    @property
    def role_names(self) -> list[str]:
        """The roles in words, for people."""
        return [str(Role(role).label) for role in self.roles]

    @property
    def sees_everything(self) -> bool:
        """Whether this user reads the rows of the whole centre."""
        return self.has_role(*SEE_EVERYTHING)

    @property
    def sees_costs(self) -> bool:
        """Whether this user reads what work costs: who leads does; an agent does not, not even of the own contacts."""
        return bool(self.sees_everything or self.supervised_team_ids)

    @property
    def sees_figures(self) -> bool:
        """Whether there are any rows this user may read: everyone's, their teams' or their own."""
        return bool(self.sees_everything or self.supervised_team_ids or self.own_agent_id)

    @cached_property
    def supervised_team_ids(self) -> tuple[int, ...]:
        """Ids of the teams this user supervises and of all teams below them."""
        if not self.has_role(Role.SUPERVISOR):
            return ()
        own = Team.objects.filter(supervisors=self)
        return tuple(sorted(Team.objects.descendants_of_any(own).values_list("pk", flat=True)))

    @cached_property
    def own_agent_id(self) -> int | None:
        """The id of the agent this user is, if they sign in as one."""
        if not self.has_role(Role.AGENT):
            return None
        return Agent.objects.filter(user=self).values_list("pk", flat=True).first()


def validate_time_zone(name: str) -> None:
    """Raise ValidationError unless ``name`` is an IANA time zone."""
    if name not in available_timezones():
        raise ValidationError(_("%(zone)s is not a time zone. Example: Europe/Berlin."), params={"zone": name})


def validate_country(code: str) -> None:
    """Raise ValidationError unless public holidays are known for this ISO 3166 code."""
    from holidays import list_supported_countries

    if code and code not in list_supported_countries():
        raise ValidationError(_("No public holidays are known for the country code %(code)s."), params={"code": code})


def monday_to_friday() -> list[int]:
    return [0, 1, 2, 3, 4]


class Site(models.Model):
    """A place with its own time zone and calendar. Business days and half-hours follow its clock."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    time_zone = models.CharField(_("time zone"), max_length=60, validators=[validate_time_zone])
    country = models.CharField(
        _("country"),
        max_length=3,
        blank=True,
        validators=[validate_country],
        help_text=_("ISO code; its public holidays are non-working days."),
    )
    subdivision = models.CharField(_("state or province"), max_length=10, blank=True)
    working_weekdays = ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(6)]),
        verbose_name=_("working weekdays"),
        default=monday_to_friday,
        help_text=_("0 is Monday, 6 is Sunday."),
    )
    history = HistoricalRecords()
    _history_user: Any  # who changes the row, for its history

    class Meta:
        ordering = ["name"]
        verbose_name = _("site")
        verbose_name_plural = _("sites")

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.time_zone)

    def clean(self) -> None:
        """Raise ValidationError where the country has no such state or province."""
        from holidays import list_supported_countries

        known = list_supported_countries().get(self.country)
        if self.subdivision and known is not None and self.subdivision not in known:
            raise ValidationError(
                {
                    "subdivision": _("No public holidays are known for %(part)s in %(country)s. Known are: %(known)s.")
                    % {"part": self.subdivision, "country": self.country, "known": ", ".join(known) or "–"}
                }
            )


class CalendarDay(models.Model):
    """A day on which a site departs from its weekdays and public holidays."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="calendar_days", verbose_name=_("site"))
    day = models.DateField(_("day"))
    is_working = models.BooleanField(_("working day"))
    name = models.CharField(_("name"), max_length=100, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(name="one_calendar_entry_per_day", fields=["site", "day"])]
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")

    def __str__(self) -> str:
        return f"{self.site} {self.day}"


class TeamQuerySet(TreeQuerySet):
    """Teams; a tree of any depth."""

    def descendants_of_any(self, teams: models.QuerySet) -> Self:
        """The given teams and every team below one of them."""
        ids = {pk for team in teams for pk in team.branch_ids()}
        return self.without_tree_fields().filter(pk__in=ids)

    def visible_to(self, viewer: Viewer) -> Self:
        """Teams whose figures this viewer may open."""
        return self.filter(Team.visible_rows(viewer))


class Team(TreeNode):
    """A team, or a group of teams."""

    # As TreeNode has it, but a team that has teams below it is not deleted with them.
    parent = TreeNodeForeignKey(
        "self", models.PROTECT, blank=True, null=True, verbose_name=_("parent"), related_name="children"
    )
    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    site = models.ForeignKey(Site, models.PROTECT, related_name="teams", verbose_name=_("site"))
    supervisors = models.ManyToManyField(
        User, blank=True, related_name="supervised_teams", verbose_name=_("supervisors")
    )
    is_active = models.BooleanField(_("active"), default=True)
    history = HistoricalRecords()
    _history_user: Any  # who changes the row, for its history

    objects: Any = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name

    def branch_ids(self) -> list[int]:
        """Ids of the team and of every team below it."""
        return list(self.descendants(include_self=True).values_list("pk", flat=True))

    @staticmethod
    def visible_rows(viewer: Viewer) -> Q:
        """Supervisors see their own teams and those below; agents see no team's page."""
        return visible_rows(viewer, team="pk", agent=None)


class Skill(models.Model):
    """Something an agent can be good at: a language, a product, a kind of contact."""

    name = models.CharField(_("name"), max_length=100, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("skill")
        verbose_name_plural = _("skills")

    def __str__(self) -> str:
        return self.name


class AgentQuerySet(models.QuerySet):
    """Agents."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Agents whose name and page this viewer may see: those who are or were in an own team, or oneself."""
        if not viewer.is_authenticated or not viewer.is_active:
            return self.filter(NOTHING)
        if viewer.sees_everything:
            return self.filter(EVERYTHING)
        allowed = NOTHING
        if team_ids := viewer.supervised_team_ids:
            allowed |= Q(pk__in=Membership.objects.filter(team__in=team_ids).values("agent"))
        if viewer.own_agent_id:
            allowed |= Q(pk=viewer.own_agent_id)
        return self.filter(allowed)


class Agent(models.Model):
    """Somebody who handles contacts. May exist without a login."""

    employee_number = models.CharField(_("employee number"), max_length=60, unique=True)
    platform_login = models.CharField(
        _("login on the call platform"),
        max_length=120,
        unique=True,
        null=True,
        blank=True,
        help_text=_("The name under which imported files know this agent, where it is not the employee number."),
    )
    name = models.CharField(_("name"), max_length=120)
    user = models.OneToOneField(
        User, models.SET_NULL, null=True, blank=True, related_name="agent", verbose_name=_("login")
    )
    hired_on = models.DateField(_("hired on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True, help_text=_("The first day no longer employed."))
    grade = models.CharField(_("grade"), max_length=60, blank=True)
    hourly_cost = models.DecimalField(
        _("hourly cost"), max_digits=10, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    skills = models.ManyToManyField(Skill, through="AgentSkill", blank=True, related_name="agents")
    history = HistoricalRecords()
    _history_user: Any  # who changes the row, for its history

    objects: Any = AgentQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="agent_leaves_after_hiring",
                condition=Q(left_on__isnull=True) | Q(hired_on__isnull=True) | Q(left_on__gte=F("hired_on")),
                violation_error_message=_("The leaving date is before the hiring date."),
            )
        ]
        verbose_name = _("agent")
        verbose_name_plural = _("agents")

    def __str__(self) -> str:
        return self.name


class AgentSkill(models.Model):
    """How well an agent masters a skill."""

    class Level(models.IntegerChoices):
        JUNIOR = 1, _("Junior")
        INTERMEDIATE = 2, _("Intermediate")
        SENIOR = 3, _("Senior")

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="agent_skills", verbose_name=_("agent"))
    skill = models.ForeignKey(Skill, models.CASCADE, related_name="agent_skills", verbose_name=_("skill"))
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices, default=Level.JUNIOR)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_level_per_skill", fields=["agent", "skill"])]
        verbose_name = _("agent's skill")
        verbose_name_plural = _("agents' skills")

    def __str__(self) -> str:
        return f"{self.skill}: {self.get_level_display()}"


class Membership(models.Model):
    """An agent belongs to a team from a date up to, but without, another. History keeps the team of the time."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="memberships", verbose_name=_("agent"))
    team = models.ForeignKey(Team, models.PROTECT, related_name="memberships", verbose_name=_("team"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True, help_text=_("The first day no longer in the team."))
    history = HistoricalRecords()
    _history_user: Any  # who changes the row, for its history

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            no_overlap("an_agent_is_in_one_team_at_a_time", of="agent", start="starts_on", end="ends_on"),
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                violation_error_message=_("The membership ends before it starts."),
            ),
        ]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")

    def __str__(self) -> str:
        return f"{self.agent} – {self.team}"


class QueueQuerySet(models.QuerySet):
    """Queues."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Queues whose page a viewer may open: all for supervisors and for who sees the centre, else none."""
        if not viewer.is_authenticated or not viewer.is_active:
            return self.none()
        return self if viewer.sees_everything or viewer.has_role(Role.SUPERVISOR) else self.none()


class Queue(models.Model):
    """Where contacts of one kind wait. Names and thresholds are no secret among supervisors; the rows are scoped."""

    code = models.CharField(_("code"), max_length=120, unique=True)
    name = models.CharField(_("name"), max_length=120)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.VOICE)
    line_of_business = models.CharField(_("line of business"), max_length=100, blank=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="queues", verbose_name=_("site"))
    owner_team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_queues",
        verbose_name=_("owner team"),
        help_text=_("What is offered to the queue counts for this team."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    history = HistoricalRecords()
    _history_user: Any  # who changes the row, for its history

    objects: Any = QueueQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("queue")
        verbose_name_plural = _("queues")

    def __str__(self) -> str:
        return self.name


FIRST_DAY = dt.date(1, 1, 1)


class QueueRules(models.Model):
    """The thresholds of a queue from a date on. A change acts from its date and never rewrites the past."""

    queue = models.ForeignKey(Queue, models.CASCADE, related_name="rules", verbose_name=_("queue"))
    valid_from = models.DateField(_("valid from"), default=FIRST_DAY)
    valid_until = models.DateField(
        _("valid until"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The first day on which the next rules hold."),
    )
    service_level_seconds = models.PositiveIntegerField(_("service level threshold (s)"), default=20)
    service_level_target = models.DecimalField(
        _("service level target"),
        max_digits=4,
        decimal_places=3,
        default="0.8",
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    short_abandon_seconds = models.PositiveIntegerField(_("short abandon up to (s)"), default=5)
    fcr_window_days = models.PositiveSmallIntegerField(
        _("first contact resolution window (days)"), default=7, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    csat_top_box = models.PositiveSmallIntegerField(
        _("satisfied from answer"), default=4, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    history = HistoricalRecords()
    _history_user: Any  # who changes the row, for its history

    class Meta:
        ordering = ["queue", "-valid_from"]
        constraints = [
            no_overlap("queue_has_one_set_of_rules_at_a_time", of="queue", start="valid_from", end="valid_until"),
        ]
        verbose_name = _("queue rules")
        verbose_name_plural = _("queue rules")

    def __str__(self) -> str:
        return f"{self.queue} {self.valid_from}"


class Reason(models.Model):
    """Why a customer contacts."""

    code = models.CharField(_("code"), max_length=120, unique=True)
    name = models.CharField(_("name"), max_length=120)

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("contact reason")
        verbose_name_plural = _("contact reasons")

    def __str__(self) -> str:
        return self.name


class RosterImport(models.Model):
    """One file of teams or agents that was taken in, with the rows that could not be."""

    file_name = models.CharField(_("file name"), max_length=255)
    columns = models.JSONField(_("columns"), default=list)
    rows_new = models.PositiveIntegerField(_("new"), default=0)
    rows_changed = models.PositiveIntegerField(_("changed"), default=0)
    rows_unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    rejected = models.JSONField(
        _("rejected rows"), default=list, help_text=_("Of each: line, cells as they came, and what is wrong with them.")
    )
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import of people")
        verbose_name_plural = _("imports of people")

    def __str__(self) -> str:
        return self.file_name


# A model in a module of its own, after the user it refers to: Django must know it wherever this app is loaded.
from people.tokens.models import ApiToken as ApiToken  # noqa: E402
