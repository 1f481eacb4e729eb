"""Writes to people and structure that touch no facts.

Two things do: an agent who changes team takes their facts along, and new thresholds change the KPIs of a queue.
They are written by `interactions.services.memberships` and `interactions.services.rules`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from axes.utils import reset
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from people.models import FIRST_DAY, Agent, Membership, Queue, QueueRules, Role, Site, Team, User


@transaction.atomic
def create_user(*, username: str, password: str, by: User | None, roles: Iterable[Role] = (), **names: str) -> User:
    """Somebody who may sign in. ``names``: first_name, last_name, email, language.

    Raises ValidationError for a weak password or a value that is not allowed.
    """
    user = User(username=username, roles=in_order(roles), **names)
    user._history_user = by
    user.set_unusable_password()
    user.full_clean()
    validate_password(password, user)
    user.set_password(password)
    user.save()
    return user


def lift_lock_out(user: User) -> None:
    """Forget the failed attempts to sign in under a name, so that a new password can be used at once."""
    reset(username=user.username)


def choose_language(user: User, *, language: str) -> None:
    """The language in which a person is spoken to, chosen by themselves; "" follows their browser."""
    user.language = language
    user._history_user = user
    user.save(update_fields=["language"])


def choose_member_columns(user: User, *, keys: Sequence[str]) -> None:
    """Keep what somebody wants to see of teams, agents and queues; nothing for the usual columns."""
    User.objects.filter(pk=user.pk).update(member_columns=list(keys))


def choose_theme(user: User, *, theme: str) -> None:
    """Light or dark on every device of a person; "" follows the device. Nobody asks later who changed it when."""
    User.objects.filter(pk=user.pk).update(theme=theme)


def in_order(roles: Iterable[Role | str]) -> list[str]:
    """Roles once each, as the list of roles has them; unknown ones stay, for validation to name them."""
    known = [str(role) for role in Role]
    return sorted({str(role) for role in roles}, key=lambda role: known.index(role) if role in known else len(known))


@transaction.atomic
def create_agent(
    *,
    employee_number: str,
    name: str,
    by: User | None,
    team: Team | None = None,
    team_from: dt.date | None = None,
    **details: Any,
) -> Agent:
    """An agent, in a team since a day (else since they were hired, else since ever).

    ``details``: platform_login, user, hired_on, left_on, grade, hourly_cost. Raises ValidationError for a value that
    is not allowed.
    """
    agent = Agent(employee_number=employee_number, name=name, **details)
    agent._history_user = by
    agent.full_clean()
    agent.save()
    if team:
        membership = Membership(agent=agent, team=team, starts_on=team_from or agent.hired_on or FIRST_DAY)
        membership._history_user = by
        membership.save()
    return agent


@transaction.atomic
def create_queue(
    *,
    code: str,
    name: str,
    site: Site,
    by: User | None,
    service_level_seconds: int = 20,
    service_level_target: Decimal = Decimal("0.8"),
    short_abandon_seconds: int = 5,
    fcr_window_days: int = 7,
    csat_top_box: int = 4,
    **details: Any,
) -> Queue:
    """A queue with its first rules, which hold since ever. ``details``: channel, line_of_business, owner_team.

    Raises ValidationError for a value that is not allowed.
    """
    queue = Queue(code=code, name=name, site=site, **details)
    queue._history_user = by
    queue.full_clean()
    queue.save()
    rules = QueueRules(
        queue=queue,
        valid_from=FIRST_DAY,
        service_level_seconds=service_level_seconds,
        service_level_target=service_level_target,
        short_abandon_seconds=short_abandon_seconds,
        fcr_window_days=fcr_window_days,
        csat_top_box=csat_top_box,
    )
    rules._history_user = by
    rules.full_clean()
    rules.save()
    return queue
