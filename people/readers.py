"""Who may see a team's figures: the rule of people/scoping.py from the other side, for many people at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from people.lineage import Lineage
from people.models import SEE_EVERYTHING, Role, Team, User


def readers_of(team: Team | None) -> QuerySet[User]:
    """The people to whom the figures of a team, or of the whole centre (None), are open; those who left are not."""
    allowed = Q(roles__overlap=[str(role) for role in SEE_EVERYTHING]) | Q(is_superuser=True)
    if team:
        allowed |= Q(
            roles__contains=[str(Role.SUPERVISOR)],
            pk__in=Team.supervisors.through.objects.filter(team__in=Lineage().of(team.pk)).values("user"),
        )
    return User.objects.filter(allowed, is_active=True)


def who_may_see(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Of pairs of a person and a team (ids), those in which the team's figures are open to the person."""
    asked = set(pairs)
    people = User.objects.filter(pk__in={person for person, _team in asked}, is_active=True)
    known = {person.pk: person for person in people.prefetch_related("supervised_teams")}
    lineage = Lineage() if known else None
    return {(pk, team) for pk, team in asked if lineage and pk in known and _may_see(known[pk], lineage.of(team))}


def _may_see(person: Any, lineage: set[int]) -> bool:
    if person.sees_everything:
        return True
    return person.has_role(Role.SUPERVISOR) and any(led.pk in lineage for led in person.supervised_teams.all())
