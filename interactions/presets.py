"""Sources that are known by name: their mapping, and the site whose clock their times follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from interactions.models import Source


@dataclass(frozen=True)
class Preset:
    """A source ready to be made. ``site`` holds code, name, time zone and country."""

    name: str
    about: str
    site: dict[str, str]
    mapping: dict[str, Any]
    fact: str = Source.Fact.CONTACTS
    kind: str = Source.Kind.TABLE
    unknown: dict[str, str] = field(
        default_factory=lambda: {"unknown_agents": Source.Unknown.CREATE, "unknown_queues": Source.Unknown.CREATE}
    )


ANONYMOUS_BANK = Preset(
    name="anonymous_bank",
    about="Call records of a small Israeli bank, 1999, as published by the Technion's service engineering group.",
    site={"code": "anonymous-bank", "name": "Anonymous Bank", "time_zone": "Asia/Jerusalem", "country": "IL"},
    mapping={
        "delimiter": "\t",
        "encoding": "utf-8",
        "columns": {
            "external_id": {"from": ["vru+line", "call_id", "date"], "separator": "-"},
            "channel": {"constant": "voice"},
            "queue": {"from": "type"},
            "reason": {"from": "type"},
            "agent": {"from": "server", "none": ["NO_SERVER"]},
            "customer": {"from": "customer_id", "none": ["0"]},
            "outcome": {"from": "outcome", "values": {"AGENT": "answered", "HANG": "abandoned"}},
            "offered_at": {"from": ["date", "vru_exit"], "format": "%y%m%d %H:%M:%S"},
            "wait_seconds": {"from": "q_time"},
            "talk_seconds": {"from": "ser_time"},
        },
        "set_aside": [
            {"column": "outcome", "is": ["PHANTOM"], "reason": "A phantom call is no contact: nobody was there."}
        ],
    },
)

PRESETS: dict[str, Preset] = {preset.name: preset for preset in (ANONYMOUS_BANK,)}
