"""What customers say afterwards: survey answers, some of them days later, and complaints."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callcenter.demo.cast import Cast
from callcenter.demo.centre import HARDER, LIVE, QUEUES, REASON_CODES
from callcenter.demo.clock import DAY, Clock
from callcenter.demo.contacts import NONE, QUEUE_CHANNEL, Contacts, horizon_of
from callcenter.demo.span import Span
from people.models import Channel

ANSWERS_BY_CHANNEL = {Channel.VOICE: 0.95, Channel.CHAT: 1.25, Channel.EMAIL: 0.9, Channel.TICKET: 0.8}
CSAT_STEPS = (-2.55, -1.75, -0.92, 0.55)
NPS_STEPS = np.linspace(-3.1, 1.15, 10)
CES_STEPS = np.linspace(-2.7, 1.25, 6)
THANKS = ("Quick and friendly, thank you.", "Solved at once.", "Very patient with me.", "Clear answer, great service.")
SO_SO = ("It took a while but it worked out.", "Fine.", "I had to explain it twice.")
BLAME = (
    "I had to call again about the same thing.",
    "Nobody told me what happens next.",
    "Waited far too long.",
    "Still not solved.",
)
COMPLAINTS = (
    "The promised call back never came.",
    "I was sent from one team to the next.",
    "My money is still not on my account.",
    "The answer I got was wrong.",
)


@dataclass(frozen=True)
class Answers:
    """Columns of survey answers; ``contact`` counts the contacts, NONE is a question left out."""

    contact: np.ndarray
    received: np.ndarray
    csat: np.ndarray
    nps: np.ndarray
    ces: np.ndarray
    resolved: np.ndarray
    comment: np.ndarray


@dataclass(frozen=True)
class Complaints:
    """Columns of complaints."""

    contact: np.ndarray
    received: np.ndarray
    text: np.ndarray


def contentment(contacts: Contacts, cast: Cast, random: np.random.Generator) -> np.ndarray:
    """How content each customer was: by the wait against what the queue promises, the outcome and the agent."""
    promised = np.array([queue.threshold if queue.channel not in LIVE else 60 for queue in QUEUES])[contacts.queue]
    charm = np.array([agent.charm for agent in cast.agents])[contacts.agent]
    hard = np.array([HARDER.get(code, 1.0) - 1 for code in REASON_CODES])[contacts.reason]
    mean = 1.15 + charm - 1.25 * contacts.is_unresolved - 0.42 * np.log1p(contacts.wait / promised)
    return mean - 0.45 * contacts.is_transferred - 0.6 * hard + random.logistic(0, 0.72, len(contacts))


def draw_answers(contacts: Contacts, *, span: Span, cast: Cast, clocks: dict[str, Clock]) -> Answers:
    """The survey answers that have come in by the end of the last day."""
    random = span.random(6)
    size = len(contacts)
    mood = contentment(contacts, cast, random)
    share = np.array([agent.response for agent in cast.agents])[contacts.agent]
    share = share * np.array([ANSWERS_BY_CHANNEL.get(Channel(name), 0.0) for name in QUEUE_CHANNEL])[contacts.queue]
    share = share * np.where(mood < -0.9, 1.2, 1.0)
    late = np.where(random.random(size) < 0.62, random.exponential(1500, size), random.exponential(1.6 * DAY, size))
    received = contacts.ended + 60 + np.minimum(late, 13 * DAY).astype(np.int64)
    can = contacts.is_answered & contacts.has_customer & (contacts.ended != NONE)
    can &= received < horizon_of(contacts.queue, span, clocks)
    chosen = np.flatnonzero(can & (random.random(size) < share))
    return fill_in(chosen, mood[chosen], received[chosen], contacts.is_unresolved[chosen], random)


def fill_in(
    chosen: np.ndarray, mood: np.ndarray, received: np.ndarray, is_unresolved: np.ndarray, random: np.random.Generator
) -> Answers:
    """The answers of those who answer; the later a question stands, the more leave it out."""
    size = len(chosen)

    def scale(steps: np.ndarray | tuple, lowest: int, answered: float, noise: float) -> np.ndarray:
        felt = mood + random.normal(0, noise, size)
        value = lowest + np.searchsorted(np.asarray(steps), felt)
        return np.where(random.random(size) < answered, value, NONE)

    csat = scale(CSAT_STEPS, 1, 1.0, 0.15)
    says_resolved = random.random(size) < np.where(is_unresolved, 0.2, 0.93)
    resolved = np.where(random.random(size) < 0.78, says_resolved.astype(int), NONE)
    words = np.array(
        [
            str(random.choice(THANKS if value >= 4 else SO_SO if value == 3 else BLAME)) if says else ""
            for value, says in zip(csat.tolist(), random.random(size) < 0.14, strict=True)
        ],
        dtype=object,
    )
    nps, ces = scale(NPS_STEPS, 0, 0.84, 0.5), scale(CES_STEPS, 1, 0.66, 0.5)
    return Answers(chosen, received, csat, nps, ces, resolved, words)


def draw_complaints(contacts: Contacts, *, span: Span, cast: Cast, clocks: dict[str, Clock]) -> Complaints:
    """Complaints, booked to the contact that caused them; mostly of customers who were not helped."""
    random = span.random(7)
    size = len(contacts)
    mood = contentment(contacts, cast, random)
    share = 0.0012 + 0.011 * contacts.is_unresolved + 0.006 * (mood < -1.5)
    received = contacts.ended + (random.exponential(1.9 * DAY, size)).astype(np.int64)
    can = contacts.is_answered & contacts.has_customer & (contacts.ended != NONE)
    can &= (received < horizon_of(contacts.queue, span, clocks)) & (QUEUE_CHANNEL[contacts.queue] != Channel.OUTBOUND)
    chosen = np.flatnonzero(can & (random.random(size) < share))
    text = np.array(COMPLAINTS, dtype=object)[random.integers(0, len(COMPLAINTS), len(chosen))]
    return Complaints(chosen, received[chosen], text)
