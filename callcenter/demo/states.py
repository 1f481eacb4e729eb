"""What each agent did all day: the states that belong to the contacts and to the stretches of work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callcenter.demo.contacts import Contacts
from callcenter.demo.roster import Roster
from interactions.models import AgentState

STATE = AgentState.State


@dataclass(frozen=True)
class States:
    """Columns of agent states, in order per stint; instants are UTC seconds, no two of an agent overlap."""

    stint: np.ndarray
    day: np.ndarray
    state: np.ndarray
    started: np.ndarray
    ended: np.ndarray


def record_states(contacts: Contacts, roster: Roster, came: list[int], left: list[int]) -> States:
    """On contact and wrap-up from the contacts, ready in between, and what lies between the stretches of work."""
    handled = np.flatnonzero(contacts.is_answered)
    handled = handled[np.lexsort((contacts.answered[handled], contacts.stretch[handled]))]
    stretch, answered = contacts.stretch[handled], contacts.answered[handled]
    closed = answered + (contacts.talk + contacts.hold)[handled]
    done = contacts.busy_until[handled]
    parts = [
        (stretch, STATE.ON_CONTACT, answered, closed),
        (stretch, STATE.WRAP, closed, done),
        *ready_between(stretch, answered, done, np.array(came), np.array(left)),
        *absences(roster, np.array(came), np.array(left)),
    ]
    return in_order(parts, roster)


Part = tuple[np.ndarray, str, np.ndarray, np.ndarray]  # stretch, state, from, until


def ready_between(
    stretch: np.ndarray, answered: np.ndarray, done: np.ndarray, came: np.ndarray, left: np.ndarray
) -> list[Part]:
    """Ready before each contact of a stretch, and after the last one."""
    is_first = np.diff(stretch, prepend=-1) != 0
    since = np.where(is_first, came[stretch], np.roll(done, 1))
    last_done = came.copy()
    last_done[stretch] = done  # in order of time, so the last one stays
    everything = np.arange(len(came))
    return [(stretch, STATE.READY, since, answered), (everything, STATE.READY, last_done, left)]


def absences(roster: Roster, came: np.ndarray, left: np.ndarray) -> list[Part]:
    """From leaving one stretch to coming to the next: break, lunch, meeting, training or an outage."""
    kinds = np.array(roster.absence, dtype=object)
    parts: list[Part] = []
    for kind in sorted(set(roster.absence) - {""}):
        before = np.flatnonzero(kinds == kind)
        parts.append((before, kind, left[before], came[before + 1]))
    return parts


def in_order(parts: list[Part], roster: Roster) -> States:
    """All parts that last, by stint and time."""
    stretch = np.concatenate([part[0] for part in parts])
    state = np.concatenate([np.full(len(part[0]), str(part[1]), dtype=object) for part in parts])
    started = np.concatenate([part[2] for part in parts])
    ended = np.concatenate([part[3] for part in parts])
    stint, day = np.array(roster.work_stint)[stretch], np.array(roster.work_day)[stretch]
    order = np.lexsort((started, stint))
    order = order[(ended > started)[order]]
    return States(stint[order], day[order], state[order], started[order], ended[order])
