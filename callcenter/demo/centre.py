"""The centre itself: sites, teams, queues, reasons. Plain values; `people.py` writes them."""

from __future__ import annotations

from dataclasses import dataclass

from people.models import Channel

MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)
MONDAY_TO_SATURDAY = (*MONDAY_TO_FRIDAY, 5)
LIVE = (Channel.VOICE, Channel.CHAT)
WRITTEN = (Channel.EMAIL, Channel.TICKET)


@dataclass(frozen=True)
class SitePlan:
    code: str
    name: str
    time_zone: str
    country: str
    subdivision: str


SITES = (
    SitePlan("leeds", "Leeds", "Europe/London", "GB", "ENG"),
    SitePlan("durban", "Durban", "Africa/Johannesburg", "ZA", ""),
)

REASONS = {
    "refund": "Refund",
    "return": "Return",
    "invoice": "Invoice question",
    "payment": "Payment problem",
    "delivery": "Late delivery",
    "order_status": "Order status",
    "new_order": "New order",
    "fault": "Fault",
    "setup": "Set-up help",
    "account": "Account and password",
    "cancellation": "Cancellation",
}
# An offer is the centre's own doing: outbound contacts carry no reason.
OFFER = "offer"
REASON_CODES = (*REASONS, OFFER)
# How much harder than usual it is to settle a reason at once.
HARDER = {"fault": 1.25, "delivery": 1.12, "refund": 1.0, "order_status": 0.82, "account": 0.72, "new_order": 0.6}


@dataclass(frozen=True)
class TeamPlan:
    """A team or, without queues, a group of teams. ``shifts`` are (start, length) in hours of the site's clock."""

    code: str
    name: str
    site: str
    parent: str | None = None
    supervisor: str = ""
    queues: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = MONDAY_TO_SATURDAY
    shifts: tuple[tuple[float, float], ...] = ()
    short_shifts: tuple[tuple[float, float], ...] = ()


EARLY_TO_LATE = ((7.75, 8.5), (8.75, 8.5), (9.5, 8.5), (10.5, 8.5))
SHORT_DAYS = ((7.75, 5), (9.75, 5), (14, 5))
OFFICE_HOURS = ((7.5, 8.5), (8.5, 8.5), (9.5, 8.5))

TEAMS = (
    TeamPlan("centre", "Customer Service Centre", "leeds"),
    TeamPlan("accounts", "Returns and Accounts", "durban", "centre"),
    TeamPlan("products", "Orders and Products", "leeds", "centre"),
    TeamPlan("digital", "Digital Service", "leeds", "centre"),
    TeamPlan("growth", "Sales and Back Office", "durban", "centre"),
    TeamPlan(
        "refunds", "Refunds team", "durban", "accounts", "s.dlamini",
        ("refunds",), ("billing",), MONDAY_TO_SATURDAY, EARLY_TO_LATE, SHORT_DAYS,
    ),
    TeamPlan(
        "billing", "Billing team", "durban", "accounts", "m.govender",
        ("billing",), (), MONDAY_TO_SATURDAY, EARLY_TO_LATE, SHORT_DAYS,
    ),
    TeamPlan(
        "orders", "Orders team", "leeds", "products", "h.whitaker",
        ("orders",), ("technical",), MONDAY_TO_SATURDAY, EARLY_TO_LATE, SHORT_DAYS,
    ),
    TeamPlan(
        "technical", "Technical team", "leeds", "products", "a.kowalska",
        ("technical",), ("orders",), MONDAY_TO_SATURDAY, EARLY_TO_LATE, SHORT_DAYS,
    ),
    TeamPlan(
        "chat", "Chat team", "leeds", "digital", "r.patel",
        ("chat-orders", "chat-technical"), (), MONDAY_TO_SATURDAY, EARLY_TO_LATE, SHORT_DAYS,
    ),
    TeamPlan(
        "mail", "E-mail team", "leeds", "digital", "f.okafor",
        ("mail-service", "mail-accounts"), (), MONDAY_TO_FRIDAY, OFFICE_HOURS, ((8, 5), (12, 5)),
    ),
    TeamPlan(
        "sales", "Sales team", "durban", "growth", "t.mokoena",
        ("offers",), (), MONDAY_TO_FRIDAY, ((9, 8.5), (10.5, 8.5)), ((9, 5), (14, 5)),
    ),
    TeamPlan(
        "back-office", "Back Office team", "durban", "growth", "j.vandermerwe",
        ("return-cases", "repair-cases"), (), MONDAY_TO_FRIDAY, OFFICE_HOURS, ((8, 5), (12, 5)),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class QueuePlan:
    """A queue. ``reasons``: (share, seconds of conversation); ``volume``: new contacts on an ordinary working day."""

    code: str
    name: str
    channel: Channel
    line_of_business: str
    team: str
    volume: float
    wrap: float
    reasons: dict[str, tuple[float, float]]
    peak_day: int = 345
    season: float = 0.08
    opens: float = 8
    closes: float = 19
    weekdays: tuple[int, ...] = MONDAY_TO_SATURDAY
    patience: float = 330
    threshold: int = 20
    target: str = "0.8"
    transfers_to: tuple[str, ...] = ()
    calls_next: str = ""
    monday_morning: float = 1
    new_threshold: int | None = None


QUEUES = (
    QueuePlan(
        "refunds", "Refunds", Channel.VOICE, "Returns", "refunds", 150, 68,
        {"refund": (0.66, 265), "return": (0.22, 236), "cancellation": (0.12, 234)},
        peak_day=8, season=0.1, monday_morning=1.2, transfers_to=("billing", "return-cases"),
    ),
    QueuePlan(
        "billing", "Billing", Channel.VOICE, "Accounts", "billing", 102, 66,
        {"invoice": (0.42, 268), "payment": (0.33, 290), "account": (0.25, 205)},
        peak_day=25, season=0.06, transfers_to=("refunds", "return-cases"),
    ),
    QueuePlan(
        "orders", "Orders and delivery", Channel.VOICE, "Orders", "orders", 150, 52,
        {"order_status": (0.36, 205), "delivery": (0.34, 280), "new_order": (0.18, 330), "cancellation": (0.12, 235)},
        peak_day=345, season=0.11, transfers_to=("technical",), new_threshold=30,
    ),
    QueuePlan(
        "technical", "Technical support", Channel.VOICE, "Products", "technical", 97, 78,
        {"fault": (0.5, 415), "setup": (0.36, 385), "account": (0.14, 230)},
        peak_day=12, season=0.09, transfers_to=("orders", "repair-cases"), patience=360, threshold=30,
    ),
    QueuePlan(
        "chat-orders", "Chat: orders", Channel.CHAT, "Orders", "chat", 52, 30,
        {"order_status": (0.5, 430), "delivery": (0.32, 520), "account": (0.18, 410)},
        peak_day=345, patience=480, threshold=60, calls_next="orders",
    ),
    QueuePlan(
        "chat-technical", "Chat: technical", Channel.CHAT, "Products", "chat", 33, 36,
        {"setup": (0.55, 590), "fault": (0.45, 660)},
        peak_day=12, patience=480, threshold=60, calls_next="technical",
    ),
    QueuePlan(
        "mail-service", "E-mail: service", Channel.EMAIL, "Orders", "mail", 74, 60,
        {"delivery": (0.4, 420), "order_status": (0.25, 330), "cancellation": (0.15, 390), "account": (0.2, 340)},
        peak_day=348, season=0.07, threshold=259_200, target="0.85", calls_next="orders",
    ),
    QueuePlan(
        "mail-accounts", "E-mail: accounts", Channel.EMAIL, "Accounts", "mail", 60, 60,
        {"invoice": (0.5, 410), "payment": (0.32, 450), "return": (0.18, 380)},
        peak_day=20, season=0.05, threshold=259_200, target="0.85", calls_next="billing",
    ),
    QueuePlan(
        "return-cases", "Return cases", Channel.TICKET, "Returns", "back-office", 21, 70,
        {"return": (0.6, 900), "refund": (0.4, 980)},
        peak_day=10, season=0.07, threshold=432_000, target="0.8",
    ),
    QueuePlan(
        "repair-cases", "Repair cases", Channel.TICKET, "Products", "back-office", 15, 80,
        {"fault": (0.8, 1120), "setup": (0.2, 800)},
        peak_day=15, season=0.06, threshold=432_000, target="0.8",
    ),
    QueuePlan(
        "offers", "Offers", Channel.OUTBOUND, "Sales", "sales", 200, 55,
        {OFFER: (1.0, 330)}, peak_day=320, season=0.07, opens=9, closes=19, weekdays=MONDAY_TO_FRIDAY,
    ),
)  # fmt: skip

TEAM = {team.code: team for team in TEAMS}
QUEUE = {queue.code: queue for queue in QUEUES}
SITE = {site.code: site for site in SITES}
QUEUE_CODES = tuple(QUEUE)
WORKING_TEAMS = tuple(team for team in TEAMS if team.queues)

# The three Refunds agents who are briefed every Monday 9:30–11:00, just when the weekend's refunds come in.
BRIEFED_TEAM = "refunds"
BRIEFING = (9.5, 11.0)
BRIEFED = 3

# Story 1: what the new refund form adds to the after-call work of each refund.
FORM_REASON = "refund"
FORM_TEAM = "refunds"
FORM_SECONDS = 61.0


def site_of(queue: QueuePlan) -> str:
    """The code of the site on whose clock the queue runs."""
    return TEAM[queue.team].site
