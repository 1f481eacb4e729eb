"""The catalogue that people read is the registry that numbers come from."""

import pytest
from django.core.management import call_command
from django.utils import translation

from kpis.catalogue import catalogue
from kpis.definitions import KPIS
from kpis.management.commands import kpi_catalogue


def test_the_written_catalogue_is_current():
    assert kpi_catalogue.FILE.read_text() == catalogue(), "make catalogue"


def test_the_catalogue_does_not_depend_on_the_language_of_whoever_writes_it():
    with translation.override("zh-hans"):
        assert "### Service level" in catalogue()


@pytest.mark.parametrize("kpi", KPIS.values(), ids=lambda kpi: kpi.key)
def test_every_kpi_tells_its_question_and_its_tallies(kpi):
    entry = next(part for part in catalogue().split("\n### ") if f"\n`{kpi.key}` · " in part)
    assert str(kpi.question) in entry
    assert all(f"`{tally.key}`" in entry for total in (kpi.top, kpi.bottom) if total for tally, _ in total.terms)


def test_the_command_writes_the_document(tmp_path, monkeypatch, settings):
    settings.BASE_DIR = tmp_path
    monkeypatch.setattr(kpi_catalogue, "FILE", tmp_path / "kpi_catalogue.md")
    call_command("kpi_catalogue")
    assert (tmp_path / "kpi_catalogue.md").read_text() == catalogue()
