"""What each kind of fact is made of, column by column.

Checks, suggestions, previews, the REST bulk endpoint and docs/import_formats.md all read this one description.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interactions.models import AgentState, Outcome, Shift, Source
from people.models import Channel

Text = str | Promise

TEN_YEARS = 315_360_000


class Kind(enum.StrEnum):
    """How the text of a file becomes a value."""

    TEXT = "text"
    INSTANT = "instant"
    DURATION = "duration"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    AGENT = "agent"
    QUEUE = "queue"
    REASON = "reason"
    CONTACT = "contact"
    CUSTOMER = "customer"

    @property
    def is_lookup(self) -> bool:
        """Whether the text names a row that is known, or may be created."""
        return self in (Kind.AGENT, Kind.QUEUE, Kind.REASON, Kind.CONTACT)


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a fact. ``least`` and ``most`` are limits, both allowed; ``most`` of a text is its length.

    ``has_happened`` marks an instant that cannot lie in the future. ``aliases`` are names under which files
    often carry it.
    """

    name: str
    kind: Kind
    label: Text
    help: Text = ""
    is_required: bool = False
    choices: type[TextChoices] | None = None
    least: int | None = None
    most: int | None = None
    has_happened: bool = False
    aliases: tuple[str, ...] = ()


def text(name: str, label: Text, *aliases: str, most: int = 200, required: bool = False, help: Text = "") -> Column:
    return Column(name, Kind.TEXT, label, help, is_required=required, most=most, aliases=aliases)


def happened(name: str, label: Text, *aliases: str, required: bool = False, help: Text = "") -> Column:
    return Column(name, Kind.INSTANT, label, help, is_required=required, has_happened=True, aliases=aliases)


def planned(name: str, label: Text, *aliases: str, required: bool = False, help: Text = "") -> Column:
    return Column(name, Kind.INSTANT, label, help, is_required=required, aliases=aliases)


def seconds(name: str, label: Text, *aliases: str, help: Text = "") -> Column:
    return Column(name, Kind.DURATION, label, help, least=0, most=TEN_YEARS, aliases=aliases)


def flag(name: str, label: Text, *aliases: str) -> Column:
    return Column(name, Kind.BOOLEAN, label, aliases=aliases)


def answer(name: str, label: Text, least: int, most: int, *aliases: str) -> Column:
    return Column(name, Kind.INTEGER, label, least=least, most=most, aliases=aliases)


def agent(*, required: bool) -> Column:
    return Column(
        "agent",
        Kind.AGENT,
        _("agent"),
        _("Login on the call platform, employee number, or name."),
        is_required=required,
        most=60,
        aliases=(
            "agent",
            "agent_id",
            "agent_login",
            "employee_number",
            "employee",
            "user",
            "username",
            "user_id",
            "login",
            "operator",
            "handled_by",
            "advisor",
            "representative",
            "server",
            "mitarbeiter",
            "坐席",
            "工号",
        ),
    )


AGENT_NAME = text(
    "agent_name",
    _("agent's name"),
    "agent_full_name",
    "full_name",
    most=120,
    help=_("Used for agents that the import creates."),
)
CONTACT = Column(
    "contact",
    Kind.CONTACT,
    _("contact"),
    _("The contact's external id in its own source."),
    is_required=True,
    most=200,
    aliases=("contact", "contact_id", "call_id", "ticket_id", "interaction_id", "case_id"),
)

CONTACTS: tuple[Column, ...] = (
    text("external_id", _("external id"), "id", "call_id", "contact_id", "ticket_id", "interaction_id", "case_id",
         "uniqueid", "session_id", "record_id", required=True,
         help=_("Names the contact within its source; sent again, it is the same contact.")),
    text("conversation_id", _("conversation"), "conversation", "initial_contact_id", "linked_id",
         help=_("Shared by the legs of one customer's call.")),
    Column("channel", Kind.CHOICE, _("channel"), _("Left out: the queue's channel."), choices=Channel,
           aliases=("media", "media_type", "medium")),
    Column("queue", Kind.QUEUE, _("queue"), _("The queue's code or name."), is_required=True, most=120,
           aliases=("queue_code", "queue_id", "skill", "skill_group", "split", "hunt_group", "line", "type",
                    "warteschlange", "队列")),
    text("queue_name", _("queue's name"), most=120, help=_("Used for queues that the import creates.")),
    agent(required=False),
    AGENT_NAME,
    Column("reason", Kind.REASON, _("reason"), _("The contact reason's code or name."), most=120,
           aliases=("contact_reason", "reason_code", "reason_name", "wrap_up_code", "wrapup_code",
                    "disposition", "category", "topic", "原因")),
    Column("customer", Kind.CUSTOMER, _("customer"), _("A telephone number, address or number; only its hash is kept."),
           most=500, aliases=("caller", "caller_number", "customer_id", "customer_number", "phone",
                               "phone_number", "ani", "from_number", "caller_id", "客户")),
    Column("outcome", Kind.CHOICE, _("outcome"),
           _("Left out: answered where there is a time of answering, else abandoned once ended (e-mails and tickets: "
             "answered), else still waiting."),
           choices=Outcome, aliases=("result", "status", "call_outcome", "结果")),
    happened("offered_at", _("offered"), "offered", "offer_time", "start", "start_time", "call_start", "created",
             "created_at", "queue_start",
             "arrived", "timestamp", "date", required=True, help=_("When the contact began to wait in the queue.")),
    happened("answered_at", _("answered"), "answered", "answer", "answer_time", "answered_time", "picked_up",
             "connected", "connect_time", "first_response",
             help=_("Left out: offered plus wait, for an answered contact.")),
    happened("ended_at", _("ended"), "ended", "end", "end_time", "call_end", "hangup", "disconnected", "closed",
             "closed_at", "resolved_at",
             help=_("Left out: answered plus talk and hold, or offered plus wait; e-mails and tickets are open.")),
    planned("due_at", _("due"), "due", "due_date", "deadline"),
    seconds("wait_seconds", _("wait"), "wait", "wait_time", "waiting", "waiting_time", "time_in_queue", "queue_time",
            "queue_seconds", "q_time",
            help=_("Left out: from offered to answered, or to the end of an abandoned contact.")),
    seconds("ring_seconds", _("ring"), "ring", "ring_time", "alert_time"),
    seconds("talk_seconds", _("talk"), "talk", "talk_time", "talking_time", "ser_time", "service_time", "duration",
            help=_("Left out: from answered to ended, without hold; for e-mails and tickets 0.")),
    seconds("hold_seconds", _("hold"), "hold", "hold_time", "held"),
    seconds("wrap_seconds", _("wrap-up"), "wrap", "acw", "acw_time", "after_call_work", "wrap_up", "wrap_time",
            "wrapup_time"),
    flag("is_transferred", _("transferred out"), "transferred", "transfer"),
    flag("is_resolved", _("resolved, as coded by the agent"), "resolved", "solved", "fcr"),
    flag("is_reopened", _("reopened"), "reopened"),
    Column("sale_amount", Kind.DECIMAL, _("sale"), least=-(10**11), most=10**11, aliases=("sale", "sales", "revenue")),
    Column("cost", Kind.DECIMAL, _("cost"), least=0, most=10**7, aliases=("price",)),
    text("source_version", _("version"), "version", "updated_at", "last_update", "modified", most=40,
         help=_("When the record was last changed, in a form that sorts: an older copy never replaces a newer one.")),
)  # fmt: skip

STATES: tuple[Column, ...] = (
    text("external_id", _("external id"), "id", help=_("Left out: agent and start.")),
    agent(required=True),
    AGENT_NAME,
    Column("state", Kind.CHOICE, _("state"), is_required=True, choices=AgentState.State, aliases=("status", "aux")),
    happened("started_at", _("from"), "start", "start_time", "from", "begin", "started", required=True),
    planned("ended_at", _("until"), "end", "end_time", "to", "until", "ended", help=_("Or the duration.")),
    seconds("seconds", _("duration"), "duration", "length"),
)

SHIFTS: tuple[Column, ...] = (
    text("external_id", _("external id"), "id", help=_("Left out: agent and start.")),
    agent(required=True),
    AGENT_NAME,
    Column("activity", Kind.CHOICE, _("activity"), _("Left out: work."), choices=Shift.Activity, aliases=("type",)),
    planned("starts_at", _("from"), "start", "start_time", "from", "begin", required=True),
    planned("ends_at", _("until"), "end", "end_time", "to", "until", help=_("Or the duration.")),
    seconds("seconds", _("duration"), "duration", "length"),
)

SURVEYS: tuple[Column, ...] = (
    text("external_id", _("external id"), "id", "survey_id", "response_id", help=_("Left out: the contact's.")),
    CONTACT,
    happened("received_at", _("received"), "received", "answered_at", "date", "timestamp", "created_at", required=True),
    answer("csat", _("satisfaction (1–5)"), 1, 5, "satisfaction", "rating", "score"),
    answer("nps", _("recommendation (0–10)"), 0, 10, "recommend", "recommendation"),
    answer("ces", _("effort (1–7)"), 1, 7, "effort"),
    flag("is_resolved", _("resolved, says the customer"), "resolved", "solved"),
    text("comment", _("comment"), "verbatim", "feedback", most=10_000),
)

COMPLAINTS: tuple[Column, ...] = (
    text("external_id", _("external id"), "id", "complaint_id", required=True),
    CONTACT,
    happened("received_at", _("received"), "received", "date", "timestamp", "created_at", required=True),
    text("text", _("text"), "complaint", "description", "subject", most=10_000),
)

COLUMNS: dict[str, tuple[Column, ...]] = {
    Source.Fact.CONTACTS: CONTACTS,
    Source.Fact.STATES: STATES,
    Source.Fact.SHIFTS: SHIFTS,
    Source.Fact.SURVEYS: SURVEYS,
    Source.Fact.COMPLAINTS: COMPLAINTS,
}
