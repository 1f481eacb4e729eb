"""Amazon Connect contact records (CTR): JSON, one leg a record, delivered at least once.

Of the copies of a record the one with the greatest LastUpdateTimestamp counts, also across files. Source: Amazon
Connect administrator guide, contact records data model.

    wait   Queue.Duration: from entering the queue to leaving it
    talk   Agent.AgentInteractionDuration
    hold   Agent.CustomerHoldDuration
    wrap   Agent.AfterContactWorkDuration
    ended  ConnectedToAgentTimestamp + talk + hold. DisconnectTimestamp is the customer's: after a transfer they
           talk on with somebody else.

A record that names no queue (the menu was enough) is nothing that waited for anybody, and is set aside.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
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
    "agent",
    "customer",
    "outcome",
    "offered_at",
    "answered_at",
    "ended_at",
    "wait_seconds",
    "talk_seconds",
    "hold_seconds",
    "wrap_seconds",
    "is_transferred",
    "source_version",
]
CHANNELS = {"VOICE": "voice", "CHAT": "chat", "TASK": "ticket", "EMAIL": "email"}
BY_INITIATION = {"OUTBOUND": "outbound", "CALLBACK": "callback"}


class ContactRecords:
    """A file of contact records that is open for reading."""

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
        documents = iter(self._documents)
        while rows := [_row(document) for document in islice(documents, ROWS_AT_ONCE)]:
            yield Rows(rows)


def _row(document: Document) -> Row:
    if document.broken:
        return Row(document.line, refusal=document.broken)
    record = document.value
    if not isinstance(record, dict) or not record.get("ContactId"):
        return Row(document.line, refusal=_("This is no contact record: it has no ContactId."))
    contact = str(record["ContactId"])
    queue = record.get("Queue") or {}
    if not queue.get("Name"):
        return Row(document.line, refusal=_("The contact never entered a queue."), is_set_aside=True, name=contact)
    try:
        return Row(document.line, _leg(contact, record, queue, record.get("Agent") or {}))
    except (TypeError, ValueError, AttributeError):
        refusal = _("The contact record cannot be read: a time or a duration in it is none.")
        return Row(document.line, refusal=refusal, name=contact)


def _leg(contact: str, record: dict[str, Any], queue: dict[str, Any], agent: dict[str, Any]) -> list[str | None]:
    answered = _instant(agent.get("ConnectedToAgentTimestamp"))
    talk, hold = _seconds(agent, "AgentInteractionDuration"), _seconds(agent, "CustomerHoldDuration")
    disconnected = _instant(record.get("DisconnectTimestamp"))
    ended = answered + dt.timedelta(seconds=talk + hold) if answered else disconnected
    outcome = "answered" if answered else "abandoned" if disconnected else "waiting"
    channel = BY_INITIATION.get(record.get("InitiationMethod") or "") or CHANNELS.get(record.get("Channel") or "VOICE")
    return [
        contact,
        record.get("InitialContactId") or contact,
        channel or record.get("Channel"),
        queue["Name"],
        agent.get("Username"),
        (record.get("CustomerEndpoint") or {}).get("Address"),
        outcome,
        _text(_instant(queue.get("EnqueueTimestamp") or record.get("InitiationTimestamp"))),
        _text(answered),
        _text(ended),
        str(_seconds(queue, "Duration")) if outcome != "waiting" else None,
        str(talk),
        str(hold),
        str(_seconds(agent, "AfterContactWorkDuration")),
        "true" if record.get("TransferCompletedTimestamp") else "false",
        _text(_instant(record.get("LastUpdateTimestamp"))) or "",
    ]


def _seconds(part: dict[str, Any], name: str) -> float:
    return float(part.get(name) or 0)


def _instant(value: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(value).astimezone(dt.UTC) if value else None


def _text(instant: dt.datetime | None) -> str | None:
    """ISO 8601 in UTC to the microsecond, so that versions sort as text."""
    return instant.isoformat(sep=" ", timespec="microseconds") if instant else None
