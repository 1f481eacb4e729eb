"""What the floor works on: the legs as they come up, the chance that was drawn for each, and the queues."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from callcenter.demo.centre import LIVE, QUEUE_CODES, QUEUES, REASON_CODES, QueuePlan
from callcenter.demo.demand import Arrivals
from people.models import Channel


@dataclass
class Legs:
    """Columns of the contacts, one entry per leg, in the order in which they came up. Instants are UTC seconds."""

    offered: list[int] = field(default_factory=list)
    queue: list[int] = field(default_factory=list)
    reason: list[int] = field(default_factory=list)
    origin: list[int] = field(default_factory=list)  # the first contact of the same matter
    conversation: list[int] = field(default_factory=list)  # the first leg of the same conversation
    stretch: list[int] = field(default_factory=list)  # the stretch of work in which it was handled, or -1
    answered: list[int] = field(default_factory=list)
    ring: list[int] = field(default_factory=list)
    conversation_seconds: list[int] = field(default_factory=list)
    wrap: list[int] = field(default_factory=list)
    gave_up: list[int] = field(default_factory=list)  # the instant of hanging up, or 0
    is_transferred: list[bool] = field(default_factory=list)
    is_unresolved: list[bool] = field(default_factory=list)
    is_dropped: list[bool] = field(default_factory=list)  # the dialler found nobody free: never happened

    def add(self, *, offered: int, queue: int, reason: int, origin: int, conversation: int) -> int:
        """A new leg that nobody has answered yet; its number. ``origin`` or ``conversation`` -1 is the leg itself."""
        number = len(self.offered)
        self.offered.append(offered)
        self.queue.append(queue)
        self.reason.append(reason)
        self.origin.append(number if origin < 0 else origin)
        self.conversation.append(number if conversation < 0 else conversation)
        self.stretch.append(-1)
        for column in (self.answered, self.ring, self.conversation_seconds, self.wrap, self.gave_up):
            column.append(0)
        for flag in (self.is_transferred, self.is_unresolved, self.is_dropped):
            flag.append(False)
        return number


class Chance:
    """Everything that depends on chance, drawn beforehand: one row per leg that may come up."""

    def __init__(self, random: np.random.Generator, size: int) -> None:
        self.talk = np.exp(random.normal(-0.125, 0.5, size)).tolist()  # mean 1
        self.wrap = np.exp(random.normal(-0.18, 0.6, size)).tolist()  # mean 1
        self.ring = random.integers(2, 7, size).tolist()
        hangs_up_at_once = random.random(size) < 0.012
        patience = np.where(hangs_up_at_once, random.uniform(0.002, 0.022, size), random.gamma(1.6, 0.625, size))
        self.patience = patience.tolist()  # in units of the queue's mean
        self.fate = random.random(size).tolist()
        self.returns = random.random(size).tolist()
        self.delay = random.random(size).tolist()


@dataclass
class Line:
    """A queue on the floor."""

    plan: QueuePlan
    number: int
    waiting: deque[int]
    arrivals: list[int]  # when new contacts come to it: those who come back do so at such moments
    talk: dict[int, float]
    own: list[int] = field(default_factory=list)  # workers of its team
    helpers: list[int] = field(default_factory=list)
    is_paced: bool = False
    is_live: bool = False
    transfers_to: tuple[int, ...] = ()
    returns_to: int = 0


def open_line(number: int, arrivals: Arrivals) -> Line:
    """A queue on the floor, before anybody works in it."""
    plan = QUEUES[number]
    return Line(
        plan=plan,
        number=number,
        waiting=deque(),
        arrivals=arrivals.at[arrivals.queue == number].tolist(),
        talk={REASON_CODES.index(code): seconds for code, (_, seconds) in plan.reasons.items()},
        is_paced=plan.channel is Channel.OUTBOUND,
        is_live=plan.channel in LIVE,
        transfers_to=tuple(QUEUE_CODES.index(code) for code in plan.transfers_to),
        returns_to=QUEUE_CODES.index(plan.calls_next) if plan.calls_next else number,
    )
