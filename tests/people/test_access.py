"""Signing in and out, locking out, one's own account."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD

LOGIN = "/accounts/login/"
ACCOUNT = "/accounts/"


def attempt(client, username, password, **extra):
    return client.post(LOGIN, {"username": username, "password": password, "next": ACCOUNT}, **extra)


def test_every_page_asks_who_is_there(client, db):
    for address in (ACCOUNT, "/accounts/password/", "/", "/people/import/"):
        assert client.get(address).url == f"{LOGIN}?next={address}"


def test_who_signs_in_comes_to_the_page_they_asked_for(client, director):
    assert attempt(client, "diana", PASSWORD).url == ACCOUNT
    assert "Diana Director" in client.get(ACCOUNT).content.decode()


def test_signing_in_never_leads_to_another_site(client, director):
    answer = client.post(LOGIN, {"username": "diana", "password": PASSWORD, "next": "https://evil.example/"})

    assert answer.url == reverse("home")


def test_who_signs_out_is_out(sign_in, director):
    browser = sign_in(director)

    assert browser.post("/accounts/logout/").url == LOGIN
    assert browser.get(ACCOUNT).status_code == 302


def test_a_link_cannot_sign_anybody_out(sign_in, director):
    browser = sign_in(director)

    assert browser.get("/accounts/logout/").status_code == 405
    assert browser.get(ACCOUNT).status_code == 200


def test_a_closed_login_opens_nothing(client, director):
    director.is_active = False
    director.save()

    assert attempt(client, "diana", PASSWORD).status_code == 200
    assert client.get(ACCOUNT).status_code == 302


def test_five_wrong_passwords_lock_the_name_for_a_quarter_of_an_hour(client, director):
    with time_machine.travel("2026-11-02 08:00:00+00:00") as clock:
        answers = [attempt(client, "diana", "wrong").status_code for _ in range(5)]
        assert answers == [200, 200, 200, 200, 429]

        locked = attempt(client, "diana", PASSWORD)
        assert locked.status_code == 429
        assert "Try again in 15 minutes" in locked.content.decode()

        clock.shift(16 * 60)
        assert attempt(client, "diana", PASSWORD).url == ACCOUNT


def test_the_lock_does_not_shut_out_others_nor_the_same_person_elsewhere(client, director, qa_analyst):
    for _ in range(5):
        attempt(client, "diana", "wrong")

    assert attempt(client, "quinn", PASSWORD).url == ACCOUNT
    assert attempt(Client(), "diana", PASSWORD, REMOTE_ADDR="192.0.2.7").url == ACCOUNT


def test_a_wrong_name_and_a_wrong_password_read_the_same(client, director):
    wrong_password = attempt(client, "diana", "wrong").context["form"].non_field_errors()
    wrong_name = attempt(client, "nobody-of-that-name", "wrong").context["form"].non_field_errors()

    assert wrong_password == wrong_name


def change(browser, old, new):
    return browser.post(
        "/accounts/password/", {"old_password": old, "new_password1": new, "new_password2": new}, follow=True
    )


def test_a_changed_password_counts_and_ends_other_sessions(sign_in, director):
    here, elsewhere = sign_in(director), sign_in(director)

    assert "The password is changed." in change(here, PASSWORD, "quite another phrase").content.decode()

    assert here.get(ACCOUNT).status_code == 200
    assert elsewhere.get(ACCOUNT).status_code == 302
    assert attempt(Client(), "diana", "quite another phrase").url == ACCOUNT


@pytest.mark.parametrize(("old", "new"), [("wrong", "quite another phrase"), (PASSWORD, "short"), (PASSWORD, "diana")])
def test_a_weak_password_or_a_wrong_old_one_changes_nothing(sign_in, director, old, new):
    answer = change(sign_in(director), old, new)

    assert answer.context["form"].errors
    director.refresh_from_db()
    assert director.check_password(PASSWORD)


def test_the_language_is_kept_with_the_person(sign_in, director):
    here = sign_in(director)
    here.post("/language/", {"language": "zh-hans", "next": ACCOUNT})

    director.refresh_from_db()
    assert director.language == "zh-hans"
    assert 'lang="zh-hans"' in sign_in(director).get(ACCOUNT).content.decode()[:200]


def test_an_unknown_language_is_not_kept(sign_in, director):
    sign_in(director).post("/language/", {"language": "xx", "next": ACCOUNT})

    director.refresh_from_db()
    assert director.language == ""


def test_who_is_not_signed_in_chooses_a_language_for_the_browser(client, db):
    client.post("/language/", {"language": "zh-hans", "next": LOGIN})

    assert 'lang="zh-hans"' in client.get(LOGIN).content.decode()[:200]


def test_everybody_changes_their_own_name_and_no_roles(sign_in, shopper):
    sign_in(shopper).post(ACCOUNT, {"first_name": "Sidonie", "last_name": "S", "roles": ["administrator"]})

    shopper.refresh_from_db()
    assert (shopper.first_name, shopper.roles) == ("Sidonie", ["shopper"])
