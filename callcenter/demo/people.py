"""Writes the cast and the structure: users, sites, teams, queues, reasons, agents, skills, memberships, targets."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from callcenter.demo.cast import AGENT_LOGINS, LEADERS, PASSWORD, AgentPlan, Cast
from callcenter.demo.centre import QUEUES, REASONS, SITES, TEAM, TEAMS, site_of
from callcenter.demo.span import Span
from interactions.models import Source
from interactions.services.rules import set_queue_rules
from kpis.models import Target
from people.models import Agent, AgentSkill, Membership, Queue, Reason, Role, Site, Skill, Team, User
from people.services import create_queue, create_user

SKILLS = {
    "refunds": ("Refunds", "Billing"),
    "billing": ("Billing",),
    "orders": ("Orders", "Technical"),
    "technical": ("Technical", "Orders"),
    "chat": ("Chat", "Technical"),
    "mail": ("Writing", "Billing"),
    "sales": ("Selling",),
    "back-office": ("Writing", "Refunds"),
}
GRADES = ("Junior agent", "Agent", "Senior agent")

# KPI, value for the centre, tolerance, and where a team aims at something else.
TARGETS: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("service_level", "0.8", "0.02", {}),
    ("average_handle_time", "440", "10", {
        "refunds": "345", "billing": "345", "orders": "330", "technical": "450",
        "chat": "555", "mail": "460", "back-office": "1150", "sales": "390",
    }),
    ("first_contact_resolution", "0.75", "0.02", {}),
    ("csat", "0.85", "0.02", {"back-office": "0.8"}),
    ("nps", "0.3", "0.05", {}),
    ("ces", "5.6", "0.1", {}),
    ("abandonment_rate", "0.05", "0.01", {"chat": "0.1"}),
    ("average_speed_of_answer", "30", "5", {"chat": "60"}),
    ("average_response_time", "57600", "3600", {"back-office": "86400"}),
    ("adherence", "0.94", "0.02", {}),
    ("overdue_rate", "0.1", "0.02", {}),
    ("cost_per_contact", "5.4", "0.2", {
        "refunds": "2.8", "billing": "2.9", "orders": "6", "technical": "7.5",
        "chat": "9.2", "mail": "6.4", "back-office": "6", "sales": "3.2",
    }),
    ("conversion_rate", "0.1", "0.01", {}),
)  # fmt: skip
# Who aims at what not everybody can: calls and chats are answered at once, letters within hours, offers are made.
ANSWERING = {"refunds", "billing", "orders", "technical", "chat"}
WRITING = {"mail", "back-office"}
ONLY_FOR = {
    "service_level": ANSWERING | WRITING,
    "first_contact_resolution": ANSWERING | WRITING,
    "csat": ANSWERING | WRITING,
    "nps": ANSWERING | WRITING,
    "ces": ANSWERING | WRITING,
    "abandonment_rate": ANSWERING,
    "average_speed_of_answer": ANSWERING,
    "average_response_time": WRITING,
    "overdue_rate": {"back-office"},
    "conversion_rate": {"sales"},
}
# In the centre as a whole, offers would mix with calls for an order.
ONLY_BY_TEAM = {"conversion_rate"}


@dataclass(frozen=True)
class Structure:
    """The rows that facts point to, by their place in the plans."""

    sites: dict[str, Site]
    teams: dict[str, Team]
    queues: list[Queue]
    reasons: list[Reason]
    agents: list[Agent]


def create_structure(span: Span, cast: Cast) -> Structure:
    """Write everything that is not a fact."""
    users = create_users()
    sites = {
        plan.code: Site.objects.create(
            code=plan.code,
            name=plan.name,
            time_zone=plan.time_zone,
            country=plan.country,
            subdivision=plan.subdivision,
            working_weekdays=[0, 1, 2, 3, 4, 5],
        )
        for plan in SITES
    }
    teams = create_teams(sites, users)
    queues = create_queues(span, sites, teams)
    reasons = [Reason.objects.create(code=code, name=name) for code, name in REASONS.items()]
    agents = create_agents(cast, teams, users)
    create_targets(span, teams)
    return Structure(sites, teams, queues, reasons, agents)


# A name that leads nowhere (RFC 2606): no mail of a demo reaches anybody.
MAIL_DOMAIN = "example.org"


def create_users() -> dict[str, User]:
    """Everybody who signs in, all with the one documented password."""
    users = {
        username: create_user(
            username=username,
            password=PASSWORD,
            by=None,
            first_name=first,
            last_name=last,
            email=f"{username}@{MAIL_DOMAIN}",
            roles=map(Role, roles),
        )
        for username, first, last, roles in LEADERS
    }
    for name, username in AGENT_LOGINS.items():
        first, last = name.split(" ", 1)
        users[username] = create_user(
            username=username, password=PASSWORD, by=None, first_name=first, last_name=last, roles=[Role.AGENT]
        )
    administrator = users["admin"]
    administrator.is_staff = administrator.is_superuser = True
    administrator.save()
    return users


def create_teams(sites: dict[str, Site], users: dict[str, User]) -> dict[str, Team]:
    """The tree of teams, each with its supervisor."""
    teams: dict[str, Team] = {}
    for plan in TEAMS:
        parent = teams[plan.parent] if plan.parent else None
        team = Team.objects.create(code=plan.code, name=plan.name, site=sites[plan.site], parent=parent)
        if plan.supervisor:
            team.supervisors.add(users[plan.supervisor])
        teams[plan.code] = team
    return teams


def create_queues(span: Span, sites: dict[str, Site], teams: dict[str, Team]) -> list[Queue]:
    """The queues with their thresholds; one changed half a year before the end."""
    queues = []
    for plan in QUEUES:
        queue = create_queue(
            code=plan.code,
            name=plan.name,
            site=sites[site_of(plan)],
            by=None,
            channel=plan.channel,
            line_of_business=plan.line_of_business,
            owner_team=teams[plan.team],
            service_level_seconds=plan.threshold,
            service_level_target=Decimal(plan.target),
        )
        if plan.new_threshold:
            set_queue_rules(queue, valid_from=span.new_threshold_day, by=None, service_level_seconds=plan.new_threshold)
        queues.append(queue)
    return queues


def create_agents(cast: Cast, teams: dict[str, Team], users: dict[str, User]) -> list[Agent]:
    """The agents with their skills and their teams over time."""
    skills = {
        name: Skill.objects.create(name=name) for name in sorted({name for names in SKILLS.values() for name in names})
    }
    first_team = {stint.agent: stint.team for stint in reversed(cast.stints)}
    agents = []
    for index, plan in enumerate(cast.agents):
        agent = Agent.objects.create(
            employee_number=plan.number,
            name=plan.name,
            user=users.get(AGENT_LOGINS.get(plan.name, "")),
            hired_on=plan.hired_on,
            left_on=plan.left_on,
            grade=GRADES[plan.level],
            hourly_cost=Decimal(str(plan.hourly_cost)),
        )
        give_skills(agent, plan, SKILLS[first_team[index]], skills)
        agents.append(agent)
    for stint in cast.stints:
        Membership.objects.create(
            agent=agents[stint.agent], team=teams[stint.team], starts_on=stint.starts_on, ends_on=stint.ends_on
        )
    return agents


def give_skills(agent: Agent, plan: AgentPlan, names: tuple[str, ...], skills: dict[str, Skill]) -> None:
    """The first skill at the level of the grade, the others one below."""
    for place, name in enumerate(names):
        level = max(plan.level + 1 - place, 1)
        AgentSkill.objects.create(agent=agent, skill=skills[name], level=AgentSkill.Level(level))


def create_targets(span: Span, teams: dict[str, Team]) -> None:
    """What the main KPIs should reach: in the centre, and in each team."""
    start = dt.date(span.start.year, 1, 1)
    working = [code for code, plan in TEAM.items() if plan.queues]
    rows = []
    for kpi, value, tolerance, others in TARGETS:
        if kpi not in ONLY_BY_TEAM:
            rows.append(Target(kpi=kpi, starts_on=start, value=value, tolerance=tolerance))
        rows += [
            Target(kpi=kpi, team=teams[code], starts_on=start, value=others.get(code, value), tolerance=tolerance)
            for code in working
            if code in ONLY_FOR.get(kpi, working)
        ]
    Target.objects.bulk_create(rows)


def create_sources(site: Site) -> dict[str, Source]:
    """Where the demo's facts come from, one source per kind of fact."""
    contacts = Source.objects.create(name="demo", site=site, fact=Source.Fact.CONTACTS)
    sources = {"contacts": contacts}
    for fact in (Source.Fact.STATES, Source.Fact.SHIFTS):
        sources[str(fact)] = Source.objects.create(name=f"demo-{fact}", site=site, fact=fact)
    for fact in (Source.Fact.SURVEYS, Source.Fact.COMPLAINTS):
        sources[str(fact)] = Source.objects.create(name=f"demo-{fact}", site=site, fact=fact, contacts_source=contacts)
    return sources
