"""The thresholds of queues. They live in `people`; they are changed here because a change marks days of contacts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction

from interactions.models import Contact
from interactions.services.days import days_of
from interactions.services.marks import mark_days
from people.models import Queue, QueueRules, User


class Thresholds(TypedDict, total=False):
    """What a queue's rules say; what is left out stays as it was."""

    service_level_seconds: int
    service_level_target: Decimal
    short_abandon_seconds: int
    fcr_window_days: int
    csat_top_box: int


@transaction.atomic
def set_queue_rules(
    queue: Queue, *, valid_from: dt.date, by: User | None, **thresholds: Unpack[Thresholds]
) -> QueueRules:
    """Let new thresholds hold from a day on, up to where the next known ones begin.

    The rules in force on that day end there, so that the ranges stay without gap or overlap; rules that begin
    on that very day are corrected instead. The days of the contacts they judge are marked, no earlier ones.
    Raises ValidationError for a threshold that is not allowed.
    """
    Queue.objects.select_for_update().get(pk=queue.pk)
    rules = _rules_starting(queue, valid_from, by)
    for name, value in thresholds.items():
        setattr(rules, name, value)
    rules._history_user = by
    rules.full_clean()
    rules.save()
    judged = Contact.objects.filter(queue=queue, day__gte=rules.valid_from)
    if rules.valid_until:
        judged = judged.filter(day__lt=rules.valid_until)
    mark_days(days_of(judged))
    return rules


def _rules_starting(queue: Queue, day: dt.date, by: User | None) -> QueueRules:
    """The rules that start on a day: known ones, or the second half of those in force, which end there."""
    rules = queue.rules.filter(valid_from__lte=day).order_by("-valid_from").first()
    if rules is None:
        following = queue.rules.order_by("valid_from").first()
        return QueueRules(queue=queue, valid_from=day, valid_until=following.valid_from if following else None)
    if rules.valid_from == day:
        return rules
    until, rules.valid_until = rules.valid_until, day
    rules._history_user = by
    rules.save(update_fields=["valid_until"])
    rules.pk, rules.valid_from, rules.valid_until = None, day, until
    rules._state.adding = True
    return rules
