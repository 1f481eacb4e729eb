"""The REST API as a whole: its schema, its reference page, its limits, and no call that breaks it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import URLPattern, URLResolver
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from rest_framework.test import APIClient
from rest_framework.throttling import UserRateThrottle
from schemathesis.checks import not_a_server_error, response_schema_conformance

from callcenter import api
from callcenter.celery import app
from people.models import Role
from people.tokens.models import Scope
from people.tokens.services import create_token
from tests.callers import caller
from tests.factories import ContactFactory, SurveyAnswerFactory, TargetFactory, UserFactory

# Methods that an address does not have are answered by the framework; trying them all takes half of the time.
CONFIG = schemathesis.Config.from_dict({"phases": {"coverage": {"unexpected-methods": []}}})
API = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True), config=CONFIG)


@pytest.fixture
def authorization(db, monkeypatch) -> str:
    """The header of a token that may do everything, however often."""
    monkeypatch.setitem(UserRateThrottle.THROTTLE_RATES, "user", None)
    user = UserFactory(username="explorer", roles=[Role.ADMINISTRATOR])
    return "Bearer " + create_token(name="explorer", user=user, scopes=list(Scope), days=1, by=user)[1]


@pytest.fixture
def application(monkeypatch, db, chen, refunds_line) -> Iterator[WSGIHandler]:
    """The product with a few rows, in the test's own transaction: its connection must outlive each call."""
    SurveyAnswerFactory(contact=ContactFactory(queue=refunds_line, agent=chen))
    TargetFactory()
    monkeypatch.setitem(app.conf, "task_always_eager", True)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield WSGIHandler()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@API.parametrize()
@settings(max_examples=6, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_no_call_breaks_the_api_and_answers_are_as_the_schema_says(case, authorization, application):
    case.call_and_validate(
        app=application,
        headers={"Authorization": authorization},
        checks=[not_a_server_error, response_schema_conformance],
    )


def test_the_schema_is_drawn_up_without_a_warning(tmp_path):
    call_command("spectacular", fail_on_warn=True, validate=True, file=str(tmp_path / "schema.yml"))


def views(patterns: list[Any]) -> Iterator[Any]:
    """Every view class of the API."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name not in ("schema", "docs"):
            yield getattr(pattern.callback, "cls", None) or pattern.callback.view_class


def test_every_view_names_the_scope_it_needs():
    found = set(views(api.urlpatterns))
    assert len(found) > 10
    assert [view for view in found if getattr(view, "scope", None) not in list(Scope)] == []


def test_the_reference_page_and_the_schema_are_for_those_who_may_sign_in(director, sign_in):
    assert APIClient().get("/api/v1/docs/")["Location"].startswith("/accounts/login/")
    assert APIClient().get("/api/v1/schema/").status_code == 401
    page = sign_in(director).get("/api/v1/docs/")
    assert page.status_code == 200
    assert "unsafe" not in page["Content-Security-Policy"]
    assert "<style" not in page.content.decode()
    schema = sign_in(director).get("/api/v1/schema/?format=json").json()
    assert "/api/v1/readings/" in schema["paths"]
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_who_calls_too_often_is_told_when_to_come_back(director, monkeypatch):
    monkeypatch.setitem(UserRateThrottle.THROTTLE_RATES, "user", "2/min")
    client = caller(director)
    answers = [client.get("/api/v1/sites/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) <= 60
    assert "throttled" in answers[2].json()["detail"]


def test_an_address_that_is_not_there_is_a_404_in_json(director):
    response = caller(director).get("/api/v1/nothing/")
    assert response.status_code == 404


def test_errors_and_catalogue_speak_the_language_that_is_asked_for(director):
    response = caller(director).get("/api/v1/kpis/", headers={"Accept-Language": "zh-hans"})
    assert response["Content-Language"] == "zh-hans"
    assert "Accept-Language" in response["Vary"]
