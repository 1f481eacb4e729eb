"""Making users, giving roles, and the gates that views use."""

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404

from people.access import check_role, get_visible_or_404
from people.models import Agent, Role, User
from people.services import create_user
from people.spreadsheet import defuse, restore


def test_a_user_is_made_with_roles_and_a_name_in_the_history(administrator):
    user = create_user(
        username="petra",
        password="a long test password",
        roles=[Role.AGENT, Role.SUPERVISOR, Role.AGENT],
        first_name="Petra",
        by=administrator,
    )

    assert User.objects.get(username="petra").check_password("a long test password")
    assert user.roles == [Role.SUPERVISOR, Role.AGENT]
    assert user.history.get().history_user == administrator


@pytest.mark.parametrize(
    ("username", "password", "roles"),
    [
        ("petra", "1234567890", []),
        ("petra", "short", []),
        ("pe tra", "a long test password", []),
        ("petra", "a long test password", ["king"]),
    ],
)
def test_a_weak_password_a_bad_name_or_an_unknown_role_is_refused(db, username, password, roles):
    with pytest.raises(ValidationError):
        create_user(username=username, password=password, roles=roles, by=None)

    assert not User.objects.exists()


def test_not_yours_and_not_there_are_the_same(chen, smit, refunds_supervisor):
    assert get_visible_or_404(Agent, refunds_supervisor, pk=chen.pk) == chen

    with pytest.raises(Http404) as not_yours:
        get_visible_or_404(Agent, refunds_supervisor, pk=smit.pk)
    with pytest.raises(Http404) as not_there:
        get_visible_or_404(Agent, refunds_supervisor, pk=0)
    assert str(not_yours.value) == str(not_there.value)


def test_a_gate_opens_for_any_of_its_roles(director, shopper):
    check_role(director, Role.DIRECTOR, Role.ADMINISTRATOR)

    with pytest.raises(Http404):
        check_role(shopper, Role.DIRECTOR, Role.ADMINISTRATOR)
    director.is_active = False
    with pytest.raises(Http404):
        check_role(director, Role.DIRECTOR)


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-5", "@cmd", "\tx", "\rx", "\nx", "＝1"])
def test_what_a_spreadsheet_would_run_is_defused_and_can_be_read_back(text):
    assert defuse(text) == f"'{text}"
    assert restore(defuse(text)) == text


@pytest.mark.parametrize("value", ["Chen", "", "a=1", "'quoted'", 5, -5, None])
def test_everything_else_stays_as_it_is(value):
    assert defuse(value) == value
    assert value is None or restore(str(value)) == str(value)
