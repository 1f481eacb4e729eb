"""The worked cases that must come out, through facts, night run and measure()."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from interactions.models import Outcome
from kpis.behind import rows_behind
from kpis.definitions import kpi
from kpis.measure import NotMeasurable, can_measure, measure
from kpis.period import Period
from kpis.targets import Targets
from people.models import Channel, Role, User
from tests.factories import (
    MONDAY_NOON,
    AgentStateFactory,
    ComplaintFactory,
    ContactFactory,
    QueueFactory,
    QueueRulesFactory,
    ShiftFactory,
    SourceFactory,
    SurveyAnswerFactory,
    TargetFactory,
)
from tests.kpis.conftest import EVER, MONDAY

DAY = dt.timedelta(days=1)


def test_handle_time_over_two_days_is_no_average_of_averages(refunds_line, compute, read):
    """One call of 120 s on Monday and three of 200 s on Tuesday: 180 s, not 160."""
    ContactFactory(queue=refunds_line, talk_seconds=120, wrap_seconds=0)
    ContactFactory.create_batch(
        3, queue=refunds_line, offered_at=MONDAY_NOON + DAY, talk_seconds=190, hold_seconds=6, wrap_seconds=4
    )
    compute()
    assert read("average_handle_time").value == 180


def test_service_level_of_busy_and_quiet_intervals_is_weighed(refunds_line, compute, read):
    """One quiet half-hour at 98 % of 50 and a busy one at 66 % of 550: 68.7 %, not 82 %."""
    quiet, busy = MONDAY_NOON, MONDAY_NOON + dt.timedelta(hours=1)
    for start, met, missed in ((quiet, 49, 1), (busy, 363, 187)):
        ContactFactory.create_batch(met, queue=refunds_line, offered_at=start, wait_seconds=5)
        ContactFactory.create_batch(missed, queue=refunds_line, offered_at=start, wait_seconds=60)
    compute()
    assert read("service_level").value == pytest.approx(0.68667, abs=1e-5)


def test_a_wait_of_exactly_the_threshold_is_met(refunds_line, compute, read):
    ContactFactory(queue=refunds_line, wait_seconds=20)
    ContactFactory(queue=refunds_line, wait_seconds=Decimal("20.001"))
    compute()
    reading = read("service_level")
    assert (reading.top, reading.bottom) == (1, 2)


def test_short_abandons_leave_both_sides(refunds_line, compute, read):
    """Two answered in time, one abandoned after 5 s (short) and one after 6 s."""
    ContactFactory.create_batch(2, queue=refunds_line)
    ContactFactory(queue=refunds_line, outcome=Outcome.ABANDONED, wait_seconds=5)
    ContactFactory(queue=refunds_line, outcome=Outcome.ABANDONED, wait_seconds=6)
    compute()
    assert read("short_abandoned").value == 1
    assert read("service_level").value == pytest.approx(2 / 3)
    assert read("abandonment_rate").value == pytest.approx(1 / 3)


def test_a_new_threshold_acts_from_its_day_and_leaves_the_past_alone(refunds, compute, read):
    line = QueueFactory(owner_team=refunds, site=refunds.site, rules=False)
    QueueRulesFactory(queue=line, service_level_seconds=20, valid_until=MONDAY + DAY)
    QueueRulesFactory(queue=line, service_level_seconds=60, valid_from=MONDAY + DAY)
    for offered_at in (MONDAY_NOON, MONDAY_NOON + DAY):
        ContactFactory(queue=line, offered_at=offered_at, wait_seconds=30)
    compute()
    assert read("service_level", day=MONDAY).value == 0
    assert read("service_level", day=MONDAY + DAY).value == 1


def test_nothing_to_measure_is_not_zero(refunds_line, billing_line, compute, read):
    ContactFactory(queue=refunds_line, outcome=Outcome.ABANDONED, wait_seconds=2)
    compute()
    assert read("service_level").value is None
    assert read("contacts_offered").value == 1
    assert read("contacts_offered", queue=billing_line.pk).value is None
    for key in ("csat", "nps", "occupancy", "adherence", "cost_per_contact", "average_handle_time", "wait_p90"):
        assert read(key).value is None, key


class TestFirstContactResolution:
    """Window of seven days; the facts reach to the fortieth day."""

    @pytest.fixture(autouse=True)
    def _facts_reach_far(self, refunds_line):
        ContactFactory(queue=refunds_line, offered_at=MONDAY_NOON + 40 * DAY)

    def contact(self, line, reason, *, after=dt.timedelta(), customer=7, **values):
        return ContactFactory(queue=line, reason=reason, customer=customer, offered_at=MONDAY_NOON + after, **values)

    def test_a_second_contact_within_the_window_is_a_repeat(self, refunds_line, reason, compute, read):
        self.contact(refunds_line, reason)
        self.contact(refunds_line, reason, after=7 * DAY)
        compute()
        reading = read("first_contact_resolution")
        assert (reading.top, reading.bottom) == (1, 2)

    def test_a_second_after_the_window_is_none(self, refunds_line, reason, compute, read):
        self.contact(refunds_line, reason)
        self.contact(refunds_line, reason, after=7 * DAY + dt.timedelta(seconds=1))
        compute()
        assert read("first_contact_resolution").value == 1

    def test_an_abandoned_contact_repeats_too_but_is_not_judged(self, refunds_line, reason, compute, read):
        self.contact(refunds_line, reason)
        self.contact(refunds_line, reason, after=DAY, outcome=Outcome.ABANDONED, wait_seconds=50)
        compute()
        reading = read("first_contact_resolution")
        assert (reading.top, reading.bottom) == (0, 1)

    def test_another_reason_or_customer_is_no_repeat(self, refunds_line, reason, compute, read):
        from tests.factories import ReasonFactory

        self.contact(refunds_line, reason)
        self.contact(refunds_line, ReasonFactory(), after=DAY)
        self.contact(refunds_line, reason, after=DAY, customer=8)
        compute()
        assert read("first_contact_resolution").value == 1

    def test_a_transfer_within_the_conversation_is_no_repeat(self, refunds_line, billing_line, reason, compute, read):
        first = {"conversation_id": "one call", "is_transferred": True}
        self.contact(refunds_line, reason, **first)
        self.contact(billing_line, reason, after=dt.timedelta(minutes=4), conversation_id="one call")
        compute()
        assert read("first_contact_resolution").value == 1
        self.contact(refunds_line, reason, after=DAY)
        compute()
        reading = read("first_contact_resolution")
        assert (reading.top, reading.bottom) == (1, 3)

    def test_unknown_customers_are_left_out_and_counted(self, refunds_line, reason, compute, read, director):
        self.contact(refunds_line, reason, customer=None)
        self.contact(refunds_line, None)
        self.contact(refunds_line, reason)
        compute()
        assert read("first_contact_resolution").bottom == 1
        left_out = rows_behind(kpi("first_contact_resolution"), "fcr_without_customer", viewer=director, period=EVER)
        assert left_out.count() == 3

    def test_the_last_days_are_maturing(self, refunds_line, reason, compute, read):
        self.contact(refunds_line, reason, after=33 * DAY)
        self.contact(refunds_line, reason, after=34 * DAY, customer=8)
        compute()
        reading = read("first_contact_resolution")
        assert (reading.bottom, reading.maturing, reading.provisional) == (1, 1, 1.0)

    def test_more_days_of_facts_mature_it(self, refunds_line, reason, compute, read):
        self.contact(refunds_line, reason, after=34 * DAY)
        compute()
        assert read("first_contact_resolution").value is None
        ContactFactory(queue=refunds_line, offered_at=MONDAY_NOON + 41 * DAY)
        compute(MONDAY + 41 * DAY)
        assert read("first_contact_resolution").value == 1


def test_surveys_count_on_the_day_of_the_contact(refunds_line, compute, read):
    contact = ContactFactory(queue=refunds_line)
    SurveyAnswerFactory(contact=contact, csat=4, nps=9, ces=6, received_at=MONDAY_NOON + 5 * DAY, is_resolved=True)
    SurveyAnswerFactory(contact=ContactFactory(queue=refunds_line), csat=3, nps=6, ces=2, is_resolved=False)
    SurveyAnswerFactory(contact=ContactFactory(queue=refunds_line), csat=None, nps=8, ces=None)
    compute()
    assert read("csat", day=MONDAY).value == 0.5
    assert read("csat_mean").value == 3.5
    assert (read("nps").value, read("nps").n) == (0, 3)
    assert read("ces").value == 4
    assert read("surveyed_resolution").value == 0.5


def test_a_complaint_is_booked_to_the_contact_that_caused_it(refunds_line, compute, read):
    contacts = ContactFactory.create_batch(4, queue=refunds_line)
    ComplaintFactory(contact=contacts[0], received_at=MONDAY_NOON + 9 * DAY)
    compute()
    assert read("complaint_rate", day=MONDAY).value == 0.25


def test_a_call_over_midnight_is_offered_one_day_and_handled_the_next(refunds_line, compute, read):
    """23:59:50 in Berlin, answered after 20 s."""
    ContactFactory(queue=refunds_line, offered_at=dt.datetime(2026, 11, 2, 22, 59, 50, tzinfo=dt.UTC), wait_seconds=20)
    compute()
    assert (read("contacts_offered", day=MONDAY).value, read("contacts_handled", day=MONDAY).value) == (1, None)
    assert read("contacts_handled", day=MONDAY + DAY).value == 1


def test_agents_time_follows_its_formulas(chen, refunds, compute, read):
    """2 h on contact, 1 h ready, 30 min wrap, 30 min training, 1 h lunch; scheduled 4 h work and 1 h lunch."""
    state = {"agent": chen, "cost": Decimal("30")}
    for name, hours, start in (
        ("on_contact", 2, 0), ("ready", 1, 2), ("wrap", 0.5, 3), ("training", 0.5, 3.5), ("lunch", 1, 4),
    ):  # fmt: skip
        AgentStateFactory(
            **{**state, "cost": Decimal(30) if name == "ready" else None},
            state=name,
            hours=hours,
            started_at=MONDAY_NOON + dt.timedelta(hours=start),
        )
    ShiftFactory(agent=chen, hours=4, starts_at=MONDAY_NOON)
    ShiftFactory(agent=chen, hours=1, activity="lunch", starts_at=MONDAY_NOON + dt.timedelta(hours=4))
    ContactFactory.create_batch(7, agent=chen, cost=Decimal("0.5"))
    compute()
    assert read("occupancy").value == pytest.approx(2.5 / 3.5)
    assert read("utilisation").value == pytest.approx(3.5 / 4)
    assert read("shrinkage").value == pytest.approx(0.5 / 4)
    assert read("adherence").value == pytest.approx(4.5 / 5)
    assert read("conformance").value == pytest.approx(3.5 / 4)
    assert read("contacts_per_hour").value == pytest.approx(2)
    assert read("cost_per_contact").value == pytest.approx((30 + 3.5) / 7)


def test_tickets_flow_and_stock(refunds, compute, read, director):
    """Opened on Monday: A closed on Tuesday, B closed on Thursday after its due Wednesday and reopened, C open."""
    line = QueueFactory(channel=Channel.TICKET, site=refunds.site, owner_team=refunds)

    def ticket(closed_after, **values):
        ContactFactory(
            queue=line,
            outcome=Outcome.ANSWERED,
            ended_at=MONDAY_NOON + closed_after * DAY if closed_after else None,
            due_at=MONDAY_NOON + 2 * DAY,
            **values,
        )

    ticket(1)
    ticket(3, is_reopened=True)
    ticket(None)
    ContactFactory(queue=QueueFactory(site=refunds.site), offered_at=MONDAY_NOON + 4 * DAY)
    compute()
    levels = {after: read("backlog", day=MONDAY + after * DAY).value for after in range(5)}
    assert levels == {0: 3, 1: 2, 2: 2, 3: 1, 4: 1}
    by_day = measure([kpi("backlog")], viewer=director, period=Period(MONDAY, MONDAY + 4 * DAY), by=["queue", "day"])
    assert [reading.value for reading in by_day] == [3, 2, 2, 1, 1]
    assert read("backlog").value == 1
    assert (read("tickets_opened").value, read("tickets_closed").value) == (3, 2)
    assert read("tickets_closed_rate").value == pytest.approx(2 / 3)
    assert read("reopen_rate").value == 0.5
    assert read("overdue_rate", day=MONDAY + 2 * DAY).value == pytest.approx(2 / 3)


def test_a_backlog_worked_down_to_nothing_is_zero_and_not_unknown(refunds, refunds_line, compute, read, director):
    line = QueueFactory(channel=Channel.TICKET, site=refunds.site, owner_team=refunds)
    ContactFactory(queue=line, ended_at=MONDAY_NOON + 2 * DAY)
    ContactFactory(queue=refunds_line, offered_at=MONDAY_NOON + 4 * DAY)
    compute()
    week = Period(MONDAY - DAY, MONDAY + 4 * DAY)
    by_day = measure([kpi("backlog")], viewer=director, period=week, by=["day"])
    assert [(reading.at["day"] - MONDAY).days for reading in by_day] == [0, 1, 2, 3, 4]
    assert [reading.value for reading in by_day] == [1, 1, 0, 0, 0]
    assert read("backlog").value == 0
    assert read("backlog", queue=refunds_line.pk).value is None


def test_mails_have_no_longest_wait(refunds, compute, read):
    ContactFactory(queue=QueueFactory(channel=Channel.EMAIL, site=refunds.site), wait_seconds=90_000)
    compute()
    assert read("longest_wait").value is None
    assert read("average_response_time").value == 90_000


def test_a_site_counts_the_abandoned_contacts_of_its_queues(site, chen, compute, read, director):
    line = QueueFactory(site=site, owner_team=None)
    ContactFactory(queue=line, agent=chen)
    ContactFactory(queue=line, outcome=Outcome.ABANDONED, wait_seconds=60)
    compute()
    assert read("service_level").value == read("service_level", site=site.pk).value == 0.5
    behind = rows_behind(kpi("service_level"), "bottom", viewer=director, period=EVER, where={"site": [site.pk]})
    assert behind.count() == 2


def test_who_leads_one_team_and_works_in_another_is_read_in_one_scope(
    refunds_supervisor, chen, smit, refunds_line, billing_line, compute, read
):
    """Rosa leads Refunds and answers calls in Billing."""
    refunds_supervisor.roles.append(Role.AGENT)
    refunds_supervisor.save()
    smit.user = refunds_supervisor
    smit.save()
    ContactFactory.create_batch(2, agent=chen, queue=refunds_line)
    ContactFactory.create_batch(3, agent=smit, queue=billing_line)
    compute()
    rosa = User.objects.get(pk=refunds_supervisor.pk)
    handled = kpi("contacts_handled")
    assert read("contacts_handled", viewer=rosa).value == 2
    assert rows_behind(handled, "top", viewer=rosa, period=EVER).count() == 2
    by_agent = measure([handled], viewer=rosa, period=EVER, by=["agent"])
    assert {reading.at["agent"]: reading.value for reading in by_agent} == {chen.pk: 2}
    own = {"agent": [smit.pk]}
    assert measure([handled], viewer=rosa, period=EVER, where=own)[0].value == 3
    assert rows_behind(handled, "top", viewer=rosa, period=EVER, where=own).count() == 3


def test_a_part_of_several_tallies_is_refused_by_name(director, db):
    with pytest.raises(NotMeasurable, match="nps_promoters, nps_detractors"):
        rows_behind(kpi("nps"), "top", viewer=director, period=EVER)


def test_conversations_of_two_sources_are_not_confused(refunds_line, reason, compute, read):
    """Both platforms number their conversations 1, 2, 3: the later call is a repeat all the same."""
    for number, source in enumerate(("one", "other")):
        ContactFactory(
            queue=refunds_line, reason=reason, customer=7, conversation_id="1",
            source=SourceFactory(name=source, site=refunds_line.site), offered_at=MONDAY_NOON + number * DAY,
        )  # fmt: skip
    ContactFactory(queue=refunds_line, offered_at=MONDAY_NOON + 20 * DAY)
    compute()
    reading = read("first_contact_resolution")
    assert (reading.top, reading.bottom) == (1, 2)


def test_sales(refunds, compute, read):
    line = QueueFactory(channel=Channel.OUTBOUND, site=refunds.site, owner_team=refunds)
    ContactFactory(queue=line, sale_amount=Decimal("120.50"))
    ContactFactory(queue=line, sale_amount=Decimal(0))
    ContactFactory.create_batch(2, queue=line)
    compute()
    assert (read("sales").value, read("sales_amount").value) == (1, 120.5)
    assert read("conversion_rate").value == 0.25
    assert read("revenue_per_contact").value == 30.125


def test_a_kpi_is_not_split_by_what_it_does_not_have(director, compute):
    with pytest.raises(NotMeasurable, match=r"Occupancy has no queue"):
        measure([kpi("occupancy")], viewer=director, period=EVER, by=["queue"])
    with pytest.raises(NotMeasurable, match=r"Abandonment rate has no agent"):
        measure([kpi("abandonment_rate")], viewer=director, period=EVER, by=["agent"])
    with pytest.raises(NotMeasurable, match=r"“colour” is no dimension"):
        measure([kpi("csat")], viewer=director, period=EVER, by=["colour"])
    with pytest.raises(NotMeasurable, match=r"at once"):
        measure([kpi("csat")], viewer=director, period=EVER, by=["agent", "slot"])
    assert not can_measure(kpi("occupancy"), ["queue"])


def test_everyone_is_measured_from_the_rows_they_may_see(
    cast, chen, zhao, smit, refunds_line, billing_line, compute, read
):
    for agent, line, number in ((chen, refunds_line, 2), (zhao, refunds_line, 3), (smit, billing_line, 4)):
        ContactFactory.create_batch(number, agent=agent, queue=line)
    compute()
    seen = {name: read("contacts_handled", viewer=user).value for name, user in cast.items()}
    assert seen == {
        "director": 9, "qa_analyst": 9, "administrator": 9, "api_client_user": 9,
        "refunds_supervisor": 5, "billing_supervisor": 4,
        "chen": 2, "zhao": 3, "smit": 4,
        "shopper": None, "nobody": None,
    }  # fmt: skip
    with pytest.raises(NotMeasurable, match="not measured for single agents"):
        measure([kpi("abandonment_rate")], viewer=chen.user, period=EVER)


def test_a_target_is_the_nearest_of_agent_queue_team_and_centre(chen, refunds, refunds_line, billing_line):
    for team, value in ((None, "400"), (refunds, "340")):
        TargetFactory(kpi="average_handle_time", team=team, value=value)

    def target(on=MONDAY, **at):
        return Targets(["average_handle_time"], on=on).of(**at)["average_handle_time"].value

    assert target() == target(queue=billing_line.pk) == 400
    assert target(team=refunds.pk) == target(agent=chen.pk) == target(queue=refunds_line.pk) == 340
    chen.memberships.update(ends_on=MONDAY)
    assert target(agent=chen.pk) == 400, "who left the team has no more its target"


def test_every_weekday_has_its_own_contacts(refunds_line, compute, director):
    """One contact on Monday, two on Tuesday … seven on Sunday; the next Monday adds ten to the first."""
    for weekday in range(7):
        ContactFactory.create_batch(weekday + 1, queue=refunds_line, offered_at=MONDAY_NOON + weekday * DAY)
    ContactFactory.create_batch(10, queue=refunds_line, offered_at=MONDAY_NOON + 7 * DAY)
    compute()
    readings = measure([kpi("contacts_offered")], viewer=director, period=EVER, by=["weekday"])
    found = {reading.at["weekday"]: reading.value for reading in readings}
    assert found == {0: 11, 1: 2, 2: 3, 3: 4, 4: 5, 5: 6, 6: 7}
