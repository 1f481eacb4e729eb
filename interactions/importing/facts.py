"""What each fact derives from its columns, demands of a row, and writes.

SQL over stages: ``t_x`` is the text of column x, ``v_x`` its value; later stages have the names given here.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from interactions.definitions import TEN_YEARS
from interactions.importing.fact_sql import FactSql, Rule, earlier, gap, membership, slot, span
from interactions.models import AgentState, Complaint, Contact, Shift, Source, SurveyAnswer
from people.models import Channel

# E-mails and tickets: their end is the closing, which no talk foretells, and who closes one has answered it.
WRITTEN = f"('{Channel.EMAIL}', '{Channel.TICKET}')"

CONTACT_STAGES: tuple[dict[str, str], ...] = (
    {
        "is_written": f"COALESCE(v_channel IN {WRITTEN}, "
        f"t_queue IN (SELECT name FROM import_queues WHERE channel IN {WRITTEN}), false)"
    },
    {
        "answered_given": earlier("v_answered_at", than="v_ended_at"),
        "outcome": "COALESCE(v_outcome, CASE WHEN v_answered_at IS NOT NULL THEN 'answered' "
        "WHEN v_ended_at IS NULL THEN 'waiting' WHEN is_written THEN 'answered' ELSE 'abandoned' END)",
    },
    {"offered": earlier("v_offered_at", than="COALESCE(answered_given, v_ended_at)")},
    {
        "wait": "COALESCE(v_wait_seconds, CASE outcome "
        f"WHEN 'answered' THEN {gap('offered', 'COALESCE(answered_given, CASE WHEN is_written THEN v_ended_at END)')} "
        f"WHEN 'abandoned' THEN {gap('offered', 'v_ended_at')} END, 0)"
    },
    {
        "answered": f"CASE WHEN outcome = 'answered' THEN COALESCE(answered_given, offered + {span('wait')}) END",
    },
    {
        "talk": "COALESCE(v_talk_seconds, CASE WHEN NOT is_written "
        f"THEN GREATEST({gap('answered', 'v_ended_at')} - COALESCE(v_hold_seconds, 0), 0) END)",
        "ended": "COALESCE(v_ended_at, CASE WHEN is_written THEN NULL WHEN outcome = 'answered' "
        f"THEN answered + {span('v_talk_seconds + COALESCE(v_hold_seconds, 0)')} "
        f"WHEN outcome = 'abandoned' THEN offered + {span('wait')} END)",
    },
)

CONTACT_RULES = (
    Rule("answered < offered", "answered_at", _("The contact was answered before it was offered.")),
    Rule("ended < offered", "ended_at", _("The contact ends before it is offered.")),
    Rule("ended < answered", "ended_at", _("The contact ends before it is answered.")),
    Rule(
        "v_answered_at IS NOT NULL AND outcome <> 'answered'",
        "answered_at",
        _("The contact has a time of answering, but its outcome says that nobody answered."),
    ),
    # Durations that are given have this limit by themselves; more would not fit the columns.
    Rule(
        f"v_wait_seconds IS NULL AND wait > {TEN_YEARS}",
        "offered_at",
        _("The contact waits for more than ten years, by its times. Correct when it was offered, answered or ended."),
    ),
    Rule(
        f"v_talk_seconds IS NULL AND talk > {TEN_YEARS}",
        "ended_at",
        _("From answered to ended are more than ten years. Correct one of the two times."),
    ),
)

CONTACT_CHECKED = {
    "external_id": "t_external_id",
    "conversation_id": "COALESCE(t_conversation_id, '')",
    "channel": "v_channel",
    "queue": "t_queue",
    "queue_name": "t_queue_name",
    "agent": "t_agent",
    "agent_name": "t_agent_name",
    "reason": "t_reason",
    "customer": "v_customer",
    "outcome": "outcome",
    "offered_at": "offered",
    "answered_at": "answered",
    "ended_at": "ended",
    "due_at": "v_due_at",
    "wait_seconds": "wait",
    "ring_seconds": "COALESCE(v_ring_seconds, 0)",
    "talk_seconds": "COALESCE(talk, 0)",
    "hold_seconds": "COALESCE(v_hold_seconds, 0)",
    "wrap_seconds": "COALESCE(v_wrap_seconds, 0)",
    "is_transferred": "COALESCE(v_is_transferred, false)",
    "is_resolved": "v_is_resolved",
    "is_reopened": "COALESCE(v_is_reopened, false)",
    "sale_amount": "v_sale_amount",
    "cost": "v_cost",
    "source_version": "COALESCE(t_source_version, '')",
}

MOMENTS = ("offered", "answered", "ended", "due")
PLAIN = (
    "external_id",
    "conversation_id",
    "customer",
    "outcome",
    *(f"{moment}_at" for moment in MOMENTS),
    *(f"{part}_seconds" for part in ("wait", "ring", "talk", "hold", "wrap")),
    "is_transferred",
    "is_resolved",
    "is_reopened",
    "sale_amount",
    "cost",
    "source_version",
)

CONTACT_ROWS = f"""
    SELECT k.*, q.id AS queue_id, q.owner_team_id, COALESCE(k.channel, q.channel) AS its_channel,
           r.id AS reason_id, a.id AS agent_id,
           {", ".join(f"k.{moment}_at AT TIME ZONE s.time_zone AS {moment}_local" for moment in MOMENTS)}
      FROM import_checked k
      JOIN import_queues known ON known.name = k.queue
      JOIN people_queue q ON q.id = known.id
      JOIN people_site s ON s.id = q.site_id
      LEFT JOIN import_reasons r ON r.name = k.reason
      LEFT JOIN import_agents a ON a.name = k.agent"""

CONTACT_DAYS = ("channel", "day", "answered_day", "ended_day", "due_day")
# For whom a contact counts.
CONTACT_PLACE = ("channel", "queue_id", "owner_team_id", "team_id", "agent_id")


# A contact sent again stays with the team that owned its queue, unless it is another queue's now.
KEPT_OWNER = (
    "CASE WHEN t.queue_id = EXCLUDED.queue_id THEN COALESCE(t.owner_team_id, EXCLUDED.owner_team_id) "
    "ELSE EXCLUDED.owner_team_id END"
)


def _of(row: str, names: tuple[str, ...]) -> str:
    return ", ".join(f"{row}.{name}" for name in names)


CONTACTS = FactSql(
    table=Contact._meta.db_table,
    stages=CONTACT_STAGES,
    rules=CONTACT_RULES,
    checked=CONTACT_CHECKED,
    rows=CONTACT_ROWS,
    stored={
        **{name: f"x.{name}" for name in PLAIN},
        "channel": "x.its_channel",
        "queue_id": "x.queue_id",
        "reason_id": "x.reason_id",
        "agent_id": "x.agent_id",
        "team_id": "COALESCE(m.team_id, x.owner_team_id)",
        "owner_team_id": "x.owner_team_id",
        "day": "x.offered_local::date",
        "slot": slot("x.offered_local"),
        "answered_day": "x.answered_local::date",
        "answered_slot": slot("x.answered_local"),
        "ended_day": "x.ended_local::date",
        "due_day": "x.due_local::date",
    },
    anew={
        "owner_team_id": KEPT_OWNER,
        "team_id": f"CASE WHEN EXCLUDED.agent_id IS NULL OR EXCLUDED.answered_at IS NULL THEN {KEPT_OWNER} "
        "ELSE EXCLUDED.team_id END",
    },
    joins=membership("x.agent_id", "x.answered_local::date"),
    touched=(
        *(f"{row}.{name}" for row in ("old", "new") for name in CONTACT_DAYS),
        f"({_of('old', CONTACT_PLACE)}) IS DISTINCT FROM ({_of('new', CONTACT_PLACE)})",
    ),
)


def spans(model: type[AgentState] | type[Shift], *, start: str, end: str, what: str, cost: bool) -> FactSql:
    """Agent states and shifts: a span of an agent's time, on the day of the source's site where it starts."""
    too_short = "<" if model is AgentState else "<="
    checked = {
        "external_id": "COALESCE(t_external_id, left(t_agent, 60) || '@' || to_char(begins AT TIME ZONE 'UTC', "
        "'YYYY-MM-DD\"T\"HH24:MI:SS.MS'))",
        "agent": "t_agent",
        "agent_name": "t_agent_name",
        what: f"v_{what}" if model is AgentState else f"COALESCE(v_{what}, '{Shift.Activity.WORK}')",
        start: "begins",
        end: "until",
    }
    length = gap(f"x.{start}", f"x.{end}")
    stored = {
        **{name: f"x.{name}" for name in ("external_id", what, start, end, "agent_id")},
        "team_id": "m.team_id",
        "day": "x.local::date",
        "seconds": length,
    }
    if cost:
        stored["cost"] = (
            f"CASE WHEN x.state NOT IN ('{AgentState.State.LUNCH}', '{AgentState.State.OFFLINE}') "
            f"THEN x.hourly_cost * {length} / 3600 END"
        )
    return FactSql(
        table=model._meta.db_table,
        stages=(
            {"begins": earlier(f"v_{start}", than=f"v_{end}")},
            {"until": f"COALESCE(v_{end}, begins + {span('v_seconds')})"},
        ),
        rules=(
            Rule("until IS NULL", end, _("Neither the end nor the duration is given.")),
            Rule(f"until {too_short} begins", end, _("The span ends before it begins.")),
            Rule(
                f"v_{end} IS NOT NULL AND {gap('begins', 'until')} > {TEN_YEARS}",
                end,
                _("The span takes more than ten years. Correct its beginning or its end."),
            ),
        ),
        checked=checked,
        rows=f"""SELECT k.*, a.id AS agent_id, a.hourly_cost,
                        k.{start} AT TIME ZONE current_setting('import.time_zone') AS local
                   FROM import_checked k JOIN import_agents a ON a.name = k.agent""",
        stored=stored,
        joins=membership("x.agent_id", "x.local::date"),
        touched=("old.day", "new.day"),
        # The cost is that of the day when the row came in: a raise since then is no change of the row.
        silent=frozenset({"cost"}),
        # Found by the nightly run.
        at_first={"adherent_seconds": "0"} if model is Shift else {},
    )


def said_of_contacts(
    model: type[SurveyAnswer] | type[Complaint], answers: dict[str, str], external_id: str, rules: tuple[Rule, ...]
) -> FactSql:
    """Survey answers and complaints: they hang on a contact of another source, and count on its day."""
    checked = {"external_id": external_id, "contact": "t_contact", "received_at": "v_received_at", **answers}
    return FactSql(
        table=model._meta.db_table,
        stages=(),
        rules=rules,
        checked=checked,
        rows="""SELECT k.*, c.id AS contact_id FROM import_checked k
                  JOIN interactions_contact c
                    ON c.external_id = k.contact AND c.source_id = current_setting('import.contacts_source')::bigint""",
        stored={
            **{name: f"x.{name}" for name in ("external_id", "received_at", *answers)},
            "contact_id": "x.contact_id",
        },
        touched=("COALESCE(was.answered_day, was.day)", "COALESCE(now.answered_day, now.day)"),
        touched_joins="""LEFT JOIN interactions_contact was ON was.id = merged.old_contact
                         JOIN interactions_contact now ON now.id = merged.new_contact""",
    )


FACTS: dict[str, FactSql] = {
    Source.Fact.CONTACTS: CONTACTS,
    Source.Fact.STATES: spans(AgentState, start="started_at", end="ended_at", what="state", cost=True),
    Source.Fact.SHIFTS: spans(Shift, start="starts_at", end="ends_at", what="activity", cost=False),
    Source.Fact.SURVEYS: said_of_contacts(
        SurveyAnswer,
        {"csat": "v_csat", "nps": "v_nps", "ces": "v_ces", "is_resolved": "v_is_resolved",
         "comment": "COALESCE(t_comment, '')"},
        "COALESCE(t_external_id, t_contact)",
        (
            Rule(
                "num_nonnulls(v_csat, v_nps, v_ces, v_is_resolved, t_comment) = 0",
                "csat",
                _("The row holds no answer."),
            ),
        ),
    ),
    Source.Fact.COMPLAINTS: said_of_contacts(Complaint, {"text": "COALESCE(t_text, '')"}, "t_external_id", ()),
}  # fmt: skip
