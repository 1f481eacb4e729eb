"""Asterisk's ``queue_log``: one event a line, ``time|call|queue|agent|event|data…``.

A leg begins when a call enters a queue and ends with one of the events below. Source: Asterisk documentation,
Queue Logs.

    CONNECT            answered; data1 is the wait in seconds
    COMPLETEAGENT,
    COMPLETECALLER     ended; data1 is the wait, data2 the talk in seconds
    TRANSFER           ended by a blind transfer; data3 is the wait, data4 the talk
    BLINDTRANSFER,
    ATTENDEDTRANSFER   the same since Asterisk 12
    ABANDON            the caller hung up; data3 is the wait
    EXITWITHTIMEOUT,
    EXITEMPTY,
    EXITWITHKEY        left the queue unanswered; data3 is the wait where it is given. They count as abandoned: the
                       queue did not serve them. The next queue's leg shares the conversation.

A call that entered and did nothing more is still waiting; one that was connected and did not complete is
answered, with its talk not known yet. A later file completes both: legs have the same external id, and the later
event wins. Other events (RINGNOANSWER, PAUSE, ADDMEMBER, …) are no contacts.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from interactions.readers.base import Piece, Row, Rows
from interactions.readers.delimited import LineBuffer

ROWS_AT_ONCE = 20_000
MOST_CALLS_REMEMBERED = 20_000
COLUMNS = [
    "external_id",
    "conversation_id",
    "channel",
    "queue",
    "agent",
    "customer",
    "outcome",
    "offered_at",
    "answered_at",
    "ended_at",
    "wait_seconds",
    "talk_seconds",
    "is_transferred",
    "source_version",
]

CONNECT = "CONNECT"
COMPLETE = ("COMPLETEAGENT", "COMPLETECALLER")
TRANSFER = ("TRANSFER", "BLINDTRANSFER", "ATTENDEDTRANSFER")
LEFT = ("ABANDON", "EXITWITHTIMEOUT", "EXITEMPTY", "EXITWITHKEY")
OF_CALLS = ("ENTERQUEUE", CONNECT, *COMPLETE, *TRANSFER, *LEFT)
# How a channel names the agent: Local/2004@from-internal/n, SIP/2004-0000001a, Agent/2004.
CHANNEL_NAME = re.compile(r"^(?:Local|SIP|PJSIP|IAX2|DAHDI|Agent)/([^@/-]+)")
NO_CALLER = {"", "anonymous", "unknown", "restricted", "unavailable", "private", "asterisk"}


@dataclass(slots=True)
class Leg:
    """One call's time in one queue, as far as it is known."""

    line: int
    external_id: str
    call: str
    queue: str
    offered: float
    version: float
    customer: str | None = None
    agent: str | None = None
    outcome: str = "waiting"
    answered: float | None = None
    ended: float | None = None
    wait: float | None = None
    talk: float | None = None
    is_transferred: bool = False

    def row(self) -> Row:
        values = [
            self.external_id,
            self.call,
            "voice",
            self.queue,
            self.agent,
            self.customer,
            self.outcome,
            _instant(self.offered),
            _instant(self.answered),
            _instant(self.ended),
            _number(self.wait),
            _number(self.talk),
            "true" if self.is_transferred else "false",
            f"{self.version:020.6f}",
        ]
        return Row(self.line, values)


class QueueLog:
    """A ``queue_log`` that is open for reading. Of a call it keeps what is needed until the leg ends."""

    columns = COLUMNS
    # A later file may begin in the middle of a call, where the caller is not named.
    keeps = ("customer",)

    def __init__(self, path: Path) -> None:
        self._size = max(path.stat().st_size, 1)
        self._file = path.open("rb")
        self._buffer = LineBuffer(self._file, None)
        self._open: dict[tuple[str, str], Leg] = {}
        # How often a call entered a queue; of the latest calls only, as no call lasts longer than thousands others.
        self._times_entered: dict[tuple[str, str], int] = {}

    @property
    def share(self) -> float:
        return self._buffer.bytes_read / self._size

    def close(self) -> None:
        self._file.close()

    def pieces(self) -> Iterator[Piece]:
        """The legs: each when it ends, and at last those that did not. Raises CannotImport."""
        legs = self._legs()
        while rows := list(islice(legs, ROWS_AT_ONCE)):
            yield Rows(rows)

    def _legs(self) -> Iterator[Row]:
        number = 0
        while chunk := self._buffer.chunk():
            for line in chunk.splitlines():
                number += 1
                yield from self._read(number, line)
        for leg in self._open.values():
            yield leg.row()
        self._open.clear()

    def _read(self, number: int, line: str) -> Iterator[Row]:
        """Take in one event; gives the row of the leg that it ends, or of the line that is broken."""
        fields = line.split("|")
        if not line.strip():
            return
        if len(fields) < 5:
            yield Row(number, refusal=_("This is no line of a queue_log: it has fewer than 5 fields."))
            return
        if fields[4] not in OF_CALLS:
            return
        try:
            ended = self._take(number, float(fields[0]), fields[1:5], fields[5:])
        except (ValueError, IndexError):
            refusal = _("The event %(event)s has no number where one is expected.") % {"event": fields[4]}
            yield Row(number, refusal=refusal, name=fields[1])
            return
        if ended:
            yield ended.row()

    def _take(self, number: int, at: float, about: list[str], data: list[str]) -> Leg | None:
        call, queue, agent, event = about
        leg = self._open.get((call, queue))
        if event == "ENTERQUEUE":
            self._open[call, queue] = self._entered(number, at, call, queue, data)
            return leg
        wait, talk = _wait_and_talk(event, data)
        if leg is None:
            leg = self._begun_before(number, at - (talk or 0) - (wait or 0), call, queue)
        leg.version = at
        leg.wait = leg.wait if wait is None else wait
        if event in LEFT:
            leg.outcome, leg.ended = "abandoned", at
            leg.wait = at - leg.offered if wait is None else wait
        else:
            self._answer(leg, at, agent, event, talk)
        if event == CONNECT:
            self._open[call, queue] = leg
            return None
        return self._open.pop((call, queue), leg)

    def _answer(self, leg: Leg, at: float, agent: str, event: str, talk: float | None) -> None:
        leg.outcome, leg.agent = "answered", agent_name(agent)
        if event == CONNECT:
            leg.answered = at
            return
        leg.talk, leg.is_transferred = talk or 0, event in TRANSFER
        leg.answered = at - leg.talk if leg.answered is None else leg.answered
        leg.ended = leg.answered + leg.talk

    def _entered(self, number: int, at: float, call: str, queue: str, data: list[str]) -> Leg:
        caller = data[1].strip() if len(data) > 1 else ""
        times = self._count_entering(call, queue)
        leg = self._begun_before(number, at, call, queue)
        leg.external_id += f"/{times}" if times > 1 else ""
        leg.customer = None if caller.lower() in NO_CALLER else caller
        return leg

    def _count_entering(self, call: str, queue: str) -> int:
        """The times that a call has entered a queue by now."""
        times = self._times_entered[call, queue] = self._times_entered.pop((call, queue), 0) + 1
        if len(self._times_entered) > MOST_CALLS_REMEMBERED:
            del self._times_entered[next(iter(self._times_entered))]
        return times

    def _begun_before(self, number: int, offered: float, call: str, queue: str) -> Leg:
        return Leg(number, f"{call}/{queue}", call, queue, offered, offered)


def _wait_and_talk(event: str, data: list[str]) -> tuple[float | None, float | None]:
    """The wait and the talk in seconds that an event names."""
    if event == CONNECT:
        return float(data[0]), None
    if event in COMPLETE:
        return float(data[0]), float(data[1])
    if event in TRANSFER:
        return float(data[2]), float(data[3])
    return (float(data[2]) if len(data) > 2 and data[2] else None), None


def agent_name(channel: str) -> str | None:
    """The agent behind a channel's name; None where there is nobody."""
    if channel in ("", "NONE"):
        return None
    match = CHANNEL_NAME.match(channel)
    return match[1] if match else channel


def _instant(at: float | None) -> str | None:
    return None if at is None else dt.datetime.fromtimestamp(at, dt.UTC).isoformat(sep=" ")


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:.3f}"
