"""What the account page tells people about themselves."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from axes.models import AccessLog
from django.db.models import QuerySet
from django.utils import timezone

from people.models import Agent, Membership, Team, User

SIGN_INS_SHOWN = 8
# What a browser calls itself, the more special first: most also name those after them.
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrom": "Chrome", "Safari/": "Safari"}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class SignIn:
    """One time a person signed in: when, from which address, with what ("" where the browser did not say)."""

    at: dt.datetime
    address: str
    device: str


@dataclass(frozen=True)
class Record:
    """The agent a person is, and the team they are in today."""

    agent: Agent
    team: Team | None


def teams_led(viewer: User) -> QuerySet[Team]:
    """The teams a person was made supervisor of; those below them follow."""
    teams: QuerySet[Team] = Team.objects.visible_to(viewer).without_tree_fields().filter(supervisors=viewer)
    return teams.order_by("name")


def agent_record(viewer: User) -> Record | None:
    """The agent somebody signs in as; None for everybody else."""
    if viewer.own_agent_id is None:
        return None
    agent = Agent.objects.visible_to(viewer).get(pk=viewer.own_agent_id)
    today = timezone.localdate()
    memberships = Membership.objects.filter(agent=agent, starts_on__lte=today).exclude(ends_on__lte=today)
    membership = memberships.select_related("team").first()
    return Record(agent, membership.team if membership else None)


def recent_sign_ins(viewer: User) -> list[SignIn]:
    """The last times this person signed in, the latest first; not those of an earlier owner of the name."""
    kept = AccessLog.objects.filter(username=viewer.username, attempt_time__gte=viewer.date_joined)
    return [
        SignIn(entry.attempt_time, entry.ip_address or "", device_of(entry.user_agent))
        for entry in kept.order_by("-attempt_time")[:SIGN_INS_SHOWN]
    ]


def device_of(user_agent: str) -> str:
    """Browser and system, in the words of their makers, as far as the browser's own name tells them."""
    told = [next((name for sign, name in names.items() if sign in user_agent), "") for names in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, told))
