"""Who owns a queue. Queues live in `people`; a first owner takes over what was taken in before, which marks days."""

from __future__ import annotations

from django.db import transaction

from interactions.models import Contact
from interactions.services.days import days_of
from interactions.services.marks import mark_days
from people.models import Queue


@transaction.atomic
def follow_first_owner(queue: Queue) -> None:
    """Let the queue's contacts that no team owns yet count for its owner team, and mark the days that change.

    A queue that an import made has no owner, and its contacts wait for one; those of a former owner stay theirs.
    """
    Queue.objects.select_for_update().get(pk=queue.pk)
    ownerless = Contact.objects.filter(queue=queue, owner_team__isnull=True)
    if queue.owner_team is None or not ownerless.exists():
        return
    mark_days(days_of(ownerless))
    ownerless.filter(team__isnull=True).update(team=queue.owner_team)
    ownerless.update(owner_team=queue.owner_team)
