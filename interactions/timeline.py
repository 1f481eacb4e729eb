"""What happened in a contact, to scale: waiting, ringing, talking, holding, wrapping up, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from interactions.definitions import Text
from interactions.models import Complaint, Contact, Import, Outcome, SurveyAnswer
from interactions.neighbours import Neighbour, format_distance
from interactions.text import format_seconds

IMPORTS_SHOWN = 3
ROUNDING = 1.0  # seconds that whole-second sources lose between an instant and a duration
# Distances between the marks of an axis (seconds); the first that gives few enough is taken.
MARKS = (5, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400, 604_800, 2_592_000)
MOST_MARKS = 6


@dataclass(frozen=True)
class Step:
    """A stretch of a contact: what it was, when it began, and how long it took."""

    kind: str  # wait, ring, talk, hold, open or wrap, for its look
    name: str
    begins_at: dt.datetime
    seconds: float

    @property
    def ends_at(self) -> dt.datetime:
        """Where the next one begins."""
        return self.begins_at + dt.timedelta(seconds=self.seconds)


@dataclass(frozen=True)
class Bar:
    """A step on the drawing; ``start`` and ``width`` are percent of the whole."""

    step: Step
    start: float
    width: float


@dataclass(frozen=True)
class Lane:
    """One leg on the drawing. ``leg.contact`` is None where the viewer may not open it: then only its moment shows."""

    leg: Neighbour
    bars: list[Bar]
    start: float
    is_current: bool


@dataclass(frozen=True)
class Drawing:
    """The legs below each other on one axis of time; ``marks`` are (percent, time since the beginning)."""

    lanes: list[Lane]
    marks: list[tuple[float, str]]


@dataclass(frozen=True)
class Event:
    """Something that came after: when, how long after the contact was offered, and in words."""

    icon: str
    name: str
    at: dt.datetime
    after: str
    text: str = ""


def steps_of(contact: Contact) -> list[Step]:
    """Wait, ring, talk, hold and wrap-up, one after the other, by the instants that are known.

    Hold is one stretch, since nobody recorded when it was. Where more time lies between answer and end than was
    worked on it, as with e-mails and tickets, the rest is a stretch of being open.
    """
    moment = contact.offered_at
    steps: list[Step] = []
    for kind, name, seconds in _stretches(contact):
        if seconds > 0:
            steps.append(Step(kind, str(name), moment, seconds))
            moment = steps[-1].ends_at
    return steps


def _stretches(contact: Contact) -> list[tuple[str, Text, float]]:
    ring, talk, hold, wrap = (
        float(seconds)
        for seconds in (contact.ring_seconds, contact.talk_seconds, contact.hold_seconds, contact.wrap_seconds)
    )
    wait = float(contact.wait_seconds)
    if contact.answered_at:
        before = (contact.answered_at - contact.offered_at).total_seconds()
        # Some platforms count the ringing as waiting, others beside it: the instants tell.
        wait = max(before - ring, 0) if before > 0 else wait
    waiting = _("Waited in the queue") if contact.outcome != Outcome.WAITING else _("Waits in the queue")
    rest = 0.0
    if contact.answered_at and contact.ended_at:
        rest = (contact.ended_at - contact.answered_at).total_seconds() - talk - hold
        if rest <= max(ROUNDING, wrap + ROUNDING):  # an end that lies after the wrap-up is no rest
            rest = 0.0
    return [
        ("wait", waiting, wait),
        ("ring", _("Rang at the agent"), ring),
        ("talk", _("Talk"), talk),
        ("hold", _("On hold"), hold),
        ("open", _("Open, not worked on"), rest),
        ("wrap", _("Wrap-up"), wrap),
    ]


def drawn(legs: Sequence[Neighbour], contact: Contact) -> Drawing:
    """The legs of a conversation, or the contact alone, on one axis."""
    shown = legs or [Neighbour(contact, contact.offered_at)]
    steps = [steps_of(leg.contact) if leg.contact else [] for leg in shown]
    begin = min(leg.offered_at for leg in shown)
    end = max([leg.offered_at for leg in shown] + [step.ends_at for found in steps for step in found])
    whole = (end - begin).total_seconds()

    def place(moment: dt.datetime) -> float:
        return round(100 * (moment - begin).total_seconds() / whole, 2) if whole else 0.0

    lanes = [
        Lane(
            leg,
            [Bar(step, place(step.begins_at), round(100 * step.seconds / whole, 2)) for step in found] if whole else [],
            place(leg.offered_at),
            leg.contact is not None and leg.contact.pk == contact.pk,
        )
        for leg, found in zip(shown, steps, strict=True)
    ]
    return Drawing(lanes, _marks(whole))


def _marks(whole: float) -> list[tuple[float, str]]:
    """Round times along the axis, from 0 on."""
    if not whole:
        return []
    distance = next((mark for mark in MARKS if whole / mark <= MOST_MARKS), MARKS[-1])
    return [(round(100 * time / whole, 2), format_seconds(time)) for time in range(0, int(whole) + 1, distance)]


def afterwards(contact: Contact, answers: Iterable[SurveyAnswer], complaints: Iterable[Complaint]) -> list[Event]:
    """Transfer, survey answers and complaints, in their order."""
    events = [
        Event(
            "message-square",
            _("Survey answer"),
            answer.received_at,
            _since(contact, answer.received_at),
            _marks_of(answer),
        )
        for answer in answers
    ]
    events += [
        Event("megaphone", _("Complaint"), complaint.received_at, _since(contact, complaint.received_at))
        for complaint in complaints
    ]
    if contact.is_transferred and contact.ended_at:
        text = _("The customer was passed on; what followed is a further leg.")
        events.append(
            Event("arrow-right-left", _("Transferred out"), contact.ended_at, _since(contact, contact.ended_at), text)
        )
    return sorted(events, key=lambda event: event.at)


def _since(contact: Contact, moment: dt.datetime) -> str:
    return format_distance(moment - contact.offered_at)


def _marks_of(answer: SurveyAnswer) -> str:
    """The marks of an answer in one line, such as "Satisfaction 4 of 5"."""
    said = []
    if answer.csat is not None:
        said.append(_("satisfaction %(mark)s of 5") % {"mark": answer.csat})
    if answer.nps is not None:
        said.append(_("recommendation %(mark)s of 10") % {"mark": answer.nps})
    if answer.ces is not None:
        said.append(_("effort %(mark)s of 7") % {"mark": answer.ces})
    return " · ".join(said)


def imports_of(contact: Contact) -> list[Import]:
    """The latest deliveries of its source that changed its day: one of them brought it. For administrators."""
    return list(
        Import.objects.filter(
            source=contact.source_id,
            state=Import.State.DONE,
            first_day__lte=contact.day,
            last_day__gte=contact.day,
        )[:IMPORTS_SHOWN]
    )
