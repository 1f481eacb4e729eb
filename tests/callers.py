"""Programs that call the API with a token."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

from rest_framework.test import APIClient

from people.models import User
from people.tokens.models import Scope
from people.tokens.scopes import scopes_of
from people.tokens.services import create_token

_number = count(1)


def caller(user: User, *scopes: Scope, days: int = 30) -> APIClient:
    """A program that calls in this user's name, with these scopes (or all that the user holds)."""
    name = f"program {next(_number)}"
    wanted = scopes or tuple(scopes_of(user))
    _token, text = create_token(name=name, user=user, scopes=wanted, days=days, by=user)
    return calling_with(text)


def calling_with(text: str) -> APIClient:
    """A program that sends this token, whatever it is."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


def answer(response: Any) -> Any:
    """The JSON of an answer, sent in pieces or at once."""
    return json.loads(body(response))


def body(response: Any) -> bytes:
    """The whole of an answer, sent in pieces or at once."""
    return response.getvalue() if response.streaming else response.content
