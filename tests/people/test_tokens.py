"""API tokens: named, shown once, limited to scopes and to their user's rights, with an end."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from people.models import Role
from people.tokens.models import ApiToken, Scope
from tests.callers import caller, calling_with

TEAMS = "/api/v1/teams/"


def made(client, **values) -> str:
    """The text of a token made on the page."""
    response = client.post("/accounts/tokens/", {"name": "Warehouse", "scopes": ["read:people"], "days": 30} | values)
    assert response.status_code == 200, response.content
    return response.context["made"][1]


def test_a_token_made_on_the_page_opens_the_api_and_is_shown_only_once(director, refunds, sign_in):
    client = sign_in(director)
    text = made(client)
    assert calling_with(text).get(TEAMS).status_code == 200
    page = client.get("/accounts/tokens/").content.decode()
    assert text not in page
    assert "Warehouse" in page


def test_only_a_digest_of_a_token_is_kept(director, sign_in):
    text = made(sign_in(director))
    token = ApiToken.objects.get()
    assert text not in (token.digest, token.token_key)
    assert len(token.token_key) < 20


def test_the_list_says_when_a_token_was_last_used(director, refunds, sign_in):
    client = sign_in(director)
    text = made(client)
    assert "never" in client.get("/accounts/tokens/").content.decode()
    calling_with(text).get(TEAMS)
    assert timezone.now() - ApiToken.objects.get().last_used_at < dt.timedelta(minutes=1)


def test_a_busy_token_does_not_write_its_use_with_every_call(director, refunds, django_assert_num_queries):
    client = caller(director, Scope.READ_PEOPLE)
    client.get(TEAMS)
    with django_assert_num_queries(3):  # token, count, teams
        client.get(TEAMS)


def test_a_revoked_token_is_refused_with_a_sentence(director, refunds, sign_in):
    client = sign_in(director)
    text = made(client)
    client.post(f"/accounts/tokens/{ApiToken.objects.get().digest}/revoke/")
    response = calling_with(text).get(TEAMS)
    assert response.status_code == 401
    assert response.json()["detail"] == "This token is not known. It may have been revoked."


def test_an_expired_token_is_refused_and_says_when_it_ended(director, refunds, time_machine):
    client = caller(director, Scope.READ_PEOPLE, days=7)
    assert client.get(TEAMS).status_code == 200
    time_machine.move_to(timezone.now() + dt.timedelta(days=7, seconds=1))
    response = client.get(TEAMS)
    assert response.status_code == 401
    assert "expired on" in response.json()["detail"]


def test_a_token_without_the_scope_is_refused_and_told_which_is_missing(director, refunds):
    response = caller(director, Scope.READ_KPIS).get(TEAMS)
    assert response.status_code == 403
    assert response.json() == {"detail": "This token does not have the scope “read:people”.", "errors": {}}


def test_a_token_opens_no_more_than_its_user_may_do_after_a_role_is_taken_away(director, refunds):
    client = caller(director, Scope.READ_PEOPLE)
    director.roles = []
    director.save()
    response = client.get(TEAMS)
    assert response.status_code == 403
    assert "Your roles do not include" in response.json()["detail"]


def test_a_token_of_somebody_who_left_is_refused(director, refunds):
    client = caller(director, Scope.READ_PEOPLE)
    director.is_active = False
    director.save()
    assert client.get(TEAMS).status_code == 401


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer ungültig", "Bearer cct_" + "0" * 64, "Basic x"])
def test_a_broken_token_is_a_clear_401(db, header):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)
    response = client.get(TEAMS)
    assert response.status_code == 401
    assert response.json()["detail"]
    assert response["WWW-Authenticate"] == "Bearer"


def test_without_token_and_session_the_api_says_401_and_does_not_redirect(db):
    response = APIClient().get(TEAMS)
    assert response.status_code == 401
    assert response["Content-Type"] == "application/json"


def test_a_signed_in_person_uses_the_api_without_a_token(director, refunds, sign_in):
    assert sign_in(director).get(TEAMS).status_code == 200


def test_a_scope_beyond_the_roles_cannot_be_given(refunds_supervisor, sign_in):
    response = sign_in(refunds_supervisor).post(
        "/accounts/tokens/", {"name": "Sly", "scopes": ["admin:runs"], "days": 30}
    )
    assert response.context["form"].errors["scopes"]
    assert not ApiToken.objects.exists()


def test_an_administrator_makes_a_token_for_an_api_user_within_that_users_rights(
    administrator, api_client_user, sign_in
):
    client = sign_in(administrator)
    text = made(client, user=api_client_user.pk, scopes=["read:kpis"])
    assert ApiToken.objects.get().user == api_client_user
    assert calling_with(text).get("/api/v1/kpis/").status_code == 200
    refused = client.post(
        "/accounts/tokens/", {"name": "More", "user": api_client_user.pk, "scopes": ["admin:runs"], "days": 30}
    )
    assert "may not do this" in str(refused.context["form"].errors["scopes"])


def test_others_cannot_make_a_token_for_somebody_else(director, administrator, sign_in):
    made(sign_in(director), user=administrator.pk)
    assert ApiToken.objects.get().user == director


def test_somebody_elses_token_cannot_be_seen_or_revoked(director, refunds_supervisor, sign_in):
    made(sign_in(director))
    other = sign_in(refunds_supervisor)
    assert "Warehouse" not in other.get("/accounts/tokens/").content.decode()
    assert other.post(f"/accounts/tokens/{ApiToken.objects.get().digest}/revoke/").status_code == 404
    assert ApiToken.objects.exists()


def test_two_tokens_of_one_user_have_different_names(director, sign_in):
    client = sign_in(director)
    made(client)
    response = client.post("/accounts/tokens/", {"name": "Warehouse", "scopes": ["read:people"], "days": 30})
    assert "already a token of this name" in response.content.decode()


def test_without_a_role_there_is_no_token_to_make_and_the_page_says_why(nobody, sign_in):
    page = sign_in(nobody).get("/accounts/tokens/").content.decode()
    assert "Your roles open nothing of the API" in page


def test_roles_decide_which_scopes_a_session_has(cast, sign_in):
    expected = {"shopper": 403, "nobody": 403}
    for name, user in cast.items():
        assert sign_in(user).get(TEAMS).status_code == expected.get(name, 200), name
        starts = sign_in(user).post("/api/v1/runs/", {"kind": "unknown"}, content_type="application/json")
        assert starts.status_code == (400 if user.has_role(Role.ADMINISTRATOR) else 403), name
