"""What the records say about each contact: the floor's legs as whole columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callcenter.demo.cast import Cast, customer_number
from callcenter.demo.centre import OFFER, QUEUES, REASON_CODES, site_of
from callcenter.demo.clock import DAY, HOUR, Clock
from callcenter.demo.floor import Legs
from callcenter.demo.roster import Roster
from callcenter.demo.span import Span
from people.models import Channel

NONE = -1
UNKNOWN_CUSTOMER = 0.04
CONTACTS_PER_CUSTOMER = 2.4
CODED = 0.82
HELD = 0.19
OVERHEAD = 1.35
LINE_COST = {Channel.VOICE: 0.09, Channel.OUTBOUND: 0.11, Channel.CHAT: 0.04, Channel.EMAIL: 0.02}
TICKET_DUE = 4 * DAY
REOPENED = 0.045


@dataclass(frozen=True)
class Contacts:
    """Columns of the contacts that are kept, in the order in which they were offered.

    Instants are UTC seconds, days are days since 1970, NONE stands for "not there" (and customers have a
    mask of their own: a hash may be any number). ``agent`` counts the cast, ``stretch`` the roster's.
    """

    number: np.ndarray
    conversation: np.ndarray
    queue: np.ndarray
    reason: np.ndarray
    customer: np.ndarray
    has_customer: np.ndarray
    is_answered: np.ndarray
    is_abandoned: np.ndarray
    stretch: np.ndarray
    stint: np.ndarray
    agent: np.ndarray
    offered: np.ndarray
    answered: np.ndarray
    ended: np.ndarray
    due: np.ndarray
    day: np.ndarray
    slot: np.ndarray
    answered_day: np.ndarray
    answered_slot: np.ndarray
    ended_day: np.ndarray
    due_day: np.ndarray
    wait: np.ndarray
    ring: np.ndarray
    talk: np.ndarray
    hold: np.ndarray
    wrap: np.ndarray
    is_transferred: np.ndarray
    is_unresolved: np.ndarray
    coded: np.ndarray  # 1 resolved, 0 not, NONE not coded
    is_reopened: np.ndarray
    sale: np.ndarray  # NaN where nothing was to be sold
    cost: np.ndarray  # NaN where nobody handled it

    def __len__(self) -> int:
        return len(self.number)

    @property
    def busy_until(self) -> np.ndarray:
        """When the agent was through with the contact, after-contact work included."""
        return self.answered + self.talk + self.hold + self.wrap


QUEUE_SITE = [site_of(queue) for queue in QUEUES]
QUEUE_CHANNEL = np.array([str(queue.channel) for queue in QUEUES])


class SiteClocks:
    """Business days and half-hours of instants, each by the clock of its queue's site."""

    def __init__(self, clocks: dict[str, Clock], queue: np.ndarray) -> None:
        site = np.array(QUEUE_SITE)[queue]
        self.parts = [(clock, site == code) for code, clock in clocks.items()]

    def day(self, at: np.ndarray) -> np.ndarray:
        """The business day; NONE stays NONE."""
        found = np.full(len(at), NONE)
        for clock, here in self.parts:
            found[here] = clock.day(at[here])
        return np.where(at == NONE, NONE, found)

    def slot(self, at: np.ndarray) -> np.ndarray:
        """The half-hour; NONE stays NONE."""
        found = np.full(len(at), NONE)
        for clock, here in self.parts:
            found[here] = clock.slot(at[here])
        return np.where(at == NONE, NONE, found)


def kept_legs(legs: Legs, *, scale: float, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Which legs are kept, and each leg's customer (an index; NONE is unknown).

    ``scale`` is the share of customers that are kept, each with all of their contacts.
    """
    origin = np.array(legs.origin)
    people = max(int(len(origin) / CONTACTS_PER_CUSTOMER), 1)
    customer = random.integers(0, people, len(origin))
    is_unknown = random.random(len(origin)) < UNKNOWN_CUSTOMER
    is_sampled = np.where(is_unknown, random.random(len(origin)), random.random(people)[customer]) < scale
    customer = np.where(is_unknown, NONE, customer)
    return is_sampled[origin] & ~np.array(legs.is_dropped), customer[origin]


def record_contacts(
    legs: Legs, *, span: Span, cast: Cast, roster: Roster, clocks: dict[str, Clock], scale: float
) -> Contacts:
    """Every contact as the call platform, the mailbox and the ticket system would have recorded it."""
    random = span.random(5)
    is_kept, customer = kept_legs(legs, scale=scale, random=random)
    offered = np.array(legs.offered)
    chosen = np.flatnonzero(is_kept)
    chosen = chosen[np.argsort(offered[chosen], kind="stable")]

    def column(values: list) -> np.ndarray:
        return np.array(values)[chosen]

    offered, queue, reason, stretch = offered[chosen], column(legs.queue), column(legs.reason), column(legs.stretch)
    customer, channel, size = customer[chosen], QUEUE_CHANNEL[queue], len(chosen)
    is_answered, gave_up = stretch >= 0, column(legs.gave_up)
    stint = np.where(is_answered, np.array(roster.work_stint)[stretch], NONE)
    agent = np.where(is_answered, np.array([one.agent for one in cast.stints])[stint], NONE)
    answered = np.where(is_answered, column(legs.answered), NONE)
    spoken, wrap, is_unresolved = column(legs.conversation_seconds), column(legs.wrap), column(legs.is_unresolved)
    hold = hold_seconds(spoken, channel, random)
    ended = np.where(is_answered, answered + spoken, np.where(gave_up > 0, gave_up, NONE))
    is_ticket, horizon = channel == Channel.TICKET, horizon_of(queue, span, clocks)
    ended, is_reopened = close_tickets(ended, is_ticket & is_answered, horizon, random)
    due = np.where(is_ticket, offered + TICKET_DUE, NONE)
    at_site = SiteClocks(clocks, queue)
    return Contacts(
        number=chosen,
        conversation=column(legs.conversation),
        queue=queue,
        reason=np.where(reason == REASON_CODES.index(OFFER), NONE, reason),
        customer=customer_number(span.seed, np.maximum(customer, 0)),
        has_customer=customer != NONE,
        is_answered=is_answered,
        is_abandoned=~is_answered & (gave_up > 0),
        stretch=stretch,
        stint=stint,
        agent=agent,
        offered=offered,
        answered=answered,
        ended=ended,
        due=due,
        day=at_site.day(offered),
        slot=at_site.slot(offered),
        answered_day=at_site.day(answered),
        answered_slot=at_site.slot(answered),
        ended_day=at_site.day(ended),
        due_day=at_site.day(due),
        wait=np.where(is_answered, answered, np.where(gave_up > 0, gave_up, offered)) - offered,
        ring=column(legs.ring),
        talk=spoken - hold,
        hold=hold,
        wrap=wrap,
        is_transferred=column(legs.is_transferred),
        is_unresolved=is_unresolved,
        coded=coded_by_agent(is_answered, is_unresolved, column(legs.is_transferred), random),
        is_reopened=is_reopened,
        sale=sale_amounts(is_answered, channel, reason, random),
        cost=costs(is_answered, agent, spoken + wrap, channel, cast) if size else np.zeros(0),
    )


def horizon_of(queue: np.ndarray, span: Span, clocks: dict[str, Clock]) -> np.ndarray:
    """Per contact, the instant at which the last day is over at its site."""
    return np.array([span.ends_at(clocks[site]) for site in QUEUE_SITE])[queue]


def hold_seconds(spoken: np.ndarray, channel: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """One call in five is held for a part of the conversation."""
    is_held = (channel == Channel.VOICE) & (random.random(len(spoken)) < HELD)
    return np.where(is_held, (spoken * random.uniform(0.08, 0.32, len(spoken))).astype(int), 0)


def close_tickets(
    ended: np.ndarray, is_worked: np.ndarray, horizon: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """When each contact really ended, and which tickets were opened again.

    Most tickets close with the first work on them, others wait for the customer or the warehouse; what would
    close after the last day is still open.
    """
    size = len(ended)
    waits = np.where(random.random(size) < 0.45, 0, random.lognormal(np.log(19 * HOUR), 0.85, size))
    is_reopened = is_worked & (random.random(size) < REOPENED)
    waits = waits + np.where(is_reopened, random.uniform(0.6, 3.5, size) * DAY, 0)
    closed = np.where(is_worked, ended + waits.astype(np.int64), ended)
    is_open = is_worked & (closed >= horizon)
    return np.where(is_open, NONE, closed), is_reopened


def coded_by_agent(
    is_answered: np.ndarray, is_unresolved: np.ndarray, is_transferred: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """What the agent says about the contact: often too hopeful, and not always said."""
    size = len(is_answered)
    says_resolved = random.random(size) < np.where(is_unresolved, 0.52, 0.965)
    is_coded = is_answered & ~is_transferred & (random.random(size) < CODED)
    return np.where(is_coded, says_resolved.astype(int), NONE)


def sale_amounts(
    is_answered: np.ndarray, channel: np.ndarray, reason: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """What was sold: in a tenth of the offers that were made, and in most calls that came for an order."""
    size = len(channel)
    is_offer = is_answered & (channel == Channel.OUTBOUND)
    is_order = is_answered & (reason == REASON_CODES.index("new_order"))
    is_sold = random.random(size) < np.where(is_offer, 0.098, np.where(is_order, 0.64, 0))
    amount = np.round(random.lognormal(np.where(is_offer, 4.9, 4.3), 0.55), 2)
    return np.where(is_offer | is_order, np.where(is_sold, amount, 0.0), np.nan)


def costs(
    is_answered: np.ndarray, agent: np.ndarray, seconds: np.ndarray, channel: np.ndarray, cast: Cast
) -> np.ndarray:
    """Handle time at the agent's hourly cost, with overhead, and what the line costs."""
    hourly = np.array([one.hourly_cost for one in cast.agents])[agent]
    line = np.array([LINE_COST.get(Channel(name), 0.0) for name in channel.tolist()])
    return np.where(is_answered, np.round(seconds / HOUR * hourly * OVERHEAD + line, 4), np.nan)
