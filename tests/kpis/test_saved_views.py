"""Views of Explore that people keep: saved, shared, renamed, replaced, deleted, each by its owner."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kpis.explore.models import SavedView
from people.models import Agent, Queue, Team, User
from tests.factories import MONDAY_NOON, ContactFactory
from tests.kpis import test_pages
from tests.kpis.test_explore import table_of
from tests.kpis.test_pages import text_of

a_week = test_pages.a_week  # the fixture of the pages
WEEK = "from=2026-11-02&to=2026-11-08"
QUESTION = f"{WEEK}&kpi=contacts_handled&by=agent&show=table"


def save(page: Client, *, name: str = "Agents", query: str = QUESTION, **fields: str):
    return page.post(f"{reverse('kpis:view_create')}?{query}", {"name": name, **fields})


def opened(page: Client, view: SavedView):
    return page.get(reverse("kpis:view_open", args=[view.pk]), follow=True)


def test_a_view_is_saved_listed_and_opened_as_it_was(refunds_supervisor: User, sign_in, a_week) -> None:
    page = sign_in(refunds_supervisor)

    saved = save(page, days="fixed")
    view = SavedView.objects.get()
    again = opened(page, view)

    assert saved.headers["Location"].startswith(reverse("kpis:explore"))
    assert (view.name, view.owner, view.team) == ("Agents", refunds_supervisor, None)
    assert again.redirect_chain[-1][0].startswith(f"{reverse('kpis:explore')}?kpi=contacts_handled&by=agent&show=table")
    assert table_of(again) == {"Agent": ["Contacts handled"], "Lin Chen": ["4"], "Mei Zhao": ["1"], "all": ["5"]}
    assert reverse("kpis:view_open", args=[view.pk]) in page.get(reverse("kpis:explore")).content.decode()


def test_the_days_of_a_view_move_along_with_the_data_unless_they_are_fixed(
    director: User, sign_in, a_week, compute: Callable, refunds_line: Queue, zhao: Agent
) -> None:
    """The week is the last seven days; with three contacts a week later the last seven days are others."""
    page = sign_in(director)
    save(page, name="moving", days="moving")
    save(page, name="fixed", days="fixed")
    ContactFactory.create_batch(3, queue=refunds_line, agent=zhao, offered_at=MONDAY_NOON + dt.timedelta(days=13))
    compute()

    totals = {view.name: table_of(opened(page, view))["all"] for view in SavedView.objects.all()}

    assert totals == {"moving": ["3"], "fixed": ["7"]}


def test_a_shared_view_shows_each_reader_only_their_own_figures(
    cast: dict[str, User], sign_in, a_week, refunds: Team
) -> None:
    save(sign_in(cast["refunds_supervisor"]), team=str(refunds.pk), days="fixed")
    view = SavedView.objects.get()

    told = {who: table_of(opened(sign_in(cast[who]), view)) for who in ("director", "refunds_supervisor", "chen")}

    head = {"Agent": ["Contacts handled"]}
    assert told["director"] == head | {"Jan Smit": ["2"], "Lin Chen": ["4"], "Mei Zhao": ["1"], "all": ["7"]}
    assert told["refunds_supervisor"] == head | {"Lin Chen": ["4"], "Mei Zhao": ["1"], "all": ["5"]}
    assert told["chen"] == head | {"Lin Chen": ["4"], "all": ["4"]}
    listed = text_of(sign_in(cast["chen"]).get(reverse("kpis:explore")))
    assert "Rosa Refunds" in listed


@pytest.mark.parametrize("who", ["director", "billing_supervisor", "chen", "shopper"])
def test_a_private_view_of_somebody_else_is_not_there(who: str, cast: dict[str, User], sign_in, a_week) -> None:
    save(sign_in(cast["refunds_supervisor"]))
    view, stranger = SavedView.objects.get(), sign_in(cast[who])

    for name in ("view_open", "view_edit", "view_delete"):
        assert stranger.get(reverse(f"kpis:{name}", args=[view.pk])).status_code == 404
    for name in ("view_edit", "view_replace", "view_delete"):
        assert stranger.post(reverse(f"kpis:{name}", args=[view.pk]), {"name": "stolen"}).status_code == 404
    assert SavedView.objects.get().name == "Agents"


def test_who_reads_a_shared_view_cannot_change_it(
    director: User, refunds_supervisor: User, sign_in, a_week, refunds: Team
) -> None:
    save(sign_in(refunds_supervisor), team=str(refunds.pk))
    view, reader = SavedView.objects.get(), sign_in(director)

    assert opened(reader, view).status_code == 200
    for name in ("view_edit", "view_replace", "view_delete"):
        assert reader.post(reverse(f"kpis:{name}", args=[view.pk]), {"name": "stolen"}).status_code == 404


def test_a_view_is_renamed_shared_and_replaced_by_its_owner(
    refunds_supervisor: User, sign_in, a_week, refunds: Team
) -> None:
    page = sign_in(refunds_supervisor)
    save(page)
    view = SavedView.objects.get()

    page.post(reverse("kpis:view_edit", args=[view.pk]), {"name": "Handled", "team": refunds.pk})
    page.post(f"{reverse('kpis:view_replace', args=[view.pk])}?{WEEK}&kpi=contacts_handled&by=team&show=table")

    view.refresh_from_db()
    assert (view.name, view.team) == ("Handled", refunds)
    assert table_of(opened(page, view)) == {"Team": ["Contacts handled"], "Refunds": ["5"], "all": ["5"]}


def test_a_view_that_is_open_stays_open_while_its_question_is_changed(director: User, sign_in, a_week) -> None:
    page = sign_in(director)
    save(page)
    view = SavedView.objects.get()

    shown = opened(page, view).context
    other = next(query for value, _name, query in shown["shows"] if value == "chart")
    again = page.get(f"{reverse('kpis:explore')}?{other}")

    assert again.context["opened"] == view
    assert reverse("kpis:view_replace", args=[view.pk]) in again.content.decode()
    page.post(f"{reverse('kpis:view_replace', args=[view.pk])}?{other}")
    assert "view=" not in SavedView.objects.get().query


def test_a_view_is_deleted_after_one_question(refunds_supervisor: User, sign_in, a_week) -> None:
    page = sign_in(refunds_supervisor)
    save(page)
    url = reverse("kpis:view_delete", args=[SavedView.objects.get().pk])

    assert "Delete “Agents”?" in text_of(page.get(url))
    assert SavedView.objects.count() == 1
    assert "“Agents” is deleted." in text_of(page.post(url, follow=True))
    assert SavedView.objects.count() == 0


def test_a_name_is_used_once_by_each_owner(director: User, refunds_supervisor: User, sign_in, a_week) -> None:
    save(sign_in(director))
    save(sign_in(refunds_supervisor))

    again = save(sign_in(director), query=f"{WEEK}&kpi=csat")

    assert "You have a view of this name already." in text_of(again)
    assert 'value="Agents"' in again.content.decode()
    assert SavedView.objects.count() == 2


def test_a_view_is_shared_with_own_teams_only(
    cast: dict[str, User], sign_in, a_week, billing: Team, refunds: Team
) -> None:
    refused = save(sign_in(cast["refunds_supervisor"]), team=str(billing.pk))
    assert "Select a valid choice." in text_of(refused)

    save(sign_in(cast["chen"]), team=str(refunds.pk))
    assert SavedView.objects.get().team is None
    save(sign_in(cast["director"]), team=str(billing.pk))
    assert SavedView.objects.get(owner=cast["director"]).team == billing


def test_sharing_ends_when_the_owner_loses_the_team_and_the_owner_is_told(
    refunds_supervisor: User, billing: Team, refunds: Team, chen: Agent, sign_in, a_week
) -> None:
    """It holds again as soon as the owner leads the team again."""
    view = SavedView.objects.create(name="Ours", query=QUESTION, owner=refunds_supervisor, team=refunds)
    assert "no longer" not in text_of(sign_in(refunds_supervisor).get(reverse("kpis:explore")))
    refunds.supervisors.clear()
    billing.supervisors.add(refunds_supervisor)

    owner, reader = sign_in(refunds_supervisor), sign_in(chen.user)

    assert reader.get(reverse("kpis:view_open", args=[view.pk])).status_code == 404
    assert "Ours" not in text_of(reader.get(reverse("kpis:explore")))
    assert "no longer: the team is not yours to see any more" in text_of(owner.get(reverse("kpis:explore")))
    refunds.supervisors.add(refunds_supervisor)
    assert opened(reader, view).status_code == 200
