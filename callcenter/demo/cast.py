"""Who works here: agents, their teams over time, and how well each does. Plain values; `people.py` writes them."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

import numpy as np

from callcenter.demo.centre import TEAM
from callcenter.demo.span import Span

PASSWORD = "callcenter-demo"  # noqa: S105 — printed and documented; the demo never shares a database with real data

# People who sign in: user name, first name, last name, roles.
LEADERS = (
    ("director", "Helena", "Brandt", ["director"]),
    ("qa", "Tomás", "Ferreira", ["qa_analyst"]),
    ("admin", "Ingrid", "Solheim", ["administrator"]),
    ("shopper", "Joan", "Castell", ["shopper"]),
    ("s.dlamini", "S.", "Dlamini", ["supervisor"]),
    ("m.govender", "M.", "Govender", ["supervisor"]),
    ("h.whitaker", "H.", "Whitaker", ["supervisor"]),
    ("a.kowalska", "A.", "Kowalska", ["supervisor"]),
    ("r.patel", "R.", "Patel", ["supervisor"]),
    ("f.okafor", "F.", "Okafor", ["supervisor"]),
    ("t.mokoena", "T.", "Mokoena", ["supervisor"]),
    ("j.vandermerwe", "J.", "van der Merwe", ["supervisor"]),
)
AGENT_LOGINS = {
    "Chen Wei": "chen.wei",
    "Zhao Min": "zhao.min",
    "P. Smit": "p.smit",
    "Fatima Ismail": "fatima.ismail",
    "Amara Nwosu": "amara.nwosu",
}

NAMES = {
    "refunds": ("Chen Wei", "Zhao Min", "P. Smit", "Liu Yan", "S. Naidoo", "Nomsa Khumalo", "Ayanda Zulu",
                "Lerato Molefe", "K. Pillay", "Themba Ndlovu", "Fatima Ismail"),
    "billing": ("Priya Reddy", "J. Botha", "Sipho Mthembu", "Anika de Wet", "Farid Hassan", "Zanele Cele",
                "D. Moodley", "Grace Banda"),
    "orders": ("Oliver Hughes", "Maria Santos", "Jakub Nowak", "Amelia Clarke", "Yusuf Demir", "Bronwyn Rees",
               "Daniel Osei", "Elif Kaya", "Callum Fraser"),
    "technical": ("Ewa Zielińska", "Ravi Menon", "George Barker", "Lukas Vogel", "Aisha Rahman", "Tom Ashworth",
                  "Nadia Petrova", "Samuel Boateng"),
    "chat": ("Sofia Rossi", "Hannah Price", "Li Na", "Omar Farouk", "Katie Doyle", "Mateus Lima", "Ines Moreau",
             "Arjun Shah"),
    "mail": ("Wang Fang", "Peter Lund", "Chloé Martin", "Adeola Bello", "Rosa Jiménez", "Niamh Kelly"),
    "sales": ("Kagiso Dube", "Marco Bianchi", "Thandi Nkosi", "R. Coetzee", "Busisiwe Sithole", "Leon Jacobs",
              "Amara Nwosu"),
    "back-office": ("Hendrik Vos", "Nandi Mkhize", "Yumi Tanaka", "L. Chetty", "Bongani Radebe", "Sarah Adams"),
}  # fmt: skip

NEWCOMER = "Fatima Ismail"  # story 3
FEW_ANSWERS = "S. Naidoo"  # story 4
LOW_RESOLUTION = "Zhao Min"  # story 5
LEARNING_WEEKS = 12
NEWCOMER_WEEKS = 16
FEW_ANSWERS_WEEKS = 10

UNRESOLVED = 0.248  # share of contacts after which the customer comes back, for an ordinary agent and reason
KNOWN = {  # unresolved share and pace of the agents that the documentation names
    "Chen Wei": (0.235, 1.01),
    "Zhao Min": (0.405, 1.05),
    "P. Smit": (0.2, 0.95),
    "Liu Yan": (0.262, 1.06),
    "S. Naidoo": (0.22, 0.98),
    "Fatima Ismail": (0.22, 0.98),
}
GRADES = ("Junior agent", "Agent", "Senior agent")
HOURLY = {"leeds": (13.4, 15.2, 17.6), "durban": (6.1, 7.4, 9.2)}


@dataclass(frozen=True)
class Stint:
    """An agent in one team, from a day up to, but without, another; what the floor knows as one worker."""

    agent: int
    team: str
    starts_on: dt.date
    ends_on: dt.date | None


@dataclass(frozen=True)
class AgentPlan:
    """One agent: pace multiplies handle time, charm moves survey answers, response their number."""

    number: str
    name: str
    hired_on: dt.date
    left_on: dt.date | None
    level: int
    hourly_cost: float
    hours: str
    pace: float
    unresolved: float
    charm: float
    response: float
    learns: bool


@dataclass(frozen=True)
class Cast:
    agents: tuple[AgentPlan, ...]
    stints: tuple[Stint, ...]

    def pace(self, days: np.ndarray) -> np.ndarray:
        """Handle-time factor per agent (row) and day (column)."""
        return np.stack([agent.pace * (1 + 0.55 * inexperience(agent, days)) for agent in self.agents])

    def unresolved(self, days: np.ndarray) -> np.ndarray:
        """Share of unresolved contacts per agent (row) and day (column)."""
        return np.stack([agent.unresolved * (1 + 1.15 * inexperience(agent, days)) for agent in self.agents])


def inexperience(agent: AgentPlan, days: np.ndarray) -> np.ndarray:
    """1 on the first day, falling in a straight line to 0 after twelve weeks; 0 for who has long been here."""
    if not agent.learns:
        return np.zeros(len(days))
    weeks = (days.astype("datetime64[D]") - np.datetime64(agent.hired_on)).astype(int) / 7
    return np.clip(1 - weeks / LEARNING_WEEKS, 0, 1)


def employment(span: Span) -> dict[str, tuple[dt.date | None, dt.date | None]]:
    """Who joined or left within the last year: (hired on, left on)."""
    return {
        NEWCOMER: (span.back(NEWCOMER_WEEKS), None),
        FEW_ANSWERS: (span.back(FEW_ANSWERS_WEEKS), None),
        "Arjun Shah": (span.back(30), None),
        "Amara Nwosu": (span.back(22), None),
        "Themba Ndlovu": (None, span.back(15)),
        "Mateus Lima": (None, span.back(33)),
        "Leon Jacobs": (None, span.back(21)),
        "Grace Banda": (None, span.back(41)),
    }


def moves(span: Span) -> dict[str, tuple[str, dt.date]]:
    """Who changed team: to which, and when."""
    return {"Zanele Cele": ("refunds", span.back(24)), "Katie Doyle": ("mail", span.back(18))}


def gather_cast(span: Span) -> Cast:
    """Everybody, with their teams over time. The same seed gives the same people."""
    random = span.random(2)
    joins, changes = employment(span), moves(span)
    agents: list[AgentPlan] = []
    stints: list[Stint] = []
    for team, names in NAMES.items():
        for name in names:
            hired, left = joins.get(name, (None, None))
            agent = draw_agent(len(agents), name, team, span=span, hired=hired, left=left, random=random)
            if name in changes:
                other, day = changes[name]
                stints += [Stint(len(agents), team, agent.hired_on, day), Stint(len(agents), other, day, left)]
            else:
                stints.append(Stint(len(agents), team, agent.hired_on, left))
            agents.append(agent)
    return Cast(tuple(agents), tuple(stints))


def draw_agent(
    index: int,
    name: str,
    team: str,
    *,
    span: Span,
    hired: dt.date | None,
    left: dt.date | None,
    random: np.random.Generator,
) -> AgentPlan:
    """One agent; every one uses the same amount of chance, so that a new name changes nobody else."""
    level = int(random.choice(3, p=(0.25, 0.5, 0.25)))
    years = random.uniform(0.3, 8)
    pace, unresolved = random.normal(0, 0.05), random.normal(0, 0.012)
    charm, response = random.normal(0, 0.16), random.uniform(0.09, 0.125)
    known = KNOWN.get(name, (UNRESOLVED + unresolved, (1.07, 1.0, 0.94)[level] + pace))
    is_new = hired is not None
    return AgentPlan(
        number=f"E{1001 + index}",
        name=name,
        hired_on=hired or span.start - dt.timedelta(days=int(365 * years)),
        left_on=left,
        level=0 if is_new else level,
        hourly_cost=round(HOURLY[TEAM[team].site][0 if is_new else level] + round(random.uniform(0, 0.8), 1), 2),
        hours="few" if name == FEW_ANSWERS else "short" if index % 5 in (1, 3) and name not in KNOWN else "full",
        pace=known[1],
        unresolved=known[0],
        charm=1.9 if name == FEW_ANSWERS else charm,
        response=0.025 if name == FEW_ANSWERS else response,
        learns=name == NEWCOMER,
    )


def customer_number(seed: int, index: np.ndarray) -> np.ndarray:
    """Customers as the product keeps them: 64 bits that lead back to nobody."""
    key = hashlib.blake2b(f"demo customers {seed}".encode(), digest_size=8).digest()
    return np.random.default_rng(int.from_bytes(key)).integers(-(2**63), 2**63 - 1, int(index.max()) + 1)[index]
