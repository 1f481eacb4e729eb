"""Genesys Cloud analytics conversation details: conversation → participants → sessions → metrics and segments.

A leg is one session in a queue (participant purpose ``acd``) with the agent's session that answered it. Durations
are metrics in milliseconds. Source: Genesys Cloud developer center, analytics metrics and conversation detail model.

    wait   tAnswered of the agent's session; tAbandon, tFlowOut or tAcd of the queue's where nobody answered
    ring   tAlert        talk   tTalkComplete, else the sum of tTalk
    wrap   tAcw          hold   tHeldComplete, else the sum of tHeld

An agent's session that was offered and not responded to is no handled contact and gives no leg. A session that
left its queue unanswered (tAbandon, or tFlowOut to another) counts as abandoned: the queue did not serve it. A
conversation that is delivered again later replaces the earlier copy, by its latest moment. Conversations without
a queue are set aside.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from interactions.readers.base import Piece, Row, Rows
from interactions.readers.json_documents import Document, Documents

ROWS_AT_ONCE = 10_000
COLUMNS = [
    "external_id",
    "conversation_id",
    "channel",
    "queue",
    "queue_name",
    "agent",
    "agent_name",
    "reason",
    "customer",
    "outcome",
    "offered_at",
    "answered_at",
    "ended_at",
    "wait_seconds",
    "ring_seconds",
    "talk_seconds",
    "hold_seconds",
    "wrap_seconds",
    "is_transferred",
    "source_version",
]
CHANNELS = {"voice": "voice", "chat": "chat", "message": "chat", "email": "email", "callback": "callback"}
TRANSFERS = ("nTransferred", "nBlindTransferred", "nConsultTransferred")
# Wrap-up codes that the platform sets by itself are no reasons.
NO_REASON = ("ININ-WRAP-UP-TIMEOUT", "ININ-WRAP-UP-SKIPPED", "ININ-OUTBOUND-")

Json = dict[str, Any]


class ConversationDetails:
    """A file of conversations that is open for reading: one by one, or pages with ``conversations``."""

    columns = COLUMNS

    def __init__(self, path: Path) -> None:
        self._documents = Documents(path)

    @property
    def share(self) -> float:
        return self._documents.share

    def close(self) -> None:
        self._documents.close()

    def pieces(self) -> Iterator[Piece]:
        """The legs, in order. Raises CannotImport for what is no text."""
        rows = (row for document in self._documents for row in _rows(document))
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            yield Rows(batch)


def _rows(document: Document) -> Iterator[Row]:
    if document.broken:
        yield Row(document.line, refusal=document.broken)
        return
    page = document.value if isinstance(document.value, dict) else {}
    for conversation in page.get("conversations", [page]):
        try:
            yield from _legs(document.line, conversation)
        except KeyError as error:
            refusal = _("This is no whole conversation: it has no “%(name)s”. Export it again with all its parts.")
            yield Row(document.line, refusal=refusal % {"name": error.args[0]})
        except (TypeError, ValueError, AttributeError):
            refusal = _("This is no conversation: a time, a number or a list is missing, or is something else.")
            yield Row(document.line, refusal=refusal)


@dataclass(slots=True)
class Session:
    """A session with its participant, its metrics in seconds and its segments in order."""

    participant: Json
    json: Json
    metrics: dict[str, float]
    segments: list[Json]

    @property
    def begins(self) -> dt.datetime:
        return _instant(self.segments[0]["segmentStart"])

    @property
    def answered(self) -> dt.datetime | None:
        """When the agent began to talk; None for an agent who did not respond."""
        talking = [segment for segment in self.segments if segment.get("segmentType") == "interact"]
        return _instant(talking[0]["segmentStart"]) if talking and "tNotResponding" not in self.metrics else None

    @property
    def queue(self) -> str | None:
        return next((segment["queueId"] for segment in self.segments if segment.get("queueId")), None)


def _legs(line: int, conversation: Json) -> Iterator[Row]:
    name = conversation["conversationId"]
    sessions = list(_sessions(conversation["participants"]))
    queued = [session for session in sessions if session.participant.get("purpose") == "acd"]
    agents = [s for s in sessions if s.participant.get("purpose") == "agent" and s.answered]
    if not queued:
        yield Row(line, refusal=_("The conversation never entered a queue."), is_set_aside=True, name=name)
        return
    version = max(_moments(conversation, sessions))
    is_over = bool(conversation.get("conversationEnd"))
    for position, session in enumerate(queued):
        until = queued[position + 1].begins if position + 1 < len(queued) else None
        answering = next((agent for agent in agents if _answers(agent, session, until)), None)
        yield Row(line, _values(conversation, session, answering, version, is_over=is_over))


def _answers(agent: Session, queued: Session, until: dt.datetime | None) -> bool:
    """Whether an agent's session took the contact out of this queue, before it entered the next."""
    if agent.queue and queued.queue and agent.queue != queued.queue:
        return False
    return queued.begins <= (agent.answered or queued.begins) and (until is None or agent.begins < until)


def _sessions(participants: list[Json]) -> Iterator[Session]:
    found = []
    for participant in participants:
        for session in participant.get("sessions", []):
            segments = sorted(session.get("segments", []), key=lambda segment: segment["segmentStart"])
            if segments:
                found.append(Session(participant, session, _metrics(session), segments))
    yield from sorted(found, key=lambda session: session.begins)


def _metrics(session: Json) -> dict[str, float]:
    """The sum of each metric; times in seconds."""
    sums: dict[str, float] = {}
    for metric in session.get("metrics", []):
        value = metric["value"] / 1000 if metric["name"].startswith("t") else metric["value"]
        sums[metric["name"]] = sums.get(metric["name"], 0) + value
    return sums


def _moments(conversation: Json, sessions: list[Session]) -> Iterator[str]:
    """Every moment of a conversation, so that the later copy of it can be told."""
    yield _text(_instant(conversation.get("conversationEnd") or conversation["conversationStart"])) or ""
    for session in sessions:
        for metric in session.json.get("metrics", []):
            if metric.get("emitDate"):
                yield _text(_instant(metric["emitDate"])) or ""
        for segment in session.segments:
            yield _text(_instant(segment.get("segmentEnd") or segment["segmentStart"])) or ""


def _values(
    conversation: Json, queued: Session, agent: Session | None, version: str, *, is_over: bool
) -> list[str | None]:
    name = conversation["conversationId"]
    answered = agent.answered if agent else None
    metrics = agent.metrics if agent else {}
    left = next((queued.metrics[m] for m in ("tAbandon", "tFlowOut") if m in queued.metrics), None)
    outcome = "answered" if answered else "abandoned" if left is not None or is_over else "waiting"
    wait = metrics.get("tAnswered", queued.metrics.get("tAcd")) if answered else left or queued.metrics.get("tAcd")
    offered = answered - dt.timedelta(seconds=wait) if answered and wait is not None else queued.begins
    talk = metrics.get("tTalkComplete", metrics.get("tTalk", 0))
    hold = metrics.get("tHeldComplete", metrics.get("tHeld", 0))
    ended = answered + dt.timedelta(seconds=talk + hold) if answered else None
    return [
        f"{name}/{queued.json.get('sessionId') or _text(queued.begins)}",
        name,
        _channel(queued.json),
        queued.queue,
        queued.participant.get("participantName"),
        agent.participant.get("userId") if agent else None,
        agent.participant.get("participantName") if agent else None,
        _reason(agent),
        _customer(conversation["participants"]),
        outcome,
        _text(offered),
        _text(answered),
        _text(ended),
        None if wait is None else f"{wait:.3f}",
        f"{metrics.get('tAlert', 0):.3f}",
        f"{talk:.3f}",
        f"{hold:.3f}",
        f"{metrics.get('tAcw', 0):.3f}",
        "true" if any(metrics.get(transfer) for transfer in TRANSFERS) else "false",
        version,
    ]


def _channel(session: Json) -> str:
    if session.get("direction") == "outbound":
        return "outbound"
    return CHANNELS.get(session.get("mediaType") or "voice", "voice")


def _reason(agent: Session | None) -> str | None:
    """The wrap-up code that the agent chose."""
    codes = [segment.get("wrapUpCode") or "" for segment in agent.segments] if agent else []
    return next((code for code in codes if code and not code.startswith(NO_REASON)), None)


def _customer(participants: list[Json]) -> str | None:
    """Who contacted: a number without ``tel:``, or an address."""
    for participant in participants:
        if participant.get("purpose") in ("customer", "external"):
            for session in participant.get("sessions", []):
                address = session.get("ani") or session.get("addressFrom") or session.get("addressOther")
                if address:
                    return str(address).removeprefix("tel:").removeprefix("sip:").partition("@sip")[0]
    return None


def _instant(value: str) -> dt.datetime:
    return dt.datetime.fromisoformat(value).astimezone(dt.UTC)


def _text(instant: dt.datetime | None) -> str | None:
    return instant.isoformat(sep=" ", timespec="microseconds") if instant else None
