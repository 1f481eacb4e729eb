"""Pages with numbers, as each role meets them."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import json
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from interactions.models import AgentState, Contact, Outcome
from interactions.services import mark_days
from kpis.dashboards import members
from kpis.dashboards.story import as_kpi
from kpis.definitions import KPIS
from kpis.kpi import Tally
from kpis.measure import can_measure, measure
from kpis.period import Period
from kpis.tally_names import TALLY_NAMES
from people.models import Agent, Queue, Reason, Team, User
from tests.factories import (
    MONDAY_NOON,
    AgentFactory,
    AgentStateFactory,
    ComplaintFactory,
    ContactFactory,
    ShiftFactory,
    SurveyAnswerFactory,
    TargetFactory,
)

PERIOD = Period(dt.date(2026, 11, 2), dt.date(2026, 11, 8))
WEEK = "from=2026-11-02&to=2026-11-08"


@pytest.fixture
def a_week(
    compute: Callable, chen: Agent, zhao: Agent, smit: Agent, refunds_line: Queue, billing_line: Queue, reason: Reason
) -> None:
    """Chen handles 4 and Zhao 1 of the refunds line's 8 contacts (1 within 20 s is Zhao's), Smit 2 of billing's."""
    for number in range(4):
        moment = MONDAY_NOON + dt.timedelta(days=number)
        contact = ContactFactory(
            queue=refunds_line, agent=chen, offered_at=moment, wait_seconds=Decimal(60), customer=number, reason=reason
        )
        SurveyAnswerFactory(contact=contact, csat=4 if number else 2)
    ContactFactory(queue=refunds_line, agent=zhao, customer=3, reason=reason)
    for wait in (3, 40, 50):
        ContactFactory(queue=refunds_line, outcome=Outcome.ABANDONED, wait_seconds=Decimal(wait))
    answered = ContactFactory(queue=billing_line, agent=smit, talk_seconds=Decimal(200))
    ContactFactory(queue=billing_line, agent=smit, offered_at=MONDAY_NOON + dt.timedelta(days=6))
    ComplaintFactory(contact=answered)
    AgentStateFactory(agent=chen, state=AgentState.State.READY)
    AgentStateFactory(agent=chen, state=AgentState.State.ON_CONTACT, started_at=MONDAY_NOON + dt.timedelta(hours=1))
    ShiftFactory(agent=chen)
    compute()


def text_of(answer) -> str:
    """What a page says, without its markup."""
    page = re.sub(r"<script.*?</script>|<svg.*?</svg>", "", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def rows_of(answer) -> list[dict[str, str]]:
    """The rows of a CSV download."""
    content = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(content)))


def addresses(refunds: Team, chen: Agent, refunds_line: Queue) -> dict[str, str]:
    return {
        "centre": reverse("kpis:centre"),
        "teams": reverse("kpis:team_list"),
        "team": reverse("kpis:team_detail", args=[refunds.pk]),
        "agents": reverse("kpis:agent_list"),
        "agent": reverse("kpis:agent_detail", args=[chen.pk]),
        "queues": reverse("kpis:queue_list"),
        "queue": reverse("kpis:queue_detail", args=[refunds_line.pk]),
        "catalogue": reverse("kpis:catalogue"),
        "kpi": reverse("kpis:kpi_detail", args=["average_handle_time"]),
        "rows": reverse("kpis:rows_behind", args=["contacts_handled", "top"]),
        "runs": reverse("kpis:run_list"),
    }


EVERY_PAGE = {
    "centre",
    "teams",
    "team",
    "agents",
    "agent",
    "queues",
    "queue",
    "catalogue",
    "kpi",
    "rows",
    "runs",
}
OPEN_TO = {
    "director": EVERY_PAGE,
    "qa_analyst": EVERY_PAGE,
    "administrator": EVERY_PAGE,
    "refunds_supervisor": EVERY_PAGE - {"centre", "runs"},
    # Not his team and not his agent; queues' names are no secret among supervisors, their rows are.
    "billing_supervisor": EVERY_PAGE - {"centre", "runs", "team", "agent"},
    "chen": {"agent", "catalogue", "kpi", "rows"},
    "zhao": {"catalogue", "kpi", "rows"},
    "shopper": {"catalogue", "kpi"},
    "nobody": {"catalogue", "kpi"},
}


def test_each_role_finds_its_pages_and_no_other(
    cast: dict[str, User], sign_in, a_week, refunds: Team, chen: Agent, refunds_line: Queue
) -> None:
    pages = addresses(refunds, chen, refunds_line)
    for who, expected in OPEN_TO.items():
        page = sign_in(cast[who])

        found = {name for name, url in pages.items() if page.get(url).status_code == 200}

        assert (who, found) == (who, expected)


def test_strangers_are_sent_to_the_login(client: Client, a_week, refunds: Team, chen: Agent, refunds_line: Queue):
    for url in addresses(refunds, chen, refunds_line).values():
        assert client.get(url).headers["Location"].startswith(reverse("people:login"))


def test_an_agent_reads_the_names_of_their_own_queues_without_a_link(chen: Agent, sign_in, a_week) -> None:
    page = sign_in(chen.user).get(f"{reverse('kpis:agent_detail', args=[chen.pk])}?{WEEK}").content.decode()

    assert "Refunds line" in page
    assert reverse("kpis:queue_list") not in page


STRANGERS = {"refunds_supervisor": ["Smit"], "billing_supervisor": ["Chen", "Zhao"], "chen": ["Zhao", "Smit"]}


def test_a_strangers_name_is_nowhere(
    cast: dict[str, User], sign_in, a_week, refunds: Team, chen: Agent, refunds_line: Queue
) -> None:
    """Not on a page, not in the figures of its charts, not in its downloads."""
    pages = addresses(refunds, chen, refunds_line)
    pages |= {f"{name} csv": f"{url}?csv=by_agent" for name, url in pages.items()}
    for who, strangers in STRANGERS.items():
        page = sign_in(cast[who])
        for name, url in pages.items():
            answer = page.get(url, {"from": "2026-11-02", "to": "2026-11-08"} if "csv" not in name else None)
            said = b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()
            assert (who, name, [stranger for stranger in strangers if stranger in said]) == (who, name, [])


def test_the_centre_says_its_figures_target_period_and_data_horizon(director: User, sign_in, a_week) -> None:
    # 1 of 7 offered contacts that are no short abandon was answered within 20 s, and 2 of billing's 2: 3 of 9.
    TargetFactory(kpi="service_level", value=Decimal("0.8"))

    said = text_of(sign_in(director).get(f"{reverse('kpis:centre')}?{WEEK}"))

    assert "Nov 2" in said
    assert "data to Nov 8, 2026" in said
    assert "33.3%" in said
    assert "Target ≥ 80.0%" in said
    assert "too few to judge" in said
    assert "9 contacts" in said


def test_a_value_that_could_not_be_measured_says_why(director: User, sign_in, a_week, chen: Agent) -> None:
    said = text_of(
        sign_in(director).get(f"{reverse('kpis:agent_detail', args=[chen.pk])}?from=2026-10-01&to=2026-10-02")
    )

    assert "no contacts" in said
    assert "no answers" in said


def test_a_period_without_end_or_out_of_order_is_refused_in_words(director: User, sign_in, a_week) -> None:
    page = sign_in(director)

    for query, sentence in (
        ("from=2026-11-09&to=2026-11-02", "The period ends before it starts."),
        ("from=2026-11-09", "Give both days of the period."),
        ("from=yesterday&to=2026-11-02", "This is no day. Write it like 2026-11-20. The usual days are shown instead."),
        ("from=0001-01-01&to=9999-12-31", "Give a day from 1990-01-01 to 2100-01-01."),
        ("from=2001-01-01&to=2026-11-02", "A period takes at most 3660 days."),
        ("queue=999999", "Queue: “999999” is none of those that you can choose here. Choose one from the list."),
        ("channel=telegram", "Channel: “telegram” is none of those that you can choose here."),
    ):
        answer = page.get(f"{reverse('kpis:centre')}?{query}")
        assert answer.status_code == 200
        assert sentence in text_of(answer)


def test_a_supervisor_chooses_among_the_queues_of_which_there_are_figures_for_them(
    refunds_supervisor: User, director: User, sign_in, a_week, chen: Agent, compute: Callable, billing_line: Queue
) -> None:
    """Those that their teams own or answered contacts in; all for who sees the centre."""

    def offered(viewer: User) -> list[str]:
        page = sign_in(viewer)
        fields = page.get(f"{reverse('kpis:team_list')}?{WEEK}").context["fields"]
        form = page.get(f"{reverse('interactions:contact_list')}?{WEEK}").context["form"]
        names = [option.name for field in fields if field.name == "queue" for option in field.options[1:]]
        assert [queue.name for queue in form.fields["queue"].queryset] == names
        return names

    assert offered(refunds_supervisor) == ["Refunds line"]
    assert offered(director) == ["Billing line", "Refunds line"]
    ContactFactory(queue=billing_line, agent=chen)
    compute()
    assert offered(refunds_supervisor) == ["Billing line", "Refunds line"]


def test_filters_and_comparison_stand_in_the_address_of_every_link(
    director: User, sign_in, a_week, refunds_line: Queue
) -> None:
    state = f"{WEEK}&compare=last_year&channel=voice&queue={refunds_line.pk}"

    page = sign_in(director).get(f"{reverse('kpis:centre')}?{state}").content.decode()

    assert f"{reverse('kpis:kpi_detail', args=['service_level'])}?{state}".replace("&", "&amp;") in page
    assert "compared with" in page


def test_a_team_stands_for_the_teams_below_it(
    director: User, sign_in, compute, centre: Team, refunds_evening: Team, refunds_line: Queue, refunds: Team
) -> None:
    late = AgentFactory(name="Late Shift", team=refunds_evening)
    ContactFactory(queue=refunds_line, agent=late)
    compute()

    page = sign_in(director).get(f"{reverse('kpis:team_detail', args=[refunds.pk])}?{WEEK}")

    assert "Refunds evening" in text_of(page)
    assert "Late Shift" in text_of(page)


def test_the_csv_of_a_table_holds_what_the_page_shows(director: User, sign_in, a_week) -> None:
    page, url = sign_in(director), f"{reverse('kpis:team_list')}?{WEEK}"

    rows = rows_of(page.get(f"{url}&csv=by_team"))
    said = text_of(page.get(url))

    by_team = {row["team_name"]: row["value"] for row in rows if row["kpi"] == "contacts_handled"}
    assert by_team == {"Refunds": "5.0", "Billing": "2.0"}
    for row in rows:
        if row["kpi"] == "service_level":
            assert f"{float(row['value']):.1%}" in said


def test_the_csv_of_the_trend_holds_each_day(director: User, sign_in, a_week) -> None:
    url = f"{reverse('kpis:centre')}?{WEEK}&kpi=contacts_handled&csv=trend"

    rows = rows_of(sign_in(director).get(url))

    assert {row["day"]: row["value"] for row in rows} == {
        "2026-11-02": "3.0",
        "2026-11-03": "1.0",
        "2026-11-04": "1.0",
        "2026-11-05": "1.0",
        "2026-11-08": "1.0",
    }


def test_a_name_that_begins_like_a_formula_is_defused_in_the_csv(director: User, sign_in, a_week, chen: Agent) -> None:
    chen.name = "=1+1"
    chen.save()

    rows = rows_of(sign_in(director).get(f"{reverse('kpis:agent_list')}?{WEEK}&csv=by_agent"))

    assert "'=1+1" in {row["agent_name"] for row in rows}


def test_a_part_that_a_page_does_not_have_is_not_there(director: User, sign_in, a_week) -> None:
    assert sign_in(director).get(f"{reverse('kpis:centre')}?csv=salaries").status_code == 404


def what_the_rows_say(context: dict, tally: Tally) -> Decimal:
    """Their count, or what they add up to."""
    if tally.add is None:
        return Decimal(context["count"])
    return sum((row.added for row in context["page"].rows), start=Decimal(0))


def test_the_rows_behind_every_number_agree_with_it(director: User, sign_in, a_week) -> None:
    """Every top and bottom of every KPI: what the roll-ups say against the rows that the page lists."""
    page = sign_in(director)
    disagree = []
    for key, tally in sorted({(kpi.key, tally) for kpi in KPIS.values() for tally in kpi.tallies}, key=str):
        if tally is KPIS[key].squares or tally.is_maximum:
            continue
        reading = measure([as_kpi(tally)], viewer=director, period=PERIOD)[0]
        context = page.get(f"{reverse('kpis:rows_behind', args=[key, tally.key])}?{WEEK}").context
        if what_the_rows_say(context, tally) != Decimal(str(reading.top or 0)):
            disagree.append((key, tally.key))

    assert disagree == []


def test_the_rows_behind_a_count_are_counted_by_the_reading(director: User, sign_in, a_week) -> None:
    page = sign_in(director)
    with CaptureQueriesContext(connection) as queries:
        answer = page.get(f"{reverse('kpis:rows_behind', args=['contacts_handled', 'top'])}?{WEEK}")

    assert answer.context["count"] == 7
    counted = [query["sql"] for query in queries if "COUNT(" in query["sql"] and "interactions_contact" in query["sql"]]
    assert counted == []


def test_a_part_of_several_tallies_has_a_page_for_each_and_none_for_all(director: User, sign_in, a_week) -> None:
    page = sign_in(director)

    assert page.get(reverse("kpis:rows_behind", args=["nps", "top"])).status_code == 404
    assert page.get(reverse("kpis:rows_behind", args=["nps", "nps_promoters"])).status_code == 200


def test_the_rows_behind_a_filtered_number_keep_the_filters(
    refunds_supervisor: User, sign_in, a_week, chen: Agent
) -> None:
    url = reverse("kpis:rows_behind", args=["average_handle_time", "contacts_handled"])

    context = sign_in(refunds_supervisor).get(f"{url}?{WEEK}&agent={chen.pk}").context

    assert context["count"] == 4
    assert {contact.agent for contact in context["page"].rows} == {chen}


def test_an_agent_reads_only_their_own_rows(chen: Agent, sign_in, a_week) -> None:
    url = reverse("kpis:rows_behind", args=["contacts_handled", "top"])

    assert sign_in(chen.user).get(f"{url}?{WEEK}").context["count"] == 4


def test_rows_that_a_kpi_does_not_have_are_not_there(director: User, sign_in, a_week) -> None:
    page = sign_in(director)

    assert page.get(reverse("kpis:rows_behind", args=["service_level", "paid_seconds"])).status_code == 404
    assert page.get(reverse("kpis:rows_behind", args=["no_such_kpi", "top"])).status_code == 404


def test_the_rows_can_be_downloaded(director: User, sign_in, a_week) -> None:
    url = f"{reverse('kpis:rows_behind', args=['contacts_handled', 'top'])}?{WEEK}&csv=rows"

    assert len(rows_of(sign_in(director).get(url))) == 7


def test_every_kpi_has_a_page_with_its_definition_and_its_possible_splits(director: User, sign_in, a_week) -> None:
    page = sign_in(director)
    for key, kpi in KPIS.items():
        answer = page.get(f"{reverse('kpis:kpi_detail', args=[key])}?{WEEK}")

        assert escape(kpi.definition)[:40] in answer.content.decode()
        impossible = {choice.dimension for choice in answer.context["splits"] if not choice.is_possible}
        assert ("queue" in impossible) == (not can_measure(kpi, ["queue"]))


def test_every_tally_in_a_kpi_has_a_name() -> None:
    parts = {tally.key for kpi in KPIS.values() for tally in kpi.tallies if tally is not kpi.squares}

    assert parts - TALLY_NAMES.keys() == set()


def test_the_two_views_of_the_same_work_are_reconciled(director: User, sign_in, a_week) -> None:
    said = text_of(sign_in(director).get(f"{reverse('kpis:kpi_detail', args=['service_level'])}?{WEEK}"))

    assert "10 offered = 7 answered + 3 abandoned + 0 still waiting" in said
    assert "7 handled" in said


def test_an_empty_installation_tells_the_administrator_to_import(administrator: User, sign_in) -> None:
    page = sign_in(administrator).get(reverse("kpis:centre"))

    assert "No contacts yet" in text_of(page)
    assert reverse("interactions:import_create") in page.content.decode()


def test_an_empty_installation_tells_others_whom_to_ask(refunds_supervisor: User, refunds: Team, sign_in) -> None:
    said = text_of(sign_in(refunds_supervisor).get(reverse("kpis:team_detail", args=[refunds.pk])))

    assert "Ask your administrator" in said


def test_contacts_that_wait_to_be_computed_are_announced(director: User, sign_in, refunds_line: Queue, zhao: Agent):
    ContactFactory(queue=refunds_line, agent=zhao)

    assert "The numbers are not computed yet" in text_of(sign_in(director).get(reverse("kpis:centre")))


def test_agents_are_listed_by_page_and_found_by_name(director: User, sign_in, a_week) -> None:
    said = text_of(sign_in(director).get(f"{reverse('kpis:agent_list')}?{WEEK}&search=chen"))

    assert "Lin Chen" in said
    assert "Mei Zhao" not in said


# Session and user (2), role's teams (0–2), horizon, last run, days that wait, filters' choices (1–3); for the tiles,
# their course, its baseline and the comparison, the heatmap, reasons and each table one query per roll-up that is
# needed, one for the courses in its rows, one for names, and for agents one for the teams whose targets are theirs. It
# does not grow with members, days or contacts.
MOST_QUERIES = 38


def test_a_page_takes_few_queries_however_long_the_period(
    director: User,
    sign_in,
    a_week,
    refunds: Team,
    chen: Agent,
    refunds_line: Queue,
    django_assert_max_num_queries,
) -> None:
    page = sign_in(director)
    for url in addresses(refunds, chen, refunds_line).values():
        for query in (WEEK, "from=2025-12-01&to=2026-11-08&compare=last_year"):
            with django_assert_max_num_queries(MOST_QUERIES):
                assert page.get(f"{url}?{query}").status_code == 200


def test_the_contacts_behind_a_number_are_the_contacts_themselves(director: User, sign_in, a_week) -> None:
    url = reverse("kpis:rows_behind", args=["service_level", "answered_in_time"])

    shown = {contact.pk for contact in sign_in(director).get(f"{url}?{WEEK}").context["page"].rows}

    assert shown == set(
        Contact.objects.filter(answered_at__isnull=False, wait_seconds__lte=20).values_list("pk", flat=True)
    )


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_search_keeps_the_period_whatever_the_language(director: User, sign_in, a_week, language: str) -> None:
    page = sign_in(director)
    page.cookies["django_language"] = language

    said = page.get(f"{reverse('kpis:agent_list')}?{WEEK}&compare=none").content.decode()

    for name, value in {"from": "2026-11-02", "to": "2026-11-08", "compare": "none"}.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in said.partition('role="search"')[2]


def test_charts_say_nothing_in_tags_that_the_policy_refuses(director: User, sign_in, a_week) -> None:
    """Plotly turns all but line breaks into inline styles."""
    for url in (reverse("kpis:centre"), reverse("kpis:kpi_detail", args=["average_handle_time"])):
        figures = re.findall(
            r'type="application/json">(.*?)</script>', sign_in(director).get(f"{url}?{WEEK}").content.decode()
        )
        assert figures
        assert set(re.findall(r"u003C/?(\w+)", "".join(figures))) == {"br"}


def test_who_has_too_few_to_rank_comes_last_with_the_sample(
    director: User, sign_in, a_week, smit: Agent, billing_line: Queue, compute: Callable
) -> None:
    """Smit's 32 contacts can be ranked; Chen's longer and Zhao's shorter ones are 4 and 1."""
    for _number in range(30):
        ContactFactory(queue=billing_line, agent=smit, talk_seconds=Decimal(30))
    compute()

    url = f"{reverse('kpis:kpi_detail', args=['average_handle_time'])}?{WEEK}&by=agent"
    axis = sign_in(director).get(url).context["parts"]["split"].figure["layout"]["yaxis"]

    named = dict(zip(axis["tickvals"], axis["ticktext"], strict=True))
    shown = [named[place] for place in sorted(named, reverse=True)]
    assert shown[:2] == ["Jan Smit", "too few to rank:"]
    assert sorted(shown[2:]) == ["Lin Chen · 4 contacts", "Mei Zhao · 1 contact"]


def test_days_that_wait_to_be_computed_are_announced_where_they_count(
    director: User, refunds_supervisor: User, refunds: Team, sign_in, a_week
) -> None:
    mark_days([PERIOD.start, PERIOD.end + dt.timedelta(days=3)])
    rows = reverse("kpis:rows_behind", args=["contacts_handled", "top"])
    for url in (reverse("kpis:centre"), reverse("kpis:kpi_detail", args=["csat"]), rows):
        page = sign_in(director).get(f"{url}?{WEEK}")
        assert "1 changed day waits to be computed" in text_of(page)
        assert f'<a href="{reverse("kpis:run_list")}">See the runs' in page.content.decode()

    of_others = sign_in(refunds_supervisor).get(f"{reverse('kpis:team_detail', args=[refunds.pk])}?{WEEK}")
    assert "1 changed day waits to be computed" in text_of(of_others)
    assert reverse("kpis:run_list") not in of_others.content.decode()
    assert "waits to be computed" not in text_of(sign_in(director).get(f"{rows}?from=2026-11-03&to=2026-11-08"))


def test_a_queue_of_others_shows_what_the_own_teams_answered_and_nothing_of_what_was_offered(
    refunds_supervisor: User, sign_in, a_week, chen: Agent, refunds_line: Queue, billing_line: Queue, compute: Callable
) -> None:
    ContactFactory(queue=billing_line, agent=chen)
    compute()
    page = sign_in(refunds_supervisor)

    others = page.get(f"{reverse('kpis:queue_detail', args=[billing_line.pk])}?{WEEK}")
    own = page.get(f"{reverse('kpis:queue_detail', args=[refunds_line.pk])}?{WEEK}")

    offered = {"contacts_offered", "service_level", "abandonment_rate", "average_speed_of_answer", "wait_p90"}
    assert offered & others.context["board"].now.keys() == set()
    assert others.context["board"].now["contacts_handled"].value == 1
    assert "what your teams answered in this queue" in text_of(others)
    assert offered <= own.context["board"].now.keys()
    assert "what your teams answered in this queue" not in text_of(own)

    table = page.get(f"{reverse('kpis:queue_list')}?{WEEK}").context["parts"]["by_queue"]
    told = {row.name: {cell.reading.kpi.key for cell in row.cells if cell.reading} for row in table.rows}
    assert offered & told[billing_line.name] == set()
    assert {"contacts_offered", "contacts_handled"} <= told[refunds_line.name]
    assert [bool(row.note) for row in table.rows] == [row.name == billing_line.name for row in table.rows]
    behind = reverse("kpis:rows_behind", args=["contacts_offered", "top"])
    assert page.get(f"{behind}?{WEEK}&queue={billing_line.pk}").status_code == 404


def test_the_menu_keeps_the_period_where_a_page_has_one(administrator: User, sign_in, a_week) -> None:
    said = sign_in(administrator).get(f"{reverse('kpis:centre')}?{WEEK}&compare=none&channel=voice&kpi=csat")

    links = dict(re.findall(r'<a href="([^"?]+)\??([^"]*)"', said.content.decode().partition('id="sidebar"')[2]))
    kept = f"{WEEK}&compare=none&channel=voice".replace("&", "&amp;")
    assert links[reverse("kpis:agent_list")] == links[reverse("kpis:queue_list")] == kept
    assert links[reverse("interactions:contact_list")] == f"{WEEK}&channel=voice".replace("&", "&amp;")
    assert links[reverse("kpis:run_list")] == links[reverse("interactions:import_list")] == ""


def test_the_axis_reaches_what_is_still_maturing(
    director: User, sign_in, a_week, billing_line: Queue, smit: Agent, compute: Callable
) -> None:
    """With data to November 10 the contacts of the first two days are mature."""
    ContactFactory(queue=billing_line, agent=smit, offered_at=MONDAY_NOON + dt.timedelta(days=8))
    compute()
    url = reverse("kpis:kpi_detail", args=["first_contact_resolution"])

    trend = sign_in(director).get(f"{url}?{WEEK}").context["parts"]["trend"]

    assert max(trend.figure["layout"]["yaxis"]["tickvals"]) >= max(r.provisional or 0 for r in trend.readings) > 0


def test_filters_that_leave_nothing_can_be_cleared(director: User, sign_in, a_week) -> None:
    answer = sign_in(director).get(f"{reverse('kpis:centre')}?{WEEK}&compare=none&channel=email")

    assert "Nothing was measured with these filters" in text_of(answer)
    assert f'href="?{WEEK}&compare=none"'.replace("&", "&amp;") in answer.content.decode()


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["Billing", "Refunds"]),
        ("-contacts_offered", ["Refunds", "Billing"]),
        ("contacts_offered", ["Billing", "Refunds"]),
    ],
)
def test_a_table_is_sorted_by_the_column_in_its_address(
    sort: str, names: list[str], director: User, sign_in, a_week
) -> None:
    """Refunds was offered 8 contacts, billing 2."""
    answer = sign_in(director).get(f"{reverse('kpis:team_list')}?{WEEK}&sort={sort}")

    assert [row.name for row in answer.context["parts"]["by_team"].rows] == names
    order = re.findall(r'aria-sort="(.*?)"', answer.content.decode())
    assert order == ([] if not sort else ["descending" if sort[0] == "-" else "ascending"])


def test_a_charts_table_comes_when_it_is_opened_and_not_with_the_page(
    director: User, sign_in, a_week, refunds: Team
) -> None:
    page = sign_in(director)
    url = f"{reverse('kpis:team_detail', args=[refunds.pk])}?{WEEK}&kpi=contacts_handled"

    table = page.get(f"{url}&table=trend")

    assert "Nov 2, 2026" in text_of(table)
    assert table.content.decode().count("<tr") == 1 + len(page.get(url).context["parts"]["trend"].readings)
    assert 'id="figures-trend"' in page.get(url).content.decode()
    assert page.get(f"{url}&table=nonsense").status_code == 404


def test_kpis_of_which_nothing_was_measured_stand_apart_behind_their_number(
    director: User, sign_in, refunds_line: Queue, chen: Agent, compute: Callable
) -> None:
    """One answered call: it has a handle time, but nobody was asked, nothing was sold and no ticket was due."""
    ContactFactory(queue=refunds_line, agent=chen)
    compute()

    answer = sign_in(director).get(f"{reverse('kpis:centre')}?from=2026-11-02&to=2026-11-08")

    shown = {line.reading.kpi.key for group in answer.context["summary"].groups for line in group.lines}
    without = {line.reading.kpi.key: line.why_nothing for line in answer.context["summary"].without_data}
    assert {"contacts_handled", "average_handle_time", "service_level"} <= shown
    assert (without["csat"], without["reopen_rate"]) == ("no answers", "no tickets")
    assert "contacts_abandoned" in shown, "none of them is a figure, too"
    assert f"{len(without)} KPIs without data here" in text_of(answer)


def test_a_region_shows_as_many_agents_as_a_table_holds_and_the_file_has_them_all(
    director: User, sign_in, a_week, centre: Team, chen: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "MOST_ROWS", 2)
    url = f"{reverse('kpis:team_detail', args=[centre.pk])}?{WEEK}"

    answer = sign_in(director).get(url)

    table = answer.context["parts"]["by_agent"]
    assert [row.name for row in table.rows] == ["Jan Smit", "Lin Chen"]
    assert {reading.at["agent"] for reading in table.readings} == {chen.pk, Agent.objects.get(name="Jan Smit").pk}
    assert "the first 2 of 3; the CSV has them all" in text_of(answer)
    assert {row["agent_name"] for row in rows_of(sign_in(director).get(f"{url}&csv=by_agent"))} > {
        "Lin Chen",
        "Jan Smit",
    }


def test_a_long_table_is_cut_after_it_is_sorted(
    director: User, sign_in, a_week, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "MOST_ROWS", 1)
    answer = sign_in(director).get(f"{reverse('kpis:team_list')}?{WEEK}&sort=-contacts_handled")

    assert [row.name for row in answer.context["parts"]["by_team"].rows] == ["Refunds"]
    assert "the first 1 of 2; the CSV has them all" in text_of(answer)


def test_names_cannot_leave_the_figures_they_stand_in(director: User, sign_in, a_week, chen: Agent) -> None:
    name = "</script><b>&\u2028"
    Agent.objects.filter(pk=chen.pk).update(name=name)
    url = f"{reverse('kpis:kpi_detail', args=['contacts_handled'])}?{WEEK}&by=agent"

    page = sign_in(director).get(url).content.decode()

    (figure,) = re.findall(r'<script id="figure-split" type="application/json">(.*?)</script>', page)
    assert html.escape(name, quote=False) in json.loads(figure)["layout"]["yaxis"]["ticktext"]
    assert name not in page
