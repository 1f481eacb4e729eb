"""Which scopes a user holds by their roles."""

from __future__ import annotations

from people.models import Role, User
from people.tokens.models import Scope

# Reading, and keeping views of one's own of what one reads.
READERS = frozenset({Scope.READ_KPIS, Scope.WRITE_VIEWS, Scope.READ_CONTACTS, Scope.READ_PEOPLE})

SCOPES_OF_ROLE: dict[Role, frozenset[Scope]] = {
    Role.AGENT: READERS,
    Role.SUPERVISOR: READERS,
    Role.QA_ANALYST: READERS,
    Role.DIRECTOR: READERS,
    Role.ADMINISTRATOR: frozenset(Scope),
}


def scopes_of(user: User) -> frozenset[Scope]:
    """Everything this user may do through the API; rows are narrowed further by `visible_to`."""
    held = [scopes for role, scopes in SCOPES_OF_ROLE.items() if user.has_role(role)]
    return frozenset().union(*held)
