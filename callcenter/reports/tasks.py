"""Reports as jobs of Celery."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from callcenter.reports import delivery, services

log = logging.getLogger(__name__)


@shared_task
def send_due() -> None:
    """Note what is due, and send whatever waits. Safe to run twice, beside itself and late."""
    services.note_due(timezone.now())
    hand_over(delivery.unfinished())


@shared_task
def deliver(delivery_id: int) -> None:
    """Send one report."""
    delivery.deliver(delivery_id)


def hand_over(delivery_ids: Iterable[int]) -> None:
    """Give deliveries to the workers; without a broker they wait for the next look at what is due."""
    try:
        for delivery_id in delivery_ids:
            deliver.delay(delivery_id)
    except OperationalError:
        log.warning("No broker: reports wait for the next look at what is due")
