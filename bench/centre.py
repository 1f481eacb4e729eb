"""A centre as large as its contacts need, and a year of them as CSV. Always the same.

An agent takes 10,000 contacts a year, so ten million need 1,000 agents: 20 queues of four teams with 50 agents.

The last day has 100,000 contacts whatever the size: on it a day is measured.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from interactions.models import Source
from people.models import Agent, Membership, Queue, QueueRules, Reason, Role, Site, Team, User

REASONS = 12
TEAMS_A_QUEUE, AGENTS_A_QUEUE, CONTACTS_A_QUEUE = 4, 50, 500_000
FEWEST_QUEUES, MOST_QUEUES = 2, 20
BUSIEST = 100_000
LAST_DAY = dt.date(2025, 6, 30)
DAYS = 365
FIRST_DAY = LAST_DAY - dt.timedelta(days=DAYS - 1)
WEEKDAYS = np.array([1.3, 1.15, 1.05, 1.0, 1.05, 0.55, 0.4])
CONTACTS_PER_CUSTOMER = 3


def queues_for(size: int) -> int:
    """How many queues, and so teams and agents, a year of ``size`` contacts needs."""
    return min(max(size // CONTACTS_A_QUEUE, FEWEST_QUEUES), MOST_QUEUES)


def make_centre(size: int) -> None:
    """People, structure and the source. The director reads everything."""
    queues = queues_for(size)
    count = queues * TEAMS_A_QUEUE
    site = Site.objects.create(code="bench", name="Bench", time_zone="Europe/Berlin", country="DE")
    centre = Team.objects.create(code="centre", name="Centre", site=site)
    teams = [Team.objects.create(code=f"t{n:02}", name=f"Team {n}", site=site, parent=centre) for n in range(count)]
    agents = Agent.objects.bulk_create(
        Agent(employee_number=f"a{n:04}", name=f"Agent {n}", hired_on=FIRST_DAY) for n in range(queues * AGENTS_A_QUEUE)
    )
    Membership.objects.bulk_create(
        Membership(agent=agent, team=teams[n % count], starts_on=FIRST_DAY) for n, agent in enumerate(agents)
    )
    for n in range(queues):
        queue = Queue.objects.create(code=f"q{n:02}", name=f"Queue {n}", site=site, owner_team=teams[n])
        QueueRules.objects.create(queue=queue)
    Reason.objects.bulk_create(Reason(code=f"r{n:02}", name=f"Reason {n}") for n in range(REASONS))
    Source.objects.create(name="bench", site=site)
    User.objects.create(username="director", roles=[Role.DIRECTOR])


def write_contacts(file: Path, size: int) -> None:
    """``size`` contacts, day by day, with season, weekday, two peaks a day, and customers who come back.

    Of a small size the busy last day is a tenth.
    """
    random = np.random.default_rng(20_250_630)
    days = [FIRST_DAY + dt.timedelta(days=n) for n in range(DAYS)]
    usual = days[:-1]
    weights = np.array([WEEKDAYS[day.weekday()] * (1 + 0.15 * np.sin(day.timetuple().tm_yday / 58)) for day in usual])
    busiest = min(BUSIEST, size // 10)
    # Every contact belongs to one day: the counts add up to the size.
    ends = [*np.round(np.cumsum(weights) / weights.sum() * (size - busiest)).astype(int), size]
    writer = None
    for day, start, end in zip(days, [0, *ends[:-1]], ends, strict=True):
        rows = _one_day(
            random,
            day,
            int(start),
            int(end - start),
            queues=queues_for(size),
            customers=max(size // CONTACTS_PER_CUSTOMER, 1),
        )
        writer = writer or csv.CSVWriter(file, rows.schema)
        writer.write_table(rows)
    if writer:
        writer.close()


def _one_day(random: np.random.Generator, day: dt.date, first: int, n: int, *, queues: int, customers: int) -> pa.Table:
    midnight = np.datetime64(day, "s")
    is_morning = random.random(n) < 0.55
    hours = np.where(is_morning, random.normal(9.5, 1.3, n), random.normal(14.5, 2.0, n)).clip(5, 19.9)
    offered = np.sort(midnight + (hours * 3600).astype("timedelta64[s]"))
    queue = (queues * random.random(n) ** 1.6).astype(int)
    # Four teams serve a queue, so 50 agents; an agent's number says which.
    agent = queue + queues * random.integers(0, AGENTS_A_QUEUE, n)
    wait = random.exponential(25, n)
    is_answered = random.random(n) > 0.03 + 0.3 * (wait > 60)
    has_hold = random.random(n) < 0.15
    columns = {
        "external_id": [f"c{number:09}" for number in range(first, first + n)],
        "offered_at": [f"{moment}Z" for moment in np.datetime_as_string(offered)],
        "channel": np.full(n, "voice"),
        "queue": [f"q{number:02}" for number in queue],
        "agent": [f"a{number:04}" if answered else "" for number, answered in zip(agent, is_answered, strict=True)],
        "reason": [f"r{number:02}" for number in (queue + random.integers(0, 3, n)) % REASONS],
        "customer": [f"+49301{number:09}" for number in (customers * random.random(n) ** 1.5).astype(int)],
        "outcome": np.where(is_answered, "answered", "abandoned"),
        "wait_seconds": wait.round(),
        "talk_seconds": np.where(is_answered, random.lognormal(5.1, 0.6, n), 0).round(1),
        "hold_seconds": np.where(is_answered & has_hold, random.exponential(40, n), 0).round(1),
        "wrap_seconds": np.where(is_answered, random.lognormal(3.2, 0.7, n), 0).round(1),
        "is_transferred": np.where(is_answered & (random.random(n) < 0.07), "true", "false"),
    }
    return pa.table(columns)
