"""Files and rows by REST."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from interactions import tasks
from interactions.models import Contact, Import
from interactions.services import imports
from people.tokens.models import Scope
from tests.callers import answer, body, caller
from tests.interactions.deliveries import HEADER, new_source

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/imports/"
ROWS = [
    {"external_id": "a", "queue": "refunds-line", "outcome": "abandoned", "offered_at": "2026-11-02T12:00:00Z",
     "wait_seconds": 5.5, "is_transferred": False, "agent": None},
    {"external_id": "b", "queue": "refunds-line", "outcome": "lost", "offered_at": "2026-11-02T12:00:00Z"},
]  # fmt: skip


@pytest.fixture
def program(administrator):
    return caller(administrator)


@pytest.fixture
def post(monkeypatch, django_capture_on_commit_callbacks):
    """Sends, and lets a worker run what was handed over."""
    monkeypatch.setattr(tasks.run_import, "delay", tasks.run_import)

    def send(client, data, kind="json"):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(ADDRESS, data, format=kind)

    return send


def outcome(client, response) -> dict:
    """What the address that the answer names says later."""
    assert response.status_code == 202, response.content
    return answer(client.get(response["Location"]))


def test_rows_go_in_and_the_same_rows_again_change_nothing(program, source, refunds_line, post):
    first = outcome(program, post(program, {"source": "calls", "rows": ROWS}))
    assert (first["state"], first["rows_new"], first["rows_rejected"]) == ("done", 1, 1)
    contact = Contact.objects.get()
    assert (contact.external_id, float(contact.wait_seconds), contact.agent) == ("a", 5.5, None)
    rejected = body(program.get(first["rejected_rows"])).decode("utf-8-sig")
    assert "“lost” is none of answered" in rejected
    second = outcome(program, post(program, {"source": "calls", "rows": ROWS}))
    assert (second["rows_new"], second["rows_unchanged"], second["rows_rejected"]) == (0, 1, 1)
    changed = [{**ROWS[0], "wait_seconds": 7}]
    assert outcome(program, post(program, {"source": "calls", "rows": changed}))["rows_changed"] == 1
    assert Contact.objects.get().wait_seconds == 7


def test_rows_bear_the_standard_names_whatever_the_sources_files_do(program, site, refunds_line, post):
    columns = {"external_id": {"from": "nr"}, "queue": {"from": "line"}, "outcome": {"constant": "abandoned"},
               "offered_at": {"from": "at", "format": "epoch"}}  # fmt: skip
    source = new_source(site, "mapped", {"columns": columns, "delimiter": ";"})
    first = outcome(program, post(program, {"source": "mapped", "rows": ROWS}))
    assert (first["state"], first["rows_new"], first["rows_rejected"]) == ("done", 1, 1)
    assert outcome(program, post(program, {"source": "mapped", "rows": ROWS[:1]}))["rows_unchanged"] == 1
    mended = body(program.get(first["rejected_rows"])).decode("utf-8-sig").replace(",lost,", ",abandoned,")
    file = SimpleUploadedFile("rejected.csv", mended.encode())
    assert outcome(program, post(program, {"source": "mapped", "file": file}, "multipart"))["rows_new"] == 1
    file = SimpleUploadedFile("calls.csv", b"nr;line;at\nf1;refunds-line;1793620800\n")
    assert outcome(program, post(program, {"source": "mapped", "file": file}, "multipart"))["rows_new"] == 1
    source.mapping["for_rows"] = True
    source.save()
    own = [{"nr": "r1", "line": "refunds-line", "at": 1793620800}]
    assert outcome(program, post(program, {"source": "mapped", "rows": own}))["rows_new"] == 1
    assert set(Contact.objects.values_list("external_id", flat=True)) == {"a", "b", "f1", "r1"}


def test_a_file_goes_in(program, source, refunds_line, post):
    file = SimpleUploadedFile("calls.csv", f"{HEADER}\nc1,refunds-line,,,abandoned,2026-11-02 12:00:00,5,,\n".encode())
    done = outcome(program, post(program, {"source": "calls", "file": file}, "multipart"))
    assert (done["state"], done["rows_new"], done["file_name"]) == ("done", 1, "calls.csv")
    assert Import.objects.get().created_by.username == "ada"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"rows": ROWS}, "source"),
        ({"source": "nowhere", "rows": ROWS}, "does not exist"),
        ({"source": "calls"}, "Send either “file” or “rows”."),
        ({"source": "calls", "rows": []}, "empty"),
        ({"source": "calls", "rows": [1]}, "dictionary"),
        ({"source": "pbx", "rows": ROWS}, "takes its platform's files, not rows"),
    ],
)
def test_what_cannot_be_taken_is_a_400_with_a_sentence(program, source, site, post, data, says):
    new_source(site, "pbx", kind="asterisk")
    response = post(program, data)
    assert response.status_code == 400
    assert says in response.content.decode()
    assert not Import.objects.exists()


def test_too_many_rows_at_once_are_refused(program, source, post, monkeypatch):
    monkeypatch.setattr(imports, "MOST_ROWS_AT_ONCE", 1)
    response = post(program, {"source": "calls", "rows": ROWS})
    assert response.status_code == 400
    assert "between 1 and 1 rows" in response.content.decode()


def test_strange_texts_are_no_trouble(program, source, refunds_line, post, django_capture_on_commit_callbacks):
    strange = [{**ROWS[0], "external_id": "\ud800x"}, {**ROWS[0], "external_id": "nul\0"}, {"": 1, "a" * 300: {}}]
    text = json.dumps({"source": "calls", "rows": strange})
    with django_capture_on_commit_callbacks(execute=True):
        response = program.post(ADDRESS, text, content_type="application/json")
    done = outcome(program, response)
    assert (done["rows_new"], done["rows_rejected"]) == (2, 1), done


def test_reading_and_writing_need_their_scopes_and_the_role(cast, program, administrator, source, post):
    assert post(caller(administrator, Scope.READ_IMPORTS), {"source": "calls", "rows": ROWS}).status_code == 403
    assert caller(administrator, Scope.WRITE_IMPORTS).get(ADDRESS).status_code == 403
    for name in ("director", "refunds_supervisor", "chen", "shopper", "nobody"):
        someone = caller(cast[name], Scope.READ_KPIS) if name not in ("shopper", "nobody") else None
        if someone:
            assert someone.get(ADDRESS).status_code == 403
            assert post(someone, {"source": "calls", "rows": ROWS}).status_code == 403
    assert not Import.objects.exists()


def test_sources_are_listed_with_their_mapping(program, site):
    new_source(site, "mapped", {"columns": {"queue": {"constant": "x"}}})
    [listed] = answer(program.get("/api/v1/sources/"))["results"]
    assert (listed["name"], listed["site"], listed["mapping"]) == (
        "mapped", "berlin", {"columns": {"queue": {"constant": "x"}}})  # fmt: skip


def test_imports_are_listed_page_by_page_and_narrowed_down(program, source, refunds_line, post):
    post(program, {"source": "calls", "rows": ROWS})
    assert len(answer(program.get(f"{ADDRESS}?state=done&page_size=1"))["results"]) == 1
    assert answer(program.get(f"{ADDRESS}?state=failed"))["results"] == []
    assert program.get(f"{ADDRESS}?stat=done").status_code == 400


@pytest.mark.parametrize("depth", [900, 100_000])
def test_rows_that_are_nested_beyond_all_measure_are_refused_in_words(program, source, refunds_line, depth):
    deep = '{"source": "calls", "rows": [{"external_id": ' + "[" * depth + "]" * depth + "}]}"
    response = program.post(ADDRESS, deep, content_type="application/json")
    assert response.status_code == 400
    assert "nested too deeply" in response.content.decode()
    assert not Import.objects.exists()
