"""Teams, agents, queues, contact reasons and sites, for reading."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now, TruncDate
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from people.api.base import IdsFilter, ReadViewSet, SearchFilter, WordsFilter
from people.days import holds_on
from people.models import Agent, AgentSkill, Membership, Queue, QueueRules, Reason, Site, Team
from people.tokens.models import Scope


class DirectoryViewSet(ReadViewSet):
    """People and structure."""

    scope = Scope.READ_PEOPLE
    queryset: Any


class SiteSerializer(serializers.ModelSerializer):
    class Meta:
        model = Site
        fields = ["id", "code", "name", "time_zone", "country", "subdivision", "working_weekdays"]


class OpenDirectoryViewSet(DirectoryViewSet):
    """Names that are no secret among those who may read the directory at all."""

    def get_queryset(self) -> QuerySet:
        """All rows."""
        rows: QuerySet = self.queryset.all()
        return rows


@extend_schema(tags=["people"])
class SiteViewSet(OpenDirectoryViewSet):
    """Sites, with their time zones: business days and half-hours follow them."""

    queryset = Site.objects.order_by("pk")
    serializer_class = SiteSerializer


class ReasonSerializer(serializers.ModelSerializer):
    class Meta:
        model = Reason
        fields = ["id", "code", "name"]


@extend_schema(tags=["people"])
class ReasonViewSet(OpenDirectoryViewSet):
    """Contact reasons."""

    queryset = Reason.objects.order_by("pk")
    serializer_class = ReasonSerializer


class TeamSerializer(serializers.ModelSerializer):
    class Meta:
        model = Team
        fields = ["id", "code", "name", "site", "parent", "is_active"]


class TeamFilter(filters.FilterSet):
    site = IdsFilter()
    parent = IdsFilter()
    code = WordsFilter()
    name = SearchFilter("name")
    is_active = filters.BooleanFilter()


@extend_schema(tags=["people"])
class TeamViewSet(DirectoryViewSet):
    """Teams that the caller may see; ``parent`` is the team above."""

    queryset = Team.objects.order_by("pk")
    serializer_class = TeamSerializer
    filterset_class = TeamFilter


class AgentSkillSerializer(serializers.ModelSerializer):
    skill = serializers.CharField(source="skill.name")
    level = serializers.ChoiceField(choices=AgentSkill.Level.choices, help_text="1 junior, 2 intermediate, 3 senior")

    class Meta:
        model = AgentSkill
        fields = ["skill", "level"]


class AgentSerializer(serializers.ModelSerializer):
    team = serializers.IntegerField(source="present_team", allow_null=True, help_text="The team of today.")
    skills = AgentSkillSerializer(source="agent_skills", many=True)

    class Meta:
        model = Agent
        fields = ["id", "employee_number", "platform_login", "name", "team", "hired_on", "left_on", "grade", "skills"]


class AgentFilter(filters.FilterSet):
    team = IdsFilter(field_name="present_team")
    employee_number = WordsFilter()
    name = SearchFilter("name")
    is_employed = filters.BooleanFilter(method="employed", label="Not left before today")

    def employed(self, agents: QuerySet, name: str, wanted: bool) -> QuerySet:
        """Those who have not left by today, or those who have."""
        here = Q(left_on__isnull=True) | Q(left_on__gt=TruncDate(Now()))
        return agents.filter(here if wanted else ~here)


def present_team() -> Subquery:
    """The team an agent belongs to today."""
    current = Membership.objects.filter(holds_on(TruncDate(Now())), agent=OuterRef("pk"))
    return Subquery(current.values("team")[:1])


@extend_schema(tags=["people"])
class AgentViewSet(DirectoryViewSet):
    """Agents that the caller may see: supervisors those of their teams, agents themselves."""

    queryset = (
        Agent.objects.annotate(present_team=present_team()).prefetch_related("agent_skills__skill").order_by("pk")
    )
    serializer_class = AgentSerializer
    filterset_class = AgentFilter


class QueueRulesSerializer(serializers.ModelSerializer):
    class Meta:
        model = QueueRules
        fields = [
            "valid_from",
            "valid_until",
            "service_level_seconds",
            "service_level_target",
            "short_abandon_seconds",
            "fcr_window_days",
            "csat_top_box",
        ]


class QueueSerializer(serializers.ModelSerializer):
    rules = QueueRulesSerializer(many=True, help_text="Thresholds, latest first; each holds from its date on.")

    class Meta:
        model = Queue
        fields = ["id", "code", "name", "channel", "line_of_business", "site", "owner_team", "is_active", "rules"]


class QueueFilter(filters.FilterSet):
    site = IdsFilter()
    owner_team = IdsFilter()
    channel = WordsFilter()
    code = WordsFilter()
    name = SearchFilter("name")
    is_active = filters.BooleanFilter()


@extend_schema(tags=["people"])
class QueueViewSet(DirectoryViewSet):
    """Queues with their thresholds."""

    queryset: Any = Queue.objects.prefetch_related("rules").order_by("pk")
    serializer_class = QueueSerializer
    filterset_class = QueueFilter
