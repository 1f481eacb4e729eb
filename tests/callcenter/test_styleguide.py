"""The style page: who finds it, and that it leaves out no component."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people.models import User

TEMPLATES = settings.BASE_DIR / "templates"
# The frame is around the style page itself.
AROUND = {"sidebar.html", "topbar.html", "palette.html"}
# Whole parts of a page that stand on it once and are made of real rows: they are seen where they are used.
PARTS = {"findings.html", "summary.html", "why.html"}


@pytest.mark.parametrize("who", ["director", "qa_analyst", "refunds_supervisor", "chen", "shopper", "nobody"])
def test_for_who_is_no_administrator_it_is_not_there(
    who: str, cast: dict[str, User], sign_in: Callable[[User], Client]
) -> None:
    browser = sign_in(cast[who])

    assert browser.get("/styleguide/").status_code == 404
    assert "/styleguide/" not in browser.get("/accounts/").content.decode()


def test_administrators_find_it_in_their_menu_in_light_and_dark(
    administrator: User, sign_in: Callable[[User], Client]
) -> None:
    browser = sign_in(administrator)
    assert 'href="/styleguide/"' in browser.get("/accounts/").content.decode()

    with CaptureQueriesContext(connection) as queries:
        page = browser.get("/styleguide/").content.decode()

    assert page.count('class="ground" data-bs-theme="light"') == page.count('class="ground" data-bs-theme="dark"') > 9
    judged = ("on target", "below target", "missed, within chance", "within tolerance", "too few to judge")
    for word in (*judged, "maturing", "no contacts"):
        assert page.count(word) >= 2, word
    assert len(queries) == 4


def test_no_name_is_given_twice(administrator: User, sign_in: Callable[[User], Client]) -> None:
    ids = re.findall(r'\sid="([^"]+)"', sign_in(administrator).get("/styleguide/").content.decode())

    assert sorted(ids) == sorted(set(ids))


def test_every_component_is_on_it() -> None:
    shown = "".join(path.read_text() for path in (TEMPLATES / "callcenter/styleguide").iterdir())
    components = {path.name: path.read_text() for path in (TEMPLATES / "components").iterdir()}
    used = {name for name in components if f"components/{name}" in shown}
    used |= {name for name in components for each in used if f"components/{name}" in components[each]}

    assert components.keys() - used - AROUND - PARTS == set()
