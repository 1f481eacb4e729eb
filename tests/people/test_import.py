"""People and teams from CSV files: good rows go in, bad ones come back with the reason."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from interactions.models import Contact
from people.models import FIRST_DAY, Agent, RosterImport, Team
from tests.factories import ContactFactory

AGENTS = """employee_number,name,platform_login,hired_on,left_on,grade,hourly_cost,team,team_from,skills
E1,Ana Ruiz,ana,2026-01-05,,senior,31.50,refunds,2026-01-05,Spanish:senior; Chat:junior
E2,Bo Lund,,2026-02-01,,,28,billing,,
"""


@pytest.fixture
def send(sign_in, administrator):
    """Uploads a file as the administrator and answers with the import, or with the form's errors."""
    page = sign_in(administrator)

    def upload(content, name="people.csv"):
        content = content.encode() if isinstance(content, str) else content
        answer = page.post(reverse("people:import"), {"file": SimpleUploadedFile(name, content)})
        if answer.status_code == 302:
            return RosterImport.objects.get(pk=answer.url.rstrip("/").rsplit("/", 1)[1])
        return answer.context["form"].errors["file"][0]

    upload.page = page
    return upload


def counts(taken):
    return taken.rows_new, taken.rows_changed, taken.rows_unchanged, len(taken.rejected)


def problems(taken):
    return [
        (row["line"], problem["column"], problem["value"], problem["reason"])
        for row in taken.rejected
        for problem in row["problems"]
    ]


def test_agents_come_in_with_team_skills_and_cost(send, refunds, billing, administrator):
    assert counts(send(AGENTS)) == (2, 0, 0, 0)

    ana = Agent.objects.get(employee_number="E1")
    assert (ana.name, ana.platform_login, ana.hired_on, ana.left_on, ana.grade, ana.hourly_cost) == (
        "Ana Ruiz",
        "ana",
        dt.date(2026, 1, 5),
        None,
        "senior",
        Decimal("31.50"),
    )
    assert [str(skill) for skill in ana.agent_skills.order_by("skill__name")] == ["Chat: Junior", "Spanish: Senior"]
    assert ana.history.get().history_user == administrator
    membership = Agent.objects.get(employee_number="E2").memberships.get()
    assert (membership.team, membership.starts_on) == (billing, dt.date(2026, 2, 1))


def test_the_same_file_twice_changes_nothing(send, refunds, billing):
    send(AGENTS)
    before = Agent.history.count()

    assert counts(send(AGENTS)) == (0, 0, 2, 0)
    assert Agent.history.count() == before


@pytest.mark.parametrize(
    "write",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace(";", "/").replace(",", ";").replace("/", ";").encode(),
        lambda text: text.replace(",", "\t").encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: ("\n\n" + text + ",,,\n" * 22_000).encode(),
        lambda text: text.replace("employee_number,name", "Employee Number, NAME ").encode(),
    ],
    ids=["mark at the start", "semicolons", "tabs", "UTF-16", "Windows lines", "blank lines", "spelling of columns"],
)
def test_files_come_in_as_spreadsheets_write_them(send, refunds, billing, write):
    without_skills = "\n".join(line.rsplit(",", 1)[0] for line in AGENTS.splitlines()) + "\n"

    assert counts(send(write(without_skills))) == (2, 0, 0, 0)


def test_an_accent_survives(send):
    send("employee_number,name\nE1,Zoë Müller 陈\n")

    assert Agent.objects.get().name == "Zoë Müller 陈"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("employee_number,name\nE1,Zoë\n".encode("latin-1"), "Line 2 is not UTF-8 text."),
        (b"employee_number,name\nE1,\x00\x01\n", "Line 2 holds binary data."),
        (b"\n \n", "The file is empty."),
        (b"", "The file is empty."),
        (b"name,grade\nA,B\n", "neither a column “employee_number” (agents) nor a column “code” (teams)"),
        (b"employee_number,name,shoe_size\nE1,A,43\n", "The column “shoe_size” is not known."),
        (b"employee_number,name,Name\nE1,A,A\n", "The column “name” is there twice."),
        (b'employee_number,name\nE1,"A\n', "From line 2 on the file cannot be read as CSV"),
        (b"employee_number,name\nE1," + b"x" * 200_000, "From line 2 on the file cannot be read as CSV"),
        (b"employee_number,name\n" + b"E1,A\n" * 2_001, "The file has 2001 rows; here up to 2000 go in at once."),
        (b"employee_number,name\n" + b"x" * 20_000_001, "The file is larger than 20 MB."),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(send, content, sentence):
    assert sentence in send(content)
    assert not Agent.objects.exists()


def test_each_bad_row_is_named_and_the_good_ones_go_in(send, refunds):
    taken = send(
        "employee_number,name,hired_on,left_on,hourly_cost,team,team_from,skills\n"
        "E1,Good,,,,,,\n"
        ",Without number,,,,,,\n"
        "E3,,,,,,,\n"
        "E4,Wrong day,21.11.2026,,,,,\n"
        "E5,Wrong cost,,,much,,,\n"
        "E6,Cost below nothing,,,-1,,,\n"
        "E7,Unknown team,,,,sales,,\n"
        "E8,Wrong level,,,,,,Spanish:expert\n"
        "E9,Left before hired,2026-05-01,2026-04-01,,,,\n"
        "E10,Too many cells,,,,,,,surplus\n"
        "E11,Move without team,,,,,2026-01-01,\n"
        f"E12,{'x' * 121},,,,,,\n"
    )

    assert counts(taken) == (1, 0, 0, 11)
    assert problems(taken) == [
        (3, "employee_number", "", "This cell is empty, but it is needed."),
        (4, "name", "", "This cell is empty, but it is needed."),
        (5, "hired_on", "21.11.2026", "This is no date. Dates are written like 2026-11-21."),
        (6, "hourly_cost", "much", "This is no amount. Amounts are written like 28.50."),
        (7, "hourly_cost", "-1", "Ensure this value is greater than or equal to 0."),
        (8, "team", "sales", "There is no team with this code. Import the teams first."),
        (9, "skills", "Spanish:expert", "“expert” is no level. Levels are junior, intermediate, senior."),
        (10, "", "", "The leaving date is before the hiring date."),
        (11, "", "", "The row has more cells than the file has columns."),
        (12, "team", "", "This cell is empty, but it is needed."),
        (13, "name", "x" * 121, "Ensure this value has at most 120 characters (it has 121)."),
    ]
    assert list(Agent.objects.values_list("employee_number", flat=True)) == ["E1"]


def test_all_that_is_wrong_with_a_row_is_said_at_once(send):
    taken = send("employee_number,name,hired_on,hourly_cost\nE1,A,soon,much\n")

    assert [column for _, column, _, _ in problems(taken)] == ["hired_on", "hourly_cost"]


def test_a_login_that_another_agent_has_is_refused(send, chen):
    taken = send("employee_number,name,platform_login\nE1,A,chen\nE2,B,free\n")

    assert counts(taken) == (1, 0, 0, 1)
    assert problems(taken)[0][:3] == (2, "platform_login", "chen")


def test_a_bad_row_of_a_known_agent_leaves_the_agent_as_they_were(send, chen):
    taken = send(f"employee_number,name,grade,skills\n{chen.employee_number},{'x' * 121},senior,Spanish\n")

    chen.refresh_from_db()
    assert (chen.name, chen.grade, chen.agent_skills.count()) == ("Lin Chen", "", 0)
    assert counts(taken) == (0, 0, 0, 1)


def test_rejected_rows_are_downloaded_mended_and_sent_again(send, refunds):
    taken = send('employee_number,name,team\nE1,"=HYPERLINK(""x"")",rfunds\nE2,Bo,refunds\n')

    answer = send.page.get(reverse("people:import_rejected", args=[taken.pk]))
    rejected = answer.content.decode("utf-8-sig")
    assert answer["Content-Disposition"] == f'attachment; filename="people-rejected-{taken.pk}.csv"'
    assert rejected.splitlines() == [
        "employee_number,name,team,rejected_line,rejected_column,rejected_reason",
        'E1,"\'=HYPERLINK(""x"")",rfunds,2,team,There is no team with this code. Import the teams first.',
    ]

    assert counts(send(rejected.replace("rfunds", "refunds"))) == (1, 0, 0, 0)
    assert Agent.objects.get(employee_number="E1").name == '=HYPERLINK("x")'


def test_a_column_that_is_left_out_leaves_things_as_they_are_and_an_empty_cell_empties(send, refunds, billing):
    send(AGENTS)

    send("employee_number,grade,team\nE1,,\n")

    ana = Agent.objects.get(employee_number="E1")
    assert (ana.name, ana.grade, ana.hourly_cost) == ("Ana Ruiz", "", Decimal("31.50"))
    assert ana.agent_skills.count() == 2
    assert ana.memberships.get().team == refunds


def test_a_move_takes_the_contacts_along(send, chen, refunds, billing, refunds_line):
    ContactFactory(agent=chen, queue=refunds_line)
    row = f"employee_number,team,team_from\n{chen.employee_number},billing,2026-05-01\n"

    assert counts(send(row)) == (0, 1, 0, 0)
    assert Contact.objects.get().team == billing
    assert counts(send(row)) == (0, 0, 1, 0)


def test_several_rows_of_an_agent_tell_a_career(send, refunds, billing):
    career = "employee_number,name,team,team_from\nE1,Ana,refunds,2025-01-01\nE1,Ana,billing,2026-01-01\n"

    assert counts(send(career)) == (1, 1, 0, 0)
    assert counts(send(career)) == (0, 0, 2, 0)
    assert list(Agent.objects.get().memberships.order_by("starts_on").values_list("team__code", "ends_on")) == [
        ("refunds", dt.date(2026, 1, 1)),
        ("billing", None),
    ]


def test_an_agent_without_any_date_is_in_their_team_since_ever(send, refunds):
    send("employee_number,name,team\nE1,Ana,refunds\n")

    assert Agent.objects.get().memberships.get().starts_on == FIRST_DAY


def test_skills_are_replaced_as_a_whole(send):
    send("employee_number,name,skills\nE1,Ana,Spanish:senior; Chat\n")
    taken = send("employee_number,skills\nE1,spanish:junior\n")

    assert counts(taken) == (0, 1, 0, 0)
    assert [str(skill) for skill in Agent.objects.get().agent_skills.all()] == ["Spanish: Junior"]


TEAMS = """code,name,parent,site,supervisors
north-1,North 1,north,berlin,rosa; boris
north,North,,berlin,
"""


def test_teams_come_in_whatever_the_order_of_parents(send, site, refunds_supervisor, billing_supervisor):
    assert counts(send(TEAMS)) == (2, 0, 0, 0)

    team = Team.objects.get(code="north-1")
    assert (team.parent.code, team.site) == ("north", site)
    assert set(team.supervisors.all()) == {refunds_supervisor, billing_supervisor}
    assert counts(send(TEAMS)) == (0, 0, 2, 0)


def test_what_is_wrong_with_teams_is_named(send, site, centre, refunds, director):
    taken = send(
        "code,name,parent,site,supervisors\n"
        "a,,,berlin,\n"
        "b,B,nowhere,berlin,\n"
        "c,C,,paris,\n"
        "d,D,,berlin,diana; ghost\n"
        "no good,E,,berlin,\n"
        "centre,Centre,refunds,berlin,\n"
        "g,G,,berlin,\n"
        "g,G again,g,berlin,\n"
    )

    assert [(line, column) for line, column, _, _ in problems(taken)] == [
        (2, "name"),
        (3, "parent"),
        (4, "site"),
        (5, "supervisors"),
        (5, "supervisors"),
        (6, "code"),
        (7, ""),
        (9, ""),
    ]
    assert set(Team.objects.values_list("code", flat=True)) == {"centre", "refunds", "g"}


def test_teams_that_name_each_other_as_parents_are_refused(send, site):
    taken = send("code,name,parent,site\na,A,b,berlin\nb,B,a,berlin\n")

    assert [column for _, column, _, _ in problems(taken)] == ["parent", "parent"]
    assert not Team.objects.exists()


def test_pages_are_there_for_administrators_only(send, sign_in, cast):
    taken = send("employee_number,name\nE1,A\nE2,\n")
    pages = [
        reverse("people:import"),
        reverse("people:import_detail", args=[taken.pk]),
        reverse("people:import_rejected", args=[taken.pk]),
    ]

    assert [send.page.get(page).status_code for page in pages] == [200, 200, 200]
    for name in ("director", "qa_analyst", "refunds_supervisor", "chen", "shopper", "nobody"):
        assert [sign_in(cast[name]).get(page).status_code for page in pages] == [404, 404, 404], name


def test_the_page_shows_line_column_value_and_reason(send):
    taken = send("employee_number,name,hired_on\nE1,A,<b>soon</b>\n")

    page = send.page.get(reverse("people:import_detail", args=[taken.pk])).content.decode()
    assert "&lt;b&gt;soon&lt;/b&gt;" in page
    assert "This is no date." in page


def test_the_command_takes_a_file_lists_bad_rows_and_writes_them(db, tmp_path, refunds, billing):
    file, rejected = tmp_path / "people.csv", tmp_path / "rejected.csv"
    file.write_text(AGENTS + "E3,,,,,,,,,\n")
    out, err = io.StringIO(), io.StringIO()

    call_command("import_people", file, rejected=rejected, stdout=out, stderr=err)

    assert out.getvalue() == "2 new, 0 changed, 0 unchanged, 1 rejected.\n"
    assert err.getvalue() == "4: name “”: This cell is empty, but it is needed.\n"
    assert rejected.read_text("utf-8-sig").splitlines()[1].startswith("E3,")


def test_the_command_says_what_is_wrong_with_the_file(db, tmp_path):
    file = tmp_path / "people.csv"
    file.write_bytes(b"\xff\xffnothing")

    with pytest.raises(CommandError, match="is not UTF-8 text"):
        call_command("import_people", file)
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_people", tmp_path / "missing.csv")
