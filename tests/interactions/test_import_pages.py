"""The pages on which an administrator sends files and sees what became of them."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import NoReverseMatch, reverse

from interactions import tasks
from interactions.models import Contact, Import, Source
from tests.interactions.deliveries import HEADER, counts, deliver, new_source

pytestmark = pytest.mark.django_db

ROW = "c1,refunds-line,,,abandoned,2026-11-02 12:00:00,5,,"


@pytest.fixture
def ada(administrator, sign_in):
    return sign_in(administrator)


@pytest.fixture
def worker(monkeypatch, django_capture_on_commit_callbacks):
    """Jobs that are handed over while a page is asked for run at once."""
    monkeypatch.setattr(tasks.run_import, "delay", tasks.run_import)

    def post(client, address, data):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address, data)

    return post


def upload(lines: list[str]) -> SimpleUploadedFile:
    return SimpleUploadedFile("calls.csv", ("\n".join(lines) + "\n").encode())


def new_source_fields(site, **changes) -> dict:
    fields = {"source": "new", "name": "fresh", "kind": "table", "fact": "contacts", "site": site.pk,
              "unknown_agents": "reject", "unknown_queues": "reject"}  # fmt: skip
    return {**fields, **changes}


def test_a_new_source_shows_the_first_rows_suggests_columns_and_then_takes_the_file(ada, site, refunds_line, worker):
    lines = ["Call ID;Skill;Start-Time;Wait;Result", "7;refunds-line;2.11.2026 12:00;5;HANG"]
    response = worker(ada, reverse("interactions:import_create"), {**new_source_fields(site), "file": upload(lines)})
    delivery = Import.objects.get()
    mapping_page = reverse("interactions:import_mapping", args=[delivery.pk])
    assert response.url == mapping_page
    assert delivery.state == Import.State.DRAFT
    page = ada.get(mapping_page)
    text = page.content.decode()
    assert "2.11.2026 12:00" in text
    form = page.context["form"]
    assert form["external_id__from"].value() == "Call ID"
    assert form["queue__from"].value() == "Skill"
    assert form["offered_at__from"].value() == "Start-Time"
    incomplete = ada.post(mapping_page, {"external_id__from": "Call ID", "queue__from": "Skill"})
    assert "Choose where this comes from." in incomplete.content.decode()
    filled = {"external_id__from": "Call ID", "queue__from": "Skill", "offered_at__from": "Start-Time",
              "offered_at__format": "%d.%m.%Y %H:%M", "wait_seconds__from": "Wait", "outcome__from": "Result",
              "outcome__values": "HANG = abandoned; AGENT = answered"}  # fmt: skip
    response = worker(ada, mapping_page, filled)
    assert response.url == reverse("interactions:import_detail", args=[delivery.pk])
    delivery.refresh_from_db()
    assert counts(delivery) == {"new": 1}
    assert Contact.objects.get().wait_seconds == 5
    mapping = Source.objects.get(name="fresh").mapping
    assert mapping["columns"]["outcome"] == {"from": "Result", "values": {"HANG": "abandoned", "AGENT": "answered"}}


def test_a_known_source_takes_a_file_at_once_and_a_mapping_survives_its_own_page(ada, site, refunds_line, worker):
    columns = {"external_id": {"from": ["line", "id"], "separator": "-"}, "queue": {"from": "q", "none": ["-"]},
               "offered_at": {"from": "at"}, "outcome": {"constant": "abandoned"}}  # fmt: skip
    aside = [{"column": "q", "is": ["test"], "reason": "A test."}]
    source = new_source(site, "known", {"columns": columns, "set_aside": aside})
    lines = ["line,id,q,at", "A,1,refunds-line,2026-11-02 12:00:00", "A,2,test,"]
    worker(ada, reverse("interactions:import_create"), {"source": "known", "file": upload(lines)})
    delivery = Import.objects.get()
    assert counts(delivery) == {"new": 1, "set_aside": 1}
    failed = deliver(source, ["id,q", "1,2"])
    page = reverse("interactions:import_mapping", args=[failed.pk])
    form = ada.get(page).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value()}
    worker(ada, page, data)
    source.refresh_from_db()
    assert source.mapping == {"columns": columns, "set_aside": aside}


def test_a_preset_is_offered_and_makes_its_source(ada, worker):
    assert "anonymous_bank" in ada.get(reverse("interactions:import_create")).content.decode()
    worker(ada, reverse("interactions:import_create"), {"source": "preset:anonymous_bank", "file": upload(["a,b"])})
    assert Source.objects.get().name == "anonymous_bank"
    delivery = Import.objects.get()
    assert delivery.state == Import.State.DRAFT, "its first rows are shown before anything is taken in"
    page = ada.get(reverse("interactions:import_mapping", args=[delivery.pk]))
    assert page.context["form"]["external_id__from"].value() == "vru+line"
    assert page.context["form"]["external_id__more"].value() == ["call_id", "date"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "A new source needs this."),
        ({"name": "calls"}, "There is a source of this name: choose it above."),
        ({"fact": "surveys"}, "Say whose contacts these answers and complaints speak of."),
        ({"kind": "asterisk", "fact": "states"}, "own files hold contacts"),
    ],
)
def test_a_source_that_cannot_be_says_why(ada, source, site, changes, says):
    data = {**new_source_fields(site, **changes), "file": upload([HEADER])}
    response = ada.post(reverse("interactions:import_create"), data)
    assert says in response.content.decode().replace("&#x27;", "'")
    assert not Import.objects.exists()


def test_a_file_beyond_the_limit_is_refused(ada, source, settings):
    settings.IMPORT_MAX_BYTES = 10
    response = ada.post(reverse("interactions:import_create"), {"source": "calls", "file": upload([HEADER])})
    assert "The file is larger than" in response.content.decode()


def test_the_page_of_an_import_follows_it_and_shows_what_was_not_taken(ada, source, refunds_line, worker):
    delivery = deliver(source, [HEADER, ROW, ROW.replace("c1", "c2").replace("abandoned", "lost")])
    address = reverse("interactions:import_detail", args=[delivery.pk])
    text = ada.get(address).content.decode()
    assert "“lost” is none of answered" in text
    assert "every 1s" not in text
    Import.objects.filter(pk=delivery.pk).update(state="running", step="merging", progress=0.5)
    running = ada.get(address, headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 1s"' in running
    assert 'value="0.500"' in running
    assert "<html" not in running
    rejected = ada.get(reverse("interactions:import_rejected", args=[delivery.pk]))
    lines = rejected.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == f"{HEADER},rejected_line,rejected_column,rejected_reason"
    assert len(lines) == 2
    assert 'filename="calls_rejected.csv"' in rejected["Content-Disposition"]


def test_a_failed_import_is_tried_again_when_its_mapping_is_mended(ada, site, refunds_line, worker):
    source = new_source(site, "mended", {"columns": {"external_id": {"from": "nr"}}})
    delivery = deliver(source, [HEADER, ROW])
    assert delivery.state == Import.State.FAILED
    Source.objects.filter(pk=source.pk).update(mapping={})
    worker(ada, reverse("interactions:import_start", args=[delivery.pk]), {})
    delivery.refresh_from_db()
    assert counts(delivery) == {"new": 1}
    again = ada.post(reverse("interactions:import_start", args=[delivery.pk]), follow=True)
    assert "send the file once more" in again.content.decode()


def test_a_source_and_its_mapping_can_be_changed_by_hand(ada, source, site):
    page = reverse("interactions:source_edit", args=[source.pk])
    data = {"name": "calls", "kind": "table", "fact": "contacts", "site": site.pk, "unknown_agents": "create",
            "unknown_queues": "reject", "mapping": '{"encoding": "cp1252"}'}  # fmt: skip
    assert ada.post(page, data).url == reverse("interactions:source_list")
    source.refresh_from_db()
    assert (source.mapping, source.unknown_agents) == ({"encoding": "cp1252"}, "create")
    refused = ada.post(page, {**data, "mapping": '{"encoding": "klingon"}'})
    assert "“encoding” is one of" in refused.content.decode()
    made = ada.post(reverse("interactions:source_create"), {**data, "name": "second", "mapping": ""})
    assert made.url == reverse("interactions:source_list")
    assert "second" in ada.get(reverse("interactions:source_list")).content.decode()


def test_nobody_else_finds_these_pages(cast, source, refunds_line, sign_in):
    delivery = deliver(source, [HEADER, ROW])
    lists = ("import_list", "import_create", "source_list", "source_create")
    of_one = ("import_detail", "import_rejected", "import_mapping", "import_start", "import_discard")
    pages = [reverse(f"interactions:{name}") for name in lists]
    pages += [reverse(f"interactions:{name}", args=[delivery.pk]) for name in of_one]
    pages.append(reverse("interactions:source_edit", args=[source.pk]))
    for name, user in cast.items():
        if name != "administrator":
            assert {sign_in(user).get(page).status_code for page in pages} == {404}, name


def test_a_file_that_is_not_utf_8_is_read_again_with_its_encoding_and_separator(ada, site, refunds_line, worker):
    text = "external_id|queue|offered_at|outcome|Grüße;x\nc1|refunds-line|2026-11-02 12:00:00|abandoned|schön;y\n"
    file = SimpleUploadedFile("calls.csv", text.encode("cp1252"))
    worker(ada, reverse("interactions:import_create"), {**new_source_fields(site), "file": file})
    page = reverse("interactions:import_mapping", args=[Import.objects.get().pk])
    assert "is not UTF-8" in ada.get(page).content.decode()
    again = ada.post(page, {"encoding": "cp1252", "delimiter": "|"})
    assert again.context["seen"].columns[-1] == "Grüße;x"
    assert not again.context["form"].errors
    assert ada.post(page, {"encoding": "cp1252", "delimiter": ";", "read": "again"}).context["seen"].columns[1] == "x"
    assert Import.objects.get().state == Import.State.DRAFT
    form = again.context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value()}
    worker(ada, page, {**data, "encoding": "cp1252", "delimiter": "|"})
    assert counts(Import.objects.get()) == {"new": 1}
    mapping = Source.objects.get().mapping
    assert (mapping["encoding"], mapping["delimiter"]) == ("cp1252", "|")


def test_each_column_is_one_choice_and_what_is_missing_is_told_at_the_top_with_links(ada, site, refunds_line, worker):
    lines = ["external_id,queue_name,agent_name,created", "c1,Refunds line,Chen Wei,2026-11-02 12:00:00"]
    worker(ada, reverse("interactions:import_create"), {**new_source_fields(site), "file": upload(lines)})
    page = reverse("interactions:import_mapping", args=[Import.objects.get().pk])
    form = ada.get(page).context["form"]
    assert {name: form[f"{name}__from"].value() for name in ("queue", "agent", "queue_name", "agent_name")} == {
        "queue": "queue_name", "agent": "agent_name", "queue_name": "", "agent_name": ""}  # fmt: skip
    assert [line.column.name for line in form.required_lines] == ["external_id", "queue", "offered_at"]
    assert "queue__more" not in form.fields
    text = ada.post(page, {"external_id__from": "external_id"}).content.decode()
    assert text.index('<a href="#id_queue__from">Queue</a>: Choose where') < text.index("The first rows")
    assert "---------" not in text


def test_an_import_says_at_a_glance_whether_everything_went_in(ada, source, refunds_line):
    def shown(*rows):
        delivery = deliver(source, [HEADER, *rows])
        return ada.get(reverse("interactions:import_detail", args=[delivery.pk])).content.decode()

    lost = [ROW.replace("c1", f"x{number}").replace("abandoned", "lost") for number in range(240)]
    partly = shown(ROW, *lost)
    assert "mark-warn" in partly
    assert "Done, with rejected rows" in partly
    assert '<td class="number">240</td>' in partly
    assert "3, 4, 5, 6, 7 …" in partly
    assert "?from=2026-11-02&amp;to=2026-11-02" in partly
    nothing = shown(*lost[:2])
    assert "mark-bad" in nothing
    assert "Nothing taken" in nothing
    assert "Rejected rows as CSV" in nothing
    whole = shown(ROW.replace("c1", "c2"))
    assert "mark-good" in whole
    assert "Rejected rows as CSV" not in whole
    assert reverse("kpis:run_list") in whole


def test_a_draft_or_a_failed_import_can_be_discarded_with_its_file_and_no_other(
    ada, source, refunds_line, django_capture_on_commit_callbacks
):
    failed = deliver(source, ["id"])
    assert failed.state == Import.State.FAILED
    storage, name = failed.file.storage, failed.file.name
    with django_capture_on_commit_callbacks(execute=True):
        ada.post(reverse("interactions:import_discard", args=[failed.pk]))
    assert not Import.objects.exists()
    assert not storage.exists(name)
    done = deliver(source, [HEADER, ROW])
    refused = ada.post(reverse("interactions:import_discard", args=[done.pk]), follow=True)
    assert "can be discarded" in refused.content.decode()
    assert Import.objects.get() == done


def test_the_page_of_an_import_names_what_it_created(ada, site):
    source = new_source(site, "open", unknown_agents="create", unknown_queues="create")
    delivery = deliver(source, [HEADER, "c1,Repairs,E55,,answered,2026-11-02 12:00:00,5,1,1",
                                "c2,repairs,E56,,answered,2026-11-02 12:00:00,5,1,1"])  # fmt: skip
    assert counts(delivery) == {"new": 2}
    text = " ".join(ada.get(reverse("interactions:import_detail", args=[delivery.pk])).content.decode().split())
    assert "Created: queue</dt> <dd>1: Repairs</dd>" in text
    assert "Created: agent</dt> <dd>2: E55, E56</dd>" in text


def test_the_list_of_imports_is_empty_at_first_and_then_shows_each(ada, source, refunds_line):
    page = reverse("interactions:import_list")
    assert "Nothing came in yet" in ada.get(page).content.decode()
    deliver(source, [HEADER, ROW])
    assert "calls.csv" in ada.get(page).content.decode()


def test_a_file_may_have_any_name_and_its_rejected_rows_are_named_after_it(ada, source, refunds_line):
    name = "客" * 120 + ".csv"
    delivery = deliver(source, [HEADER, ROW.replace("abandoned", "lost")], name)
    assert counts(delivery) == {"rejected": 1}
    assert delivery.file_name == name
    header = ada.get(reverse("interactions:import_rejected", args=[delivery.pk]))["Content-Disposition"]
    assert header == f"attachment; filename*=utf-8''{quote('客' * 120)}_rejected.csv"


def test_a_draft_that_is_nested_beyond_all_measure_still_has_its_page(ada, site, worker):
    file = SimpleUploadedFile("deep.json", b'{"a": ' * 100_000)
    response = worker(ada, reverse("interactions:import_create"), {**new_source_fields(site), "file": file})
    assert "The file holds no JSON objects." in ada.get(response.url).content.decode()


def test_a_draft_whose_file_is_gone_says_so(ada, site, worker):
    response = worker(
        ada, reverse("interactions:import_create"), {**new_source_fields(site), "file": upload([HEADER, ROW])}
    )
    delivery = Import.objects.get()
    delivery.file.storage.delete(delivery.file.name)
    assert "The file is no longer there. Send it again." in ada.get(response.url).content.decode()


def test_sources_are_not_changed_past_their_checks():
    with pytest.raises(NoReverseMatch):
        reverse("admin:interactions_source_changelist")
