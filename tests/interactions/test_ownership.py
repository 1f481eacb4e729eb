"""A contact counts, as offered, for the team that owned its queue when it was taken in."""

from __future__ import annotations

import pytest
from django.urls import reverse

from interactions.models import Contact, DirtyDay
from people.models import Queue, Team
from tests.interactions.deliveries import HEADER, counts, deliver, marked_days

pytestmark = pytest.mark.django_db

ANSWERED = "c1,refunds-line,E1001,,answered,2026-11-02 12:00:00,15,100,20"
ABANDONED = "c2,refunds-line,,,abandoned,2026-11-02 13:00:00,30,,"


def owners() -> list[tuple[str, Team | None, Team | None]]:
    """Contact, owner team, team."""
    contacts = Contact.objects.order_by("external_id").select_related("owner_team", "team")
    return [(contact.external_id, contact.owner_team, contact.team) for contact in contacts]


def give(queue: Queue, team: Team | None) -> None:
    queue.owner_team = team
    queue.save()


def test_the_same_file_after_the_queue_changed_hands_changes_nothing(source, chen, refunds, billing, refunds_line):
    deliver(source, [HEADER, ANSWERED, ABANDONED])
    give(refunds_line, billing)
    assert counts(deliver(source, [HEADER, ANSWERED, ABANDONED])) == {"unchanged": 2}
    assert owners() == [("c1", refunds, refunds), ("c2", refunds, refunds)]


def test_a_contact_corrected_after_the_queue_changed_hands_keeps_its_owner(
    source, chen, refunds, billing, refunds_line, billing_line
):
    deliver(source, [HEADER, ANSWERED, ABANDONED])
    give(refunds_line, billing)
    assert counts(deliver(source, [HEADER, ABANDONED.replace(",30,", ",31,")])) == {"changed": 1}
    assert owners()[1] == ("c2", refunds, refunds)
    # In another queue it is that one's owner's.
    deliver(source, [HEADER, ABANDONED.replace("refunds-line", "billing-line")])
    assert owners()[1] == ("c2", billing, billing)


def test_the_first_owner_of_a_queue_takes_over_what_waited_for_one(
    source, chen, refunds, billing, refunds_line, administrator, sign_in
):
    give(refunds_line, None)
    deliver(source, [HEADER, ANSWERED, ABANDONED])
    assert owners() == [("c1", None, refunds), ("c2", None, None)]
    DirtyDay.objects.all().delete()

    page, url = sign_in(administrator), reverse("admin:people_queue_change", args=[refunds_line.pk])
    form = page.get(url).context["adminform"].form
    sent = {name: form.initial.get(name) or "" for name in form.fields} | {
        "is_active": "on", "owner_team": billing.pk, "rules-TOTAL_FORMS": 0, "rules-INITIAL_FORMS": 0}  # fmt: skip
    assert page.post(url, sent).status_code == 302
    assert owners() == [("c1", billing, refunds), ("c2", billing, billing)]
    assert marked_days() == {"2026-11-02"}

    DirtyDay.objects.all().delete()
    page.post(url, sent | {"owner_team": refunds.pk})
    assert owners() == [("c1", billing, refunds), ("c2", billing, billing)]
    assert marked_days() == set()
