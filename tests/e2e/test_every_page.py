"""Each role over each of its pages, in both languages, in light and dark, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from callcenter.reports.models import Delivery, ReportSchedule
from people.models import Agent, Team, User
from tests.factories import MONDAY_NOON

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LEADERS_PAGES = {
    "home",
    "kpis:team_list",
    "kpis:team_detail",
    "kpis:agent_list",
    "kpis:agent_detail",
    "kpis:queue_list",
    "kpis:queue_detail",
    "kpis:catalogue",
    "kpis:kpi_detail",
    "kpis:rows_behind",
    "wallboard:choice",
    "wallboard:team",
    "wallboard:queue",
    "kpis:explore",
    "kpis:view_create",
    "interactions:contact_list",
    "interactions:contact_detail",
    "people:account",
    "people:password_change",
    "tokens:list",
}
CENTRES_PAGES = LEADERS_PAGES | {"kpis:centre", "kpis:run_list", "kpis:run_detail", "data_health:health"}
REPORTS_PAGES = {"reports:list", "reports:create", "reports:detail", "reports:edit", "reports:delete"}
DATA_PAGES = {
    "interactions:import_list",
    "interactions:source_list",
    "interactions:import_create",
    "people:import",
    "styleguide",
}
AGENTS_PAGES = LEADERS_PAGES - {
    "kpis:team_list",
    "kpis:team_detail",
    "kpis:agent_list",
    "kpis:queue_list",
    "kpis:queue_detail",
    "wallboard:choice",
    "wallboard:team",
    "wallboard:queue",
}


@pytest.fixture
def a_report(cast: dict[str, User], refunds: Team) -> ReportSchedule:
    """The report of a team, on its way once."""
    schedule = ReportSchedule.objects.create(team=refunds, next_at=MONDAY_NOON)
    schedule.recipients.add(cast["director"])
    Delivery.objects.create(schedule=schedule, recipient=cast["director"], due_at=MONDAY_NOON, state="sent")
    return schedule


ROLES = {
    "director": CENTRES_PAGES | REPORTS_PAGES,
    "qa_analyst": CENTRES_PAGES,
    "administrator": CENTRES_PAGES | DATA_PAGES,
    "refunds_supervisor": LEADERS_PAGES | REPORTS_PAGES,
    "chen": AGENTS_PAGES,
    "shopper": {"home", "kpis:catalogue", "kpis:kpi_detail"},
}


@pytest.fixture
def pictures(pytestconfig: pytest.Config) -> Path:
    """Where the pages' pictures are left, for who wants to see them all."""
    return Path(pytestconfig.getoption("--output")).absolute() / "pages"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("who", ROLES)
def test_nothing_stumbles_on_the_way_over_every_page(
    who: str, language: str, cast: dict[str, User], a_week, a_report, travel: Callable, pictures: Path
) -> None:
    """No console error, nothing refused by the policy, no axe finding, no page wider than the window, no name of a
    stranger."""
    journey = travel(cast[who], language=language)
    journey.strangers = strangers_to(cast[who])
    journey.pictures = pictures / f"{who}-{language}"
    journey.pictures.mkdir(parents=True, exist_ok=True)

    journey.walk()

    assert journey.findings == []
    assert ROLES[who] - journey.seen.keys() == set()


def strangers_to(viewer: User) -> list[str]:
    """The agents whom a person is not to know."""
    known = Agent.objects.visible_to(viewer)
    return list(Agent.objects.exclude(pk__in=known).values_list("name", flat=True))
