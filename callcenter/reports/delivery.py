"""One report on its way to one person: measured as that person, and sent at most once.

Whoever makes the message holds the delivery's row meanwhile, so a second worker passes it by, and a worker that dies
loses nothing: the delivery waits and is taken up again. One that dies while it talks to the mail server leaves a
delivery of which nobody knows whether it arrived; that is said in the log and not tried again. A mail server that
is away is asked again after a growing delay; until then the delivery is nobody's to take.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone, translation

from callcenter.reports.content import report_of
from callcenter.reports.mail import message_of
from callcenter.reports.models import Delivery
from callcenter.reports.services import why_no_longer

log = logging.getLogger(__name__)

State = Delivery.State
# How long to wait after each failed attempt: from a server that restarts to one that is mended the next morning.
DELAYS = (
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=15),
    dt.timedelta(hours=1),
    dt.timedelta(hours=4),
    dt.timedelta(hours=12),
)
LONGEST_SENDING = dt.timedelta(minutes=15)


def unfinished() -> list[int]:
    """Ids of the deliveries whose time has come; those left in the middle by a worker that died are closed first."""
    lost = Delivery.objects.filter(state=State.SENDING, changed_at__lt=timezone.now() - LONGEST_SENDING)
    lost.update(state=State.FAILED, reason=Delivery.Reason.INTERRUPTED, changed_at=timezone.now())
    return list(Delivery.objects.to_be_sent(timezone.now()).order_by("pk").values_list("pk", flat=True))


def deliver(delivery_id: int) -> None:
    """Make and send one report, unless it is another worker's, done, waiting, or not the recipient's to see."""
    try:
        with transaction.atomic():
            delivery, message = _claimed(delivery_id)
    except Exception:
        # Not the mail server's doing: trying it again would fail again.
        rows = Delivery.objects.filter(pk=delivery_id, state=State.WAITING)
        rows.update(state=State.FAILED, reason=Delivery.Reason.NOT_MADE, changed_at=timezone.now())
        raise
    if delivery and message:
        _send(delivery, message)


def _claimed(delivery_id: int) -> tuple[Delivery | None, EmailMultiAlternatives | None]:
    """The delivery, from now on being sent by this worker, with its message; nothing where there is nothing to send."""
    rows: Any = Delivery.objects.to_be_sent(timezone.now()).select_for_update(skip_locked=True, of=("self",))
    delivery: Delivery | None = rows.select_related("schedule__team__site", "recipient").filter(pk=delivery_id).first()
    if delivery is None:
        return None, None
    if reason := why_no_longer(delivery):
        _note(delivery, State.SKIPPED, reason=reason)
        return delivery, None
    message = _message(delivery)
    _note(delivery, State.SENDING, attempts=delivery.attempts + 1, address=delivery.recipient.email)
    return delivery, message


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
    try:
        message.send()
    except OSError as error:  # smtplib's errors too: the server cannot be reached, or refuses
        log.warning("Report %s was not sent: %s", delivery.pk, error)
        _try_again(delivery, error)
    except Exception as error:
        # Nothing left the house, and the same message would fail again.
        _note(delivery, State.FAILED, error=str(error))
        raise
    else:
        _note(delivery, State.SENT, error="")


def _try_again(delivery: Delivery, error: OSError) -> None:
    """Later, unless every delay has passed."""
    if delivery.attempts > len(DELAYS):
        _note(delivery, State.FAILED, error=str(error))
    else:
        next_try_at = timezone.now() + DELAYS[delivery.attempts - 1]
        _note(delivery, State.WAITING, error=str(error), next_try_at=next_try_at)


def _note(delivery: Delivery, state: Delivery.State, **more: Any) -> None:
    """What became of a delivery that this worker holds."""
    for name, value in (more | {"state": state, "changed_at": timezone.now()}).items():
        setattr(delivery, name, value)
    delivery.save(update_fields=["state", "changed_at", *more])
