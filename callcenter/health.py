"""Whether this installation works: for load balancers, containers and whoever is on call."""

from __future__ import annotations

import logging

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

logger = logging.getLogger(__name__)

SECONDS_TO_ANSWER = 2


@login_not_required
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether database and broker answer: 200, or 503 naming the part that does not."""
    parts = {"database": _database_answers(), "broker": _broker_answers()}
    words = {part: "ok" if answers else "unreachable" for part, answers in parts.items()}
    return JsonResponse(words, status=200 if all(parts.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.exception("The database does not answer.")
        return False
    return True


def _broker_answers() -> bool:
    """Without Redis the broker is this process itself."""
    if not settings.REDIS_URL:
        return True
    try:
        with redis.from_url(
            settings.REDIS_URL, socket_timeout=SECONDS_TO_ANSWER, socket_connect_timeout=SECONDS_TO_ANSWER
        ) as broker:
            return bool(broker.ping())
    except redis.RedisError:
        logger.exception("The broker does not answer.")
        return False
