"""One report on its way to one person: measured as that person, and sent at most once.

The message is made before the delivery is claimed, so a worker that dies meanwhile loses nothing: the delivery
waits and is taken up again. One that dies while it talks to the mail server leaves a delivery of which nobody
knows whether it arrived; that is said in the log and not tried again.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.utils import timezone, translation

from callcenter.reports.content import report_of
from callcenter.reports.mail import message_of
from callcenter.reports.models import Delivery
from callcenter.reports.services import why_not

log = logging.getLogger(__name__)

State = Delivery.State
MOST_ATTEMPTS = 5
LONGEST_SENDING = dt.timedelta(minutes=15)


def unfinished() -> list[int]:
    """Ids of the deliveries that wait; those left in the middle by a worker that died are closed first."""
    lost = Delivery.objects.filter(state=State.SENDING, changed_at__lt=timezone.now() - LONGEST_SENDING)
    lost.update(state=State.FAILED, reason=Delivery.Reason.INTERRUPTED, changed_at=timezone.now())
    return list(Delivery.objects.filter(state=State.WAITING).order_by("pk").values_list("pk", flat=True))


def deliver(delivery_id: int) -> None:
    """Make and send one report, unless it is under way, done or no longer the recipient's to see."""
    rows = Delivery.objects.filter(pk=delivery_id, state=State.WAITING)
    delivery = rows.select_related("schedule__team__site", "recipient").first()
    if delivery is None:
        return
    if reason := why_not(delivery.recipient, delivery.schedule.team):
        rows.update(state=State.SKIPPED, reason=reason, changed_at=timezone.now())
        return
    try:
        message = _message(delivery)
    except Exception:
        # Not the mail server's doing: trying it again would fail again.
        rows.update(state=State.FAILED, reason=Delivery.Reason.NOT_MADE, changed_at=timezone.now())
        raise
    claimed = rows.update(
        state=State.SENDING, attempts=F("attempts") + 1, address=delivery.recipient.email, changed_at=timezone.now()
    )
    if claimed:
        _send(delivery, message)


def _message(delivery: Delivery) -> EmailMultiAlternatives:
    """In the reader's language, with what the reader may see."""
    schedule, reader = delivery.schedule, delivery.recipient
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        report = report_of(
            reader, team=schedule.team, period=schedule.rhythm.period_at(delivery.due_at), compare=schedule.compare
        )
        is_attached = schedule.attachment == schedule.Attachment.PDF
        return message_of(report, to=reader.email, is_attached=is_attached, key=f"report-{delivery.pk}")


def _send(delivery: Delivery, message: EmailMultiAlternatives) -> None:
    rows = Delivery.objects.filter(pk=delivery.pk)
    try:
        message.send()
    except OSError as error:  # smtplib's errors too: the server cannot be reached, or refuses
        log.warning("Report %s was not sent: %s", delivery.pk, error)
        is_last = delivery.attempts + 1 >= MOST_ATTEMPTS
        state = State.FAILED if is_last else State.WAITING
        rows.update(state=state, error=str(error), changed_at=timezone.now())
    except Exception as error:
        # Nothing left the house, and the same message would fail again.
        rows.update(state=State.FAILED, error=str(error), changed_at=timezone.now())
        raise
    else:
        rows.update(state=State.SENT, error="", changed_at=timezone.now())
