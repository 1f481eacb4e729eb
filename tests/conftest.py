"""The named cast: who works in the call centre that the tests tell of.

    Centre
    ├── Refunds (supervisor Rosa)        Chen, Zhao
    │   └── Refunds evening              (nobody yet)
    └── Billing (supervisor Boris)       Smit

The site is Berlin. Queue `refunds_line` belongs to Refunds, `billing_line` to Billing; both promise 80 % within 20 s,
and who hangs up within 5 s is a short abandon. Everyone's password is `factories.PASSWORD`.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from interactions.models import Source
from people.models import Agent, Queue, Reason, Role, Site, Team, User
from tests.factories import (
    AgentFactory,
    QueueFactory,
    ReasonFactory,
    SiteFactory,
    SourceFactory,
    TeamFactory,
    UserFactory,
)

pytest_plugins = ["tests.needs"]

# Browser tests drive the page from an event loop while Django's database is used from the same thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """No test finds what another one left in the cache (throttles, computed readings)."""
    cache.clear()


@pytest.fixture(autouse=True)
def english() -> None:
    """No test speaks the language that another one left on."""
    translation.activate("en")


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """A browser in which the given user is signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def site(db) -> Site:
    return SiteFactory()


@pytest.fixture
def director(db) -> User:
    return UserFactory(username="diana", first_name="Diana", last_name="Director", roles=[Role.DIRECTOR])


@pytest.fixture
def qa_analyst(db) -> User:
    return UserFactory(username="quinn", first_name="Quinn", last_name="Analyst", roles=[Role.QA_ANALYST])


@pytest.fixture
def administrator(db) -> User:
    return UserFactory(username="ada", first_name="Ada", last_name="Administrator", roles=[Role.ADMINISTRATOR])


@pytest.fixture
def shopper(db) -> User:
    return UserFactory(username="sid", first_name="Sid", last_name="Shopper", roles=[Role.SHOPPER])


@pytest.fixture
def api_client_user(db) -> User:
    """The login under which another system fetches KPIs; it reads what a director reads."""
    return UserFactory(username="warehouse", first_name="Data", last_name="Warehouse", roles=[Role.DIRECTOR])


@pytest.fixture
def nobody(db) -> User:
    """Somebody who may sign in but holds no role."""
    return UserFactory(username="nora", first_name="Nora", last_name="Nobody")


@pytest.fixture
def refunds_supervisor(db) -> User:
    return UserFactory(username="rosa", first_name="Rosa", last_name="Refunds", roles=[Role.SUPERVISOR])


@pytest.fixture
def billing_supervisor(db) -> User:
    return UserFactory(username="boris", first_name="Boris", last_name="Billing", roles=[Role.SUPERVISOR])


@pytest.fixture
def centre(site: Site) -> Team:
    return TeamFactory(code="centre", name="Centre", site=site)


@pytest.fixture
def refunds(centre: Team, refunds_supervisor: User) -> Team:
    """Team A."""
    return TeamFactory(
        code="refunds", name="Refunds", site=centre.site, parent=centre, supervisors=[refunds_supervisor]
    )


@pytest.fixture
def refunds_evening(refunds: Team) -> Team:
    """The team below team A."""
    return TeamFactory(code="refunds-evening", name="Refunds evening", site=refunds.site, parent=refunds)


@pytest.fixture
def billing(centre: Team, billing_supervisor: User) -> Team:
    """Team B."""
    return TeamFactory(
        code="billing", name="Billing", site=centre.site, parent=centre, supervisors=[billing_supervisor]
    )


def agent_with_login(name: str, number: str, team: Team) -> Agent:
    """An agent who signs in under the lower-case surname."""
    first, last = name.split()
    user = UserFactory(username=last.lower(), first_name=first, last_name=last, roles=[Role.AGENT])
    return AgentFactory(name=name, employee_number=number, platform_login=last.lower(), user=user, team=team)


@pytest.fixture
def chen(refunds: Team) -> Agent:
    return agent_with_login("Lin Chen", "E1001", refunds)


@pytest.fixture
def zhao(refunds: Team) -> Agent:
    return agent_with_login("Mei Zhao", "E1002", refunds)


@pytest.fixture
def smit(billing: Team) -> Agent:
    return agent_with_login("Jan Smit", "E2001", billing)


@pytest.fixture
def refunds_line(refunds: Team) -> Queue:
    return QueueFactory(code="refunds-line", name="Refunds line", site=refunds.site, owner_team=refunds)


@pytest.fixture
def billing_line(billing: Team) -> Queue:
    return QueueFactory(code="billing-line", name="Billing line", site=billing.site, owner_team=billing)


@pytest.fixture
def reason(db) -> Reason:
    return ReasonFactory(code="refund", name="Refund")


@pytest.fixture
def source(site: Site) -> Source:
    """Where the contacts come from."""
    return SourceFactory(name="calls", site=site)


@pytest.fixture
def cast(
    director: User,
    qa_analyst: User,
    refunds_supervisor: User,
    billing_supervisor: User,
    shopper: User,
    administrator: User,
    api_client_user: User,
    nobody: User,
    chen: Agent,
    zhao: Agent,
    smit: Agent,
    refunds_evening: Team,
) -> dict[str, User]:
    """Everyone who signs in, by name of their fixture."""
    return {
        "director": director,
        "qa_analyst": qa_analyst,
        "refunds_supervisor": refunds_supervisor,
        "billing_supervisor": billing_supervisor,
        "shopper": shopper,
        "administrator": administrator,
        "api_client_user": api_client_user,
        "nobody": nobody,
        "chen": chen.user,
        "zhao": zhao.user,
        "smit": smit.user,
    }
