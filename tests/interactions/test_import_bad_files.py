"""Files that no row can be taken from, or that are strange in one place: each gets its sentence."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
import xlsxwriter

from interactions.models import Contact, Import, RejectedRow
from people.models import Site
from tests.interactions.deliveries import HEADER, counts, deliver, new_source, reasons

pytestmark = pytest.mark.django_db

ROW = "{},refunds-line,,,abandoned,2026-11-02 12:00:00,5,,"


def failure(delivery: Import) -> str:
    """The sentence of a file that was not taken; nothing of it is in."""
    assert delivery.state == Import.State.FAILED
    assert not Contact.objects.exists()
    assert not RejectedRow.objects.exists()
    return delivery.message


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b"\n\n  \n", "The file is empty."),
        (b"id,when\n1,2\n", "Nothing says where these columns come from: external_id, queue, offered_at."),
        (b"external_id,queue,queue,offered_at\n", "names the column “queue” twice"),
        (b"external_id,,queue,offered_at\n", "Column 2 has no name"),
        (f"{HEADER}\n{ROW.format('a')}\n{ROW.format('M')}\n".replace("M", "Müller").encode("cp1252"),
         "Line 3 holds a byte (0xFC) that is not UTF-8."),
        (f"{HEADER}\n{ROW.format('a')}\n".encode("utf-16-le"), "NUL"),
        (f"{HEADER}\n{ROW.format('a')}".encode() + b"\0\n", "NUL characters near line 2"),
        (b"\x1f\x8b\x08\x00", "The file is compressed."),
        (b"PK\x03\x04 and no more", "The spreadsheet cannot be read"),
        (b"PAR1 and no more", "The Parquet file is damaged"),
        (b"[1, 2]", "holds no JSON objects"),
        (b"{}", "holds no JSON objects"),
        (b'{"a\\u0000": 1}', "cannot be read"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_says_what_is_wrong_and_where(source, refunds_line, content, says):
    assert says in failure(deliver(source, content))


def test_a_file_without_a_column_that_the_mapping_names_says_which(site, refunds_line):
    mapping = {"columns": {"external_id": {"from": "id"}, "queue": {"from": "line"}, "offered_at": {"from": "at"}}}
    said = failure(deliver(new_source(site, "mapped", mapping), ["id,at", "1,2026-11-02 12:00:00"]))
    assert "lacks columns that the source's mapping names: line" in said
    assert "It has: id, at." in said


def test_a_line_without_end_is_refused_before_it_fills_the_memory(source, refunds_line, settings):
    settings.IMPORT_MAX_LINE_CHARACTERS = 1000
    long = f"{HEADER}\n{ROW.format('a')}\n{'x' * 1001}\n"
    assert "Line 3 is longer than 1000 characters" in failure(deliver(source, long))
    settings.IMPORT_MAX_LINE_CHARACTERS = 1_000_000
    endless = f"{HEADER}\n".encode() + b"x" * 9_000_000
    assert "Line 2 is longer than 1000000 characters" in failure(deliver(source, endless))


def test_a_spreadsheet_that_says_it_is_huge_is_refused_unopened(source, settings):
    settings.IMPORT_MAX_SPREADSHEET_BYTES = 20_000_000
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    assert len(bomb.getvalue()) < 100_000
    assert "Unpacked, the spreadsheet has 30 MB; 10 MB are the most." in failure(deliver(source, bomb.getvalue()))


def test_a_spreadsheet_that_unpacks_into_more_than_it_says_ends_its_own_process_only(source, settings):
    bomb = BytesIO()
    book = xlsxwriter.Workbook(bomb)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "external_id")
    # 17 thousand million cells between the first and the last.
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    assert len(bomb.getvalue()) < 10_000
    assert "takes more than 2000 MB of memory" in failure(deliver(source, bomb.getvalue(), "bomb.xlsx"))


def test_a_site_with_an_unknown_time_zone_is_named(source, refunds_line):
    Site.objects.filter(pk=source.site_id).update(time_zone="Europe/Atlantis")
    said = failure(deliver(source, [HEADER, ROW.format("a")]))
    assert "time zone “Europe/Atlantis”" in said


def test_22000_blank_lines_cost_nothing_and_lines_keep_their_numbers(source, refunds_line):
    blank = "\n" * 11_000
    content = f"{HEADER}\n{blank}{ROW.format('a')}\n{blank}{ROW.format('b').replace('abandoned', 'lost')}\n,,,,,,,,\n"
    delivery = deliver(source, content)
    assert counts(delivery) == {"new": 1, "rejected": 1}
    assert list(reasons(delivery)) == [22_003]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_are_read(source, refunds_line, end):
    assert counts(deliver(source, end.join([HEADER, ROW.format("a"), ROW.format("b")]))) == {"new": 2}


def test_a_quoted_value_may_hold_delimiters_quotes_and_line_ends(source, refunds_line):
    rows = [HEADER, ROW.format('"a, ""b""\nc"'), ROW.format("d"), ROW.format("e").replace("abandoned", "lost")]
    delivery = deliver(source, rows)
    assert counts(delivery) == {"new": 2, "rejected": 1}
    assert set(Contact.objects.values_list("external_id", flat=True)) == {'a, "b"\nc', "d"}
    assert list(reasons(delivery)) == [5]


def test_everything_in_quotes_is_read_the_same(source, refunds_line):
    quoted = [",".join(f'"{cell}"' for cell in line.split(",")) for line in (HEADER, ROW.format("a"), ROW.format("b"))]
    assert counts(deliver(source, quoted)) == {"new": 2}
    assert counts(deliver(source, [HEADER, ROW.format("a"), ROW.format("b")])) == {"unchanged": 2}


def test_blanks_around_values_do_not_matter(source, refunds_line):
    padded = ROW.format("a").replace(",", " , ")
    deliver(source, [HEADER, padded])
    assert counts(deliver(source, [HEADER, ROW.format("a")])) == {"unchanged": 1}


def test_a_stray_quote_costs_at_most_its_own_row(source, refunds_line):
    rows = [ROW.format('5" screen'), ROW.format("b"), ROW.format('6" screen'), ROW.format("c")]
    assert counts(deliver(source, [HEADER, *rows])) == {"new": 4}
    opened = [ROW.format('"never closed'), ROW.format("d")]
    assert counts(deliver(source, [HEADER, *opened])) == {"new": 1, "rejected": 1}


def test_a_broken_row_among_many_does_not_shift_the_others(source, refunds_line):
    # More than one piece of the file is read: about 70 bytes a row, 4 MB a piece.
    rows = [ROW.format(f"call-{number}") for number in range(70_000)]
    rows[60_000] += ",too,much"
    rows[65_000] = rows[65_000].replace("abandoned", "lost")
    delivery = deliver(source, [HEADER, *rows])
    assert counts(delivery) == {"new": 69_998, "rejected": 2}
    assert list(reasons(delivery)) == [60_002, 65_002]


@pytest.mark.parametrize(
    ("encoding", "name"), [("cp1252", "Größe"), ("gb18030", "客户服务"), ("utf-16", "客户"), ("utf-8-sig", "客户")]
)
def test_other_encodings_are_read_where_the_mapping_or_the_mark_names_them(site, refunds_line, encoding, name):
    mapping = {} if encoding.startswith("utf") else {"encoding": encoding}
    source = new_source(site, "encoded", mapping)
    assert counts(deliver(source, f"{HEADER}\n{ROW.format(name)}\n".encode(encoding))) == {"new": 1}
    assert Contact.objects.get().external_id == name


@pytest.mark.parametrize(("delimiter"), [";", "\t", "|"])
def test_the_delimiter_is_found_in_the_first_line(source, refunds_line, delimiter):
    content = "\n".join([HEADER, ROW.format("a")]).replace(",", delimiter)
    assert counts(deliver(source, content)) == {"new": 1}


@pytest.mark.parametrize("value", ["[" * 100_000, "1" * 5_000])
def test_json_beyond_all_measure_costs_its_own_line(source, refunds_line, value):
    good = '{{"external_id":"{}","queue":"refunds-line","outcome":"abandoned","offered_at":"2026-11-02 12:00:00"}}'
    delivery = deliver(source, "\n".join([good.format("a"), f'{{"external_id": {value}', good.format("b")]))
    assert list(reasons(delivery)) == [2]
    assert "nested too deeply" in reasons(delivery)[2]
