"""Errors as JSON: ``detail`` is a sentence for people, ``errors`` names what to mend."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as ModelValidationError
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler


def as_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's exception handler: every error has the same shape."""
    if isinstance(error, ModelValidationError):
        error = exceptions.ValidationError(as_fields(error))
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        response.data = problem_of(response.data)
    else:
        response.data = {"detail": response.data["detail"], "errors": {}}
    # Also where a file was asked for.
    response.content_type = "application/json"
    return response


def as_fields(error: ModelValidationError) -> dict[str, list[str]]:
    """Django's validation error by field."""
    fields = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    return {("" if name == NON_FIELD_ERRORS else name): messages for name, messages in fields.items()}


def problem_of(errors: Any) -> dict[str, Any]:
    """``errors`` by field, and their first sentence (naming the field) as ``detail``."""
    by_field = errors if isinstance(errors, dict) else {"": errors}
    name, first = next(iter(by_field.items()))
    sentence = first_sentence(first)
    detail = _("%(field)s: %(problem)s") % {"field": name, "problem": sentence} if name else sentence
    return {"detail": detail, "errors": by_field}


def first_sentence(problem: Any) -> str:
    """The first text inside nested lists and objects of messages."""
    while isinstance(problem, dict | list | tuple) and problem:
        problem = next(iter(problem.values())) if isinstance(problem, dict) else problem[0]
    return str(problem)
