"""A file on its way in, in a browser: sent, its columns mapped, followed to its end, its bad rows mended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from interactions import tasks
from people.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROWS = """Call ID,Skill,Start-Time,Wait,Result
7,refunds-line,2026-11-02 12:00:00,5,HANG
8,refunds-line,2026-11-02 12:01:00,-3,HANG
"""


@pytest.mark.parametrize(("theme", "on"), [("light", "desk"), ("dark", "phone")])
def test_a_new_file_is_mapped_taken_in_and_its_bad_row_shown(
    administrator: User, site, refunds_line, travel: Callable, tmp_path: Path, monkeypatch, theme: str, on: str
) -> None:
    monkeypatch.setattr(tasks.run_import, "delay", tasks.run_import)
    file = tmp_path / "november.csv"
    file.write_text(ROWS)
    journey = travel(administrator, theme=theme, on=on)
    page = journey.page

    journey.open("/data/imports/new/")
    page.get_by_label("File").set_input_files(file)
    page.get_by_label("Name of the new source").fill("november")
    page.get_by_label("Site", exact=False).first.select_option(label="Berlin")
    journey.look()
    page.get_by_role("button", name="Continue").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("What do the columns mean?")
    expect(page.locator("select[name=external_id__from]")).to_have_value("Call ID")
    journey.look()
    page.get_by_text("What may be left out").click()
    page.locator("select[name=outcome__from]").select_option("Result")
    page.locator("tr", has=page.locator("[name=outcome__values]")).get_by_text("How it is written").click()
    page.locator("input[name=outcome__values]").fill("HANG = abandoned")
    page.get_by_role("button", name="Save and start").click()

    expect(page.get_by_text("“-3” is less than 0").first).to_be_visible()
    journey.look()
    with page.expect_download() as download:
        page.get_by_role("link", name="Rejected rows as CSV").click()
    assert "'-3" in download.value.path().read_text(encoding="utf-8-sig")
    assert journey.findings == []
