"""The pages of the demo centre's thirteen months, as each role opens them."""

from __future__ import annotations

import datetime as dt
import io

from django.core.management import call_command
from django.urls import reverse

from kpis.horizon import horizon
from people.models import Agent, Queue, Team

YEAR = dt.timedelta(days=364)


def load() -> None:
    """Make the demo centre and compute its KPIs."""
    call_command("demo", stdout=io.StringIO())


def pages() -> list[tuple[str, str, str]]:
    """Who opens what: login, name of the page, address."""
    last = horizon()
    assert last  # the demo has data
    year = f"?from={last - YEAR}&to={last}"
    team = reverse("kpis:team_detail", args=[Team.objects.get(code="refunds").pk])
    agent = reverse("kpis:agent_detail", args=[Agent.objects.get(name="Zhao Min").pk])
    queue = reverse("kpis:queue_detail", args=[Queue.objects.get(code="refunds").pk])
    kpi = reverse("kpis:kpi_detail", args=["service_level"])
    return [
        ("director", "home", reverse("home")),
        ("director", "centre", reverse("kpis:centre")),
        ("director", "centre, a year", reverse("kpis:centre") + year),
        ("director", "teams", reverse("kpis:team_list")),
        ("director", "queue, a year", queue + year),
        ("director", "KPI, a year", kpi + year),
        ("director", "explore", reverse("kpis:explore")),
        ("director", "contacts", reverse("interactions:contact_list")),
        ("director", "data health", reverse("data_health:health")),
        ("s.dlamini", "home", reverse("home")),
        ("s.dlamini", "team", team),
        ("s.dlamini", "team, a year", team + year),
        ("zhao.min", "home", reverse("home")),
        ("zhao.min", "agent", agent),
        ("zhao.min", "agent, a year", agent + year),
    ]
