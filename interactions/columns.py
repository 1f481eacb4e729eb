"""The columns of a list of contacts: each person chooses theirs, and the browser remembers them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from interactions.definitions import Text
from interactions.models import Contact, Outcome
from interactions.text import NOTHING, format_seconds

COOKIE = "contact_columns"
BETWEEN = "-"
SECONDS_KEPT = 365 * 24 * 3600


@dataclass(frozen=True)
class Column:
    """A column: its key, its head, and what stands in it for a contact. Times can be sorted by, the longest first."""

    key: str
    label: Text
    text: Callable[[Contact], str]
    is_usual: bool = True
    order: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it holds a time, and so stands to the right."""
        return self.key in TIMES


def _time(key: str, label: Text, *, is_usual: bool = True, is_sorted: bool = True) -> Column:
    """A column of a duration (seconds)."""
    field = f"{key}_seconds"
    return Column(key, label, lambda contact: _duration(contact, field), is_usual, f"-{field}" if is_sorted else "")


def _duration(contact: Contact, field: str) -> str:
    """A contact's duration; "–" while it waits and nothing is known of it yet."""
    seconds = getattr(contact, field)
    return NOTHING if not seconds and contact.outcome == Outcome.WAITING else format_seconds(seconds)


def _outcome(contact: Contact) -> str:
    outcome = contact.get_outcome_display()
    return gettext("%(outcome)s, transferred") % {"outcome": outcome} if contact.is_transferred else outcome


TIMES = ("wait", "ring", "talk", "hold", "wrap", "handle")
COLUMNS = (
    Column("channel", _("Channel"), lambda contact: contact.get_channel_display()),
    Column("queue", _("Queue"), lambda contact: str(contact.queue)),
    Column("reason", _("Reason"), lambda contact: str(contact.reason or NOTHING)),
    Column("team", _("Team"), lambda contact: str(contact.team or NOTHING)),
    Column("agent", _("Agent"), lambda contact: str(contact.agent or NOTHING)),
    Column("outcome", _("Outcome"), _outcome),
    _time("wait", _("Wait")),
    _time("ring", _("Ring"), is_usual=False),
    _time("talk", _("Talk")),
    _time("hold", _("Hold")),
    _time("wrap", _("Wrap-up")),
    # Kept by the database from the others, and so no field that a cursor can be checked against.
    _time("handle", _("Handle time"), is_usual=False, is_sorted=False),
    Column("id", _("Id at the source"), lambda contact: contact.external_id, is_usual=False),
)
SORTED_BY = {column.key: column for column in COLUMNS if column.order}


def chosen_columns(request: HttpRequest) -> list[Column]:
    """What this person chose; the usual ones where they never did, or where nothing known is left of it."""
    keys = request.COOKIES.get(COOKIE, "").split(BETWEEN)
    return [column for column in COLUMNS if column.key in keys] or [column for column in COLUMNS if column.is_usual]


def remember_columns(response: HttpResponse, keys: Iterable[str], *, is_secure: bool) -> None:
    """Keep a choice for a year; without any known column, forget it."""
    known = [column.key for column in COLUMNS if column.key in set(keys)]
    if not known:
        response.delete_cookie(COOKIE)
        return
    response.set_cookie(
        COOKIE, BETWEEN.join(known), max_age=SECONDS_KEPT, secure=is_secure, httponly=True, samesite="Lax"
    )
