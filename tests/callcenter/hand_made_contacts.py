"""Three calls of one Monday, and a token to compute and read their KPIs with, which is printed.

120 s, 200 s and 280 s of talk, and nothing else: AHT (120 + 200 + 280) ÷ 3 = 200 s.
"""

from decimal import Decimal

import django

django.setup()

from interactions.services import mark_days  # noqa: E402
from people.models import Role  # noqa: E402
from people.tokens.services import create_token  # noqa: E402
from tests.factories import AgentFactory, ContactFactory, QueueFactory, TeamFactory, UserFactory  # noqa: E402

team = TeamFactory(code="refunds", name="Refunds")
agent = AgentFactory(team=team)
queue = QueueFactory(site=team.site, owner_team=team)
contacts = [
    ContactFactory(queue=queue, agent=agent, talk_seconds=Decimal(talk), wrap_seconds=0) for talk in (120, 200, 280)
]
mark_days(contact.day for contact in contacts)
director = UserFactory(username="diana", roles=[Role.DIRECTOR, Role.ADMINISTRATOR])
_, text = create_token(name="reader", user=director, scopes=["read:kpis", "admin:runs"], days=1, by=director)
print(text)  # noqa: T201 - the test reads it here
