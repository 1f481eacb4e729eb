"""The steps over the pages of an import: where one stands, and what can still be done."""

from __future__ import annotations

import pytest
from django.urls import reverse

from interactions.models import Import, Source
from interactions.steps import COLUMNS, import_steps

pytestmark = pytest.mark.django_db


def states(delivery: Import | None, **more) -> list[tuple[str, str]]:
    return [(step.name, step.state) for step in import_steps(delivery, **more)]


def delivery_in(source: Source, state: Import.State) -> Import:
    return Import.objects.create(source=source, state=state, file="imports/november.csv", file_name="november.csv")


def test_before_the_upload_all_is_ahead(administrator, sign_in):
    assert states(None)[0] == ("File", "current")
    page = sign_in(administrator).get(reverse("interactions:import_create")).content.decode()
    assert page.count('aria-current="step"') == 1


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (Import.State.DRAFT, ["done", "current", "ahead", "ahead"]),
        (Import.State.WAITING, ["done", "done", "current", "ahead"]),
        (Import.State.RUNNING, ["done", "done", "current", "ahead"]),
        (Import.State.FAILED, ["done", "done", "failed", "ahead"]),
        (Import.State.DONE, ["done", "done", "done", "current"]),
    ],
)
def test_a_delivery_stands_where_its_state_says(source, state, expected):
    assert [step for _, step in states(delivery_in(source, state))] == expected


def test_the_columns_can_be_gone_back_to_until_the_file_is_in(source):
    failed, done = delivery_in(source, Import.State.FAILED), delivery_in(source, Import.State.DONE)

    assert import_steps(failed)[1].url == reverse("interactions:import_mapping", args=[failed.pk])
    assert [step.url for step in import_steps(done)] == [""] * 4
    assert states(failed, at=COLUMNS)[1] == ("Columns", "current")


def test_a_platforms_own_file_has_no_columns_to_map(site):
    source = Source.objects.create(name="pbx", site=site, kind=Source.Kind.ASTERISK)

    assert [name for name, _ in states(delivery_in(source, Import.State.RUNNING))] == [
        "File",
        "Checking and taking in",
        "Result",
    ]
