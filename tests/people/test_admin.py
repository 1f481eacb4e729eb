"""The administration: open to administrators, not there for others, and never an error page."""

import datetime as dt
import re

import pytest
from django.contrib import admin
from django.urls import reverse

from interactions.models import Contact, DirtyDay
from kpis.models import Target
from people.models import FIRST_DAY, Agent, Queue, Role, Site, Team, User
from tests.factories import ContactFactory, SiteFactory, TargetFactory, team_on

MAY = dt.date(2026, 5, 1)
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
INLINE_CODE = re.compile(
    r"<style|<script(?![^>]*(?: src=|type=\"application/json\"|type=\"text/template\"))|\son\w+=|\sstyle="
)


def page(model, name, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


@pytest.fixture
def as_admin(sign_in, administrator):
    return sign_in(administrator)


def label(model):
    return model._meta.label


@pytest.mark.parametrize("model", REGISTERED, ids=label)
def test_every_list_and_every_form_opens_without_inline_code(as_admin, cast, refunds_line, source, model):
    TargetFactory()
    addresses = [page(model, "changelist"), page(model, "changelist") + "?q=chen"]
    if admin.site._registry[model].has_add_permission(as_admin.get("/admin/").wsgi_request):
        addresses.append(page(model, "add"))
    if row := model._default_manager.first():
        addresses += [page(model, "change", row.pk), page(model, "history", row.pk)]

    for address in addresses:
        answer = as_admin.get(address)
        assert (answer.status_code, address) == (200, address)
        assert INLINE_CODE.findall(answer.content.decode()) == [], address


@pytest.mark.parametrize("name", ["director", "qa_analyst", "refunds_supervisor", "shopper", "chen", "nobody"])
def test_for_everyone_else_the_administration_is_not_there(cast, sign_in, name):
    browser = sign_in(cast[name])

    assert browser.get("/admin/").status_code == 404
    assert browser.get("/admin/login/").status_code == 404
    assert browser.get(page(User, "changelist")).status_code == 404
    assert browser.post(page(User, "add"), {"username": "mallory"}).status_code == 404


def test_is_staff_alone_opens_nothing(director, sign_in):
    director.is_staff = True
    director.save()

    assert sign_in(director).get("/admin/").status_code == 404


def test_who_is_not_signed_in_signs_in_on_the_products_own_page(client, db):
    assert client.get("/admin/people/user/").url == "/accounts/login/?next=/admin/people/user/"
    assert client.get("/admin/login/?next=/admin/people/user/").url == "/accounts/login/?next=/admin/people/user/"


def test_the_administrator_makes_a_user_with_several_roles(as_admin):
    answer = as_admin.post(
        page(User, "add"),
        {
            "username": "petra",
            "roles": ["agent", "supervisor"],
            "usable_password": "true",
            "password1": "a long test password",
            "password2": "a long test password",
        },
    )

    assert answer.status_code == 302
    assert User.objects.get(username="petra").roles == [Role.SUPERVISOR, Role.AGENT]


def user_form(user, **changes):
    return {"username": user.username, "is_active": "on", "roles": user.roles, "language": ""} | changes


def test_a_change_is_kept_with_who_made_it(as_admin, director, administrator):
    as_admin.post(page(User, "change", director.pk), user_form(director, first_name="Dorothea"))

    latest = director.history.first()
    assert (latest.first_name, latest.history_user) == ("Dorothea", administrator)


def test_nobody_takes_the_administrators_role_from_themselves(as_admin, administrator):
    answer = as_admin.post(page(User, "change", administrator.pk), user_form(administrator, roles=["director"]))

    assert "You cannot take the administrator&#x27;s role from yourself." in answer.content.decode()
    administrator.refresh_from_db()
    assert administrator.roles == [Role.ADMINISTRATOR]


@pytest.mark.parametrize(
    "address",
    [
        "/admin/people/user/?role=%00",
        "/admin/people/queue/?channel__exact=a%00b",
        "/admin/autocomplete/?app_label=interactions&model_name=source&field_name=site&term=%00",
    ],
)
def test_an_address_that_no_row_can_match_is_not_there(as_admin, address):
    assert as_admin.get(address).status_code == 404


def test_a_new_password_lifts_a_running_lock_out(as_admin, director, client):
    def sign_in_with(password):
        return client.post("/accounts/login/", {"username": director.username, "password": password}).status_code

    assert [sign_in_with("wrong") for _ in range(6)][-1] == 429
    assert sign_in_with("another long password") == 429

    new = {"password1": "another long password", "password2": "another long password", "usable_password": "true"}
    assert as_admin.post(reverse("admin:auth_user_password_change", args=[director.pk]), new).status_code == 302
    assert sign_in_with("another long password") == 302


def test_teams_stand_below_their_parents(as_admin, refunds_evening, billing):
    names = re.findall(
        r">((?:\u2003)*(?:Centre|Billing|Refunds evening|Refunds))</a>",
        as_admin.get(page(Team, "changelist")).content.decode(),
    )

    assert names == ["Centre", "\u2003Billing", "\u2003Refunds", "\u2003\u2003Refunds evening"]


def test_a_team_is_not_put_below_itself(as_admin, refunds, refunds_evening, site):
    answer = as_admin.post(
        page(Team, "change", refunds.pk),
        {"code": "refunds", "name": "Refunds", "site": site.pk, "parent": refunds_evening.pk, "is_active": "on"},
    )

    assert answer.status_code == 200
    assert "descendant of itself" in answer.content.decode()


def site_form(site, **changes):
    return {
        "code": site.code,
        "name": site.name,
        "time_zone": site.time_zone,
        "country": site.country,
        "subdivision": site.subdivision,
        "working_weekdays": site.working_weekdays,
        "calendar_days-TOTAL_FORMS": 0,
        "calendar_days-INITIAL_FORMS": 0,
    } | changes


def test_an_unknown_time_zone_is_named(as_admin, site):
    answer = as_admin.post(page(Site, "change", site.pk), site_form(site, time_zone="Mars/Olympus"))

    assert "Mars/Olympus is not a time zone" in answer.content.decode()


def test_the_time_zone_stays_once_contacts_follow_it(as_admin, site, refunds_line):
    ContactFactory(queue=refunds_line)

    answer = as_admin.post(page(Site, "change", site.pk), site_form(site, time_zone="Asia/Tokyo"))

    assert "There are contacts whose days follow Europe/Berlin" in answer.content.decode()
    site.refresh_from_db()
    assert site.time_zone == "Europe/Berlin"


def agent_form(agent, memberships, known=0):
    form = {
        "employee_number": agent.employee_number,
        "name": agent.name,
        "platform_login": agent.platform_login,
        "user": agent.user_id,
        "hired_on": "2025-01-01",
        "memberships-TOTAL_FORMS": len(memberships),
        "memberships-INITIAL_FORMS": known,
        "agent_skills-TOTAL_FORMS": 0,
        "agent_skills-INITIAL_FORMS": 0,
    }
    for number, row in enumerate(memberships):
        form |= {f"memberships-{number}-{name}": value for name, value in row.items()}
    return form


def test_an_agent_is_moved_and_their_contacts_go_along(as_admin, administrator, chen, refunds, billing, refunds_line):
    ContactFactory(agent=chen, queue=refunds_line)
    first = chen.memberships.get()

    answer = as_admin.post(
        page(Agent, "change", chen.pk),
        agent_form(
            chen,
            [
                {"id": first.pk, "agent": chen.pk, "team": refunds.pk, "starts_on": "2025-01-01", "ends_on": MAY},
                {"agent": chen.pk, "team": billing.pk, "starts_on": MAY, "ends_on": ""},
            ],
            known=1,
        ),
    )

    assert answer.status_code == 302
    assert (team_on(chen, dt.date(2026, 4, 30)), team_on(chen, MAY)) == (refunds, billing)
    assert Contact.objects.get().team == billing
    assert DirtyDay.objects.get().day == dt.date(2026, 11, 2)
    assert chen.memberships.first().history.get().history_user == administrator


def test_two_teams_at_a_time_are_named_beside_the_date(as_admin, chen, refunds, billing):
    first = chen.memberships.get()

    answer = as_admin.post(
        page(Agent, "change", chen.pk),
        agent_form(
            chen,
            [
                {"id": first.pk, "agent": chen.pk, "team": refunds.pk, "starts_on": "2025-01-01", "ends_on": ""},
                {"agent": chen.pk, "team": billing.pk, "starts_on": MAY, "ends_on": ""},
            ],
            known=1,
        ),
    )

    assert answer.status_code == 200
    errors = answer.context["inline_admin_formsets"][0].formset.errors
    assert "In Billing from 05/01/2026, but until then still in Refunds" in errors[1]["starts_on"][0]
    assert chen.memberships.count() == 1


@pytest.mark.parametrize("ends_on", ["2026-05-01", "2026-04-01"])
def test_a_membership_that_ends_before_it_starts_is_refused(as_admin, chen, billing, ends_on):
    chen.memberships.all().delete()

    answer = as_admin.post(
        page(Agent, "change", chen.pk),
        agent_form(chen, [{"agent": chen.pk, "team": billing.pk, "starts_on": "2026-05-01", "ends_on": ends_on}]),
    )

    assert "The membership ends before it starts." in answer.content.decode()


def test_a_membership_is_removed(as_admin, chen, refunds):
    first = chen.memberships.get()
    row = {"id": first.pk, "agent": chen.pk, "team": refunds.pk, "starts_on": "2025-01-01", "DELETE": "on"}

    assert as_admin.post(page(Agent, "change", chen.pk), agent_form(chen, [row], known=1)).status_code == 302
    assert not chen.memberships.exists()


THRESHOLDS = {
    "service_level_seconds": 30,
    "service_level_target": "0.9",
    "short_abandon_seconds": 5,
    "fcr_window_days": 7,
    "csat_top_box": 4,
}


def queue_form(site, rules, known=0, **fields):
    form = {"code": "sales", "name": "Sales", "channel": "voice", "site": site.pk, "is_active": "on"} | fields
    form |= {"rules-TOTAL_FORMS": len(rules), "rules-INITIAL_FORMS": known}
    for number, row in enumerate(rules):
        form |= {f"rules-{number}-{name}": value for name, value in row.items()}
    return form


@pytest.mark.parametrize("rules", [[THRESHOLDS], [THRESHOLDS | {"service_level_seconds": 20}], []])
def test_a_new_queue_has_rules_since_ever(as_admin, site, rules):
    assert as_admin.post(page(Queue, "add"), queue_form(site, rules)).status_code == 302

    saved = Queue.objects.get(code="sales").rules.get()
    assert (saved.valid_from, saved.service_level_seconds) == (
        FIRST_DAY,
        rules[0]["service_level_seconds"] if rules else 20,
    )


def test_new_rules_of_a_queue_end_the_former_and_mark_the_days_they_judge(as_admin, site, refunds_line):
    ContactFactory(queue=refunds_line)
    first = refunds_line.rules.get()
    unchanged = THRESHOLDS | {"service_level_seconds": 20, "service_level_target": "0.8"}

    answer = as_admin.post(
        page(Queue, "change", refunds_line.pk),
        queue_form(
            site,
            [
                unchanged | {"id": first.pk, "queue": refunds_line.pk, "valid_from": "0001-01-01"},
                THRESHOLDS | {"queue": refunds_line.pk, "valid_from": "2026-05-01"},
            ],
            known=1,
            code=refunds_line.code,
        ),
    )

    assert answer.status_code == 302
    spans = list(refunds_line.rules.order_by("valid_from").values_list("valid_from", "valid_until"))
    assert spans == [(FIRST_DAY, MAY), (MAY, None)]
    assert DirtyDay.objects.get().day == dt.date(2026, 11, 2)


def test_a_queue_keeps_its_clock_once_contacts_follow_it(as_admin, refunds_line):
    tokyo = SiteFactory(code="tokyo", name="Tokyo", time_zone="Asia/Tokyo", country="", subdivision="")
    form = queue_form(tokyo, [], code=refunds_line.code)
    change = page(Queue, "change", refunds_line.pk)
    ContactFactory(queue=refunds_line)

    refused = as_admin.post(change, form).content.decode()
    assert "There are contacts whose days follow Europe/Berlin" in refused
    assert "a later change acts from now on" in refused
    bonn = SiteFactory(code="bonn", name="Bonn")
    assert as_admin.post(change, form | {"site": bonn.pk}).status_code == 302

    refunds_line.contacts.all().delete()
    assert as_admin.post(change, form).status_code == 302
    refunds_line.refresh_from_db()
    assert refunds_line.site == tokyo


def test_a_target_for_a_kpi_that_does_not_exist_is_refused(as_admin):
    answer = as_admin.post(page(Target, "add"), {"kpi": "luck", "starts_on": "2026-01-01", "value": 1, "tolerance": 0})

    assert "There is no KPI “luck”." in answer.content.decode()


def test_a_target_is_set_only_where_its_kpi_is_measured(as_admin, refunds_line, chen):
    form = {"kpi": "occupancy", "starts_on": "2026-01-01", "value": "0.8", "tolerance": 0}

    refused = as_admin.post(page(Target, "add"), form | {"queue": refunds_line.pk})
    assert "This KPI is not measured for this." in refused.content.decode()

    assert as_admin.post(page(Target, "add"), form | {"agent": chen.pk}).status_code == 302
    assert Target.objects.get().agent == chen


def test_a_code_that_is_taken_is_a_sentence(as_admin, refunds_line, site):
    answer = as_admin.post(page(Queue, "add"), queue_form(site, [THRESHOLDS], code=refunds_line.code))

    assert "already exists" in answer.content.decode()
