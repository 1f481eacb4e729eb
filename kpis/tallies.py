"""Everything that is counted or added up. Each tally is a column of the roll-ups that keep its fact.

The queue view counts legs on the day they were offered; the agent view counts handling on the day it was
answered. Conditions may name `rules__…`: the thresholds that held in the queue on that day.
"""

import datetime as dt

from django.db.models import DateField, DateTimeField, DurationField, ExpressionWrapper, F, Q, Value

from interactions.models import AgentState, Outcome, Shift
from kpis.kpi import Fact, Tally
from people.models import Channel

OFFERED_ANSWERED = Q(outcome=Outcome.ANSWERED)
OFFERED_ABANDONED = Q(outcome=Outcome.ABANDONED)

# Queue view, by the interval in which the contact was offered.
contacts_offered = Tally("contacts_offered", Fact.OFFERED)
contacts_answered = Tally("contacts_answered", Fact.OFFERED, OFFERED_ANSWERED)
contacts_abandoned = Tally("contacts_abandoned", Fact.OFFERED, OFFERED_ABANDONED)
contacts_waiting = Tally("contacts_waiting", Fact.OFFERED, Q(outcome=Outcome.WAITING))
IS_SHORT = OFFERED_ABANDONED & Q(wait_seconds__lte=F("rules__short_abandon_seconds"))
short_abandoned = Tally("short_abandoned", Fact.OFFERED, IS_SHORT)

# What was promised to customers holds for contacts that they began.
IS_INBOUND = ~Q(channel=Channel.OUTBOUND)
IS_JUDGED = IS_INBOUND & (OFFERED_ANSWERED | OFFERED_ABANDONED) & ~IS_SHORT
IS_IN_TIME = Q(wait_seconds__lte=F("rules__service_level_seconds"))
contacts_judged = Tally("contacts_judged", Fact.OFFERED, IS_JUDGED)
answered_in_time = Tally("answered_in_time", Fact.OFFERED, IS_INBOUND & OFFERED_ANSWERED & IS_IN_TIME)
offered_inbound = Tally("offered_inbound", Fact.OFFERED, IS_INBOUND & ~IS_SHORT)
abandoned_waiting = Tally("abandoned_waiting", Fact.OFFERED, IS_INBOUND & OFFERED_ABANDONED & ~IS_SHORT)

# On the line the customer waits; a written contact is answered in hours, and one mean of both would say nothing.
IS_LIVE = Q(channel__in=[Channel.VOICE, Channel.CHAT, Channel.CALLBACK])
ANSWERED_LIVE = OFFERED_ANSWERED & IS_LIVE
ANSWERED_WRITTEN = OFFERED_ANSWERED & Q(channel__in=[Channel.EMAIL, Channel.TICKET])
answered_live = Tally("answered_live", Fact.OFFERED, ANSWERED_LIVE)
wait_seconds = Tally("wait_seconds", Fact.OFFERED, ANSWERED_LIVE, F("wait_seconds"))
wait_squared = Tally("wait_squared", Fact.OFFERED, ANSWERED_LIVE, F("wait_seconds") * F("wait_seconds"))
offered_live = Tally("offered_live", Fact.OFFERED, IS_LIVE)
longest_wait = Tally("longest_wait", Fact.OFFERED, IS_LIVE, F("wait_seconds"), is_maximum=True)
answered_written = Tally("answered_written", Fact.OFFERED, ANSWERED_WRITTEN)
response_seconds = Tally("response_seconds", Fact.OFFERED, ANSWERED_WRITTEN, F("wait_seconds"))
response_squared = Tally("response_squared", Fact.OFFERED, ANSWERED_WRITTEN, F("wait_seconds") * F("wait_seconds"))
tickets_opened = Tally("tickets_opened", Fact.OFFERED, Q(channel=Channel.TICKET))

# Agent view, by the interval in which the contact was answered.
contacts_handled = Tally("contacts_handled", Fact.HANDLED)
handle_seconds = Tally("handle_seconds", Fact.HANDLED, Q(), F("handle_seconds"))
handle_squared = Tally("handle_squared", Fact.HANDLED, Q(), F("handle_seconds") * F("handle_seconds"))
talk_seconds = Tally("talk_seconds", Fact.HANDLED, Q(), F("talk_seconds"))
hold_seconds = Tally("hold_seconds", Fact.HANDLED, Q(), F("hold_seconds"))
wrap_seconds = Tally("wrap_seconds", Fact.HANDLED, Q(), F("wrap_seconds"))
contacts_held = Tally("contacts_held", Fact.HANDLED, Q(hold_seconds__gt=0))
contacts_transferred = Tally("contacts_transferred", Fact.HANDLED, Q(is_transferred=True))

# First contact resolution. `horizon` is the last business day that the facts reach.
CAN_REPEAT = Q(customer__isnull=False, reason__isnull=False)
MATURED_UNTIL = ExpressionWrapper(F("horizon") - F("rules__fcr_window_days"), output_field=DateField())
WINDOW = ExpressionWrapper(F("rules__fcr_window_days") * Value(dt.timedelta(days=1)), output_field=DurationField())
WINDOW_ENDS = ExpressionWrapper(F("offered_at") + WINDOW, output_field=DateTimeField())
IS_MATURE = CAN_REPEAT & Q(day__lte=MATURED_UNTIL)
IS_MATURING = CAN_REPEAT & Q(day__gt=MATURED_UNTIL)
NO_REPEAT = Q(next_contact_at__isnull=True) | Q(next_contact_at__gt=WINDOW_ENDS)
fcr_matured = Tally("fcr_matured", Fact.HANDLED, IS_MATURE)
fcr_resolved = Tally("fcr_resolved", Fact.HANDLED, IS_MATURE & NO_REPEAT)
fcr_maturing = Tally("fcr_maturing", Fact.HANDLED, IS_MATURING)
fcr_maturing_resolved = Tally("fcr_maturing_resolved", Fact.HANDLED, IS_MATURING & NO_REPEAT)
fcr_without_customer = Tally("fcr_without_customer", Fact.HANDLED, ~CAN_REPEAT)
coded = Tally("coded", Fact.HANDLED, Q(is_resolved__isnull=False))
coded_resolved = Tally("coded_resolved", Fact.HANDLED, Q(is_resolved=True))

# Sales and cost.
IS_SALES_CONTACT = Q(channel=Channel.OUTBOUND) | Q(sale_amount__isnull=False)
sales_contacts = Tally("sales_contacts", Fact.HANDLED, IS_SALES_CONTACT)
sales = Tally("sales", Fact.HANDLED, Q(sale_amount__gt=0))
sales_amount = Tally("sales_amount", Fact.HANDLED, Q(), F("sale_amount"))
contact_cost = Tally("contact_cost", Fact.HANDLED, Q(), F("cost"))

# What customers said, booked to the contact they spoke of.
csat_answers = Tally("csat_answers", Fact.SURVEYED, Q(csat__isnull=False))
csat_satisfied = Tally("csat_satisfied", Fact.SURVEYED, Q(csat__gte=F("rules__csat_top_box")))
csat_points = Tally("csat_points", Fact.SURVEYED, Q(), F("csat"))
csat_squared = Tally("csat_squared", Fact.SURVEYED, Q(), F("csat") * F("csat"))
nps_answers = Tally("nps_answers", Fact.SURVEYED, Q(nps__isnull=False))
nps_promoters = Tally("nps_promoters", Fact.SURVEYED, Q(nps__gte=9))
nps_detractors = Tally("nps_detractors", Fact.SURVEYED, Q(nps__lte=6))
ces_answers = Tally("ces_answers", Fact.SURVEYED, Q(ces__isnull=False))
ces_points = Tally("ces_points", Fact.SURVEYED, Q(), F("ces"))
ces_squared = Tally("ces_squared", Fact.SURVEYED, Q(), F("ces") * F("ces"))
survey_resolved_answers = Tally("survey_resolved_answers", Fact.SURVEYED, Q(is_resolved__isnull=False))
survey_resolved = Tally("survey_resolved", Fact.SURVEYED, Q(is_resolved=True))
complaints = Tally("complaints", Fact.COMPLAINED)

# Tickets: the flow by day of closing and by due day, the stock at the end of the day.
tickets_closed = Tally("tickets_closed", Fact.CLOSED)
# The same tickets, counted for the team that owns their queue, as those opened are.
tickets_cleared = Tally("tickets_cleared", Fact.CLEARED)
tickets_reopened = Tally("tickets_reopened", Fact.CLOSED, Q(is_reopened=True))
tickets_due = Tally("tickets_due", Fact.DUE)
tickets_overdue = Tally("tickets_overdue", Fact.DUE, Q(ended_at__isnull=True) | Q(ended_at__gt=F("due_at")))
tickets_open = Tally("tickets_open", Fact.OPEN, is_snapshot=True)

# Agents' time.
STATE = AgentState.State
PRODUCTIVE = [STATE.ON_CONTACT, STATE.READY, STATE.WRAP]
UNAVAILABLE = [STATE.BREAK, STATE.TRAINING, STATE.MEETING]
PAID = [*PRODUCTIVE, *UNAVAILABLE]
contact_state_seconds = Tally(
    "contact_state_seconds", Fact.STATE, Q(state__in=[STATE.ON_CONTACT, STATE.WRAP]), F("seconds")
)
ready_seconds = Tally("ready_seconds", Fact.STATE, Q(state=STATE.READY), F("seconds"))
productive_seconds = Tally("productive_seconds", Fact.STATE, Q(state__in=PRODUCTIVE), F("seconds"))
unavailable_seconds = Tally("unavailable_seconds", Fact.STATE, Q(state__in=UNAVAILABLE), F("seconds"))
paid_seconds = Tally("paid_seconds", Fact.STATE, Q(state__in=PAID), F("seconds"))
paid_cost = Tally("paid_cost", Fact.STATE, Q(state__in=PAID), F("cost"))
scheduled_seconds = Tally("scheduled_seconds", Fact.SHIFT, ~Q(activity=Shift.Activity.LEAVE), F("seconds"))
adherent_seconds = Tally("adherent_seconds", Fact.SHIFT, ~Q(activity=Shift.Activity.LEAVE), F("adherent_seconds"))
work_seconds = Tally("work_seconds", Fact.SHIFT, Q(activity=Shift.Activity.WORK), F("seconds"))

TALLIES: tuple[Tally, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Tally))


def tallies_of(*facts: Fact) -> tuple[Tally, ...]:
    """The tallies of these kinds of fact, in the order above."""
    return tuple(tally for tally in TALLIES if tally.fact in facts)
