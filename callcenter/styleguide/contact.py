"""An invented contact for the style page; it is never saved."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from interactions.models import Contact, Outcome
from interactions.neighbours import format_distance
from interactions.timeline import Event

OFFERED_AT = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
SURVEYED_AFTER = dt.timedelta(hours=3)


def sample_contact() -> Contact:
    """A call with every kind of step: 40 s of waiting, 8 of ringing, 230 of talk, 60 on hold, 25 of wrap-up."""
    return Contact(
        outcome=Outcome.ANSWERED,
        offered_at=OFFERED_AT,
        answered_at=OFFERED_AT + dt.timedelta(seconds=48),
        ended_at=OFFERED_AT + dt.timedelta(seconds=338),
        wait_seconds=Decimal(40),
        ring_seconds=Decimal(8),
        talk_seconds=Decimal(230),
        hold_seconds=Decimal(60),
        wrap_seconds=Decimal(25),
    )


def sample_events() -> list[Event]:
    """What came of it."""
    surveyed_at = OFFERED_AT + SURVEYED_AFTER
    return [Event("message-square", _("Survey answer"), surveyed_at, format_distance(SURVEYED_AFTER), "4")]
