"""The call platforms' own files."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest

from interactions.models import Contact, Outcome, Source
from interactions.readers import asterisk as asterisk_reader
from people.models import Agent, Queue
from tests.interactions.deliveries import counts, deliver, new_source, reasons

pytestmark = pytest.mark.django_db

ANYTHING = {"unknown_agents": "create", "unknown_queues": "create"}


@pytest.fixture
def asterisk(site) -> Source:
    return new_source(site, "pbx", kind=Source.Kind.ASTERISK, **ANYTHING)


def enter(at: int, call: str, caller: str = "anonymous", queue: str = "9000") -> str:
    return f"{at}|{call}|{queue}|NONE|ENTERQUEUE||{caller}"


T = 1_266_833_900  # 2010-02-22 10:18:20 UTC
LOG = [
    f"{T}|NONE|NONE|NONE|QUEUESTART|",
    enter(T + 11, "a.1", "+10000000000"),
    f"{T + 11}|a.1|9000|Local/2001@from-internal/n|RINGNOANSWER|0",
    enter(T + 12, "a.2"),
    f"{T + 47}|a.1|9000|Local/2004@from-internal/n|CONNECT|36|{T + 40}.7",
    f"{T + 50}|NONE|9000|SIP/2001|PAUSE|",
    f"{T + 55}|a.1|9000|Local/2004@from-internal/n|COMPLETEAGENT|36|8|1",
    f"{T + 57}|a.2|9000|NONE|ABANDON|1|1|45",
    enter(T + 60, "a.3"),
    f"{T + 65}|a.3|9000|Local/2004@from-internal/n|CONNECT|5|{T + 61}.5",
    enter(T + 70, "a.4"),
]


def test_asterisk_calls_are_answered_abandoned_or_not_finished(asterisk):
    assert counts(deliver(asterisk, LOG, "queue_log")) == {"new": 4}
    found = {c.conversation_id: c for c in Contact.objects.select_related("agent", "queue")}
    assert {call: c.outcome for call, c in found.items()} == {
        "a.1": Outcome.ANSWERED, "a.2": Outcome.ABANDONED, "a.3": Outcome.ANSWERED, "a.4": Outcome.WAITING}  # fmt: skip
    done, gone, talking, waiting = (found[call] for call in ("a.1", "a.2", "a.3", "a.4"))
    assert (done.wait_seconds, done.talk_seconds, done.agent.employee_number) == (36, 8, "2004")
    assert done.offered_at == dt.datetime.fromtimestamp(T + 11, dt.UTC)
    assert done.ended_at == dt.datetime.fromtimestamp(T + 55, dt.UTC)
    assert (done.customer is not None, gone.customer) == (True, None)
    assert (gone.wait_seconds, gone.agent) == (45, None)
    assert (talking.wait_seconds, talking.talk_seconds, talking.ended_at) == (5, 0, None)
    assert (waiting.wait_seconds, waiting.ended_at) == (0, None)


def test_a_later_asterisk_file_completes_the_calls_of_an_earlier_one(asterisk):
    deliver(asterisk, LOG, "queue_log")
    customers = dict(Contact.objects.values_list("conversation_id", "customer"))
    rest = [f"{T + 85}|a.3|9000|Local/2004@from-internal/n|COMPLETECALLER|5|20|1",
            f"{T + 90}|a.4|9000|NONE|ABANDON|1|1|20"]  # fmt: skip
    assert counts(deliver(asterisk, rest, "queue_log.1")) == {"changed": 2}
    talked, gave_up = Contact.objects.filter(conversation_id__in=["a.3", "a.4"]).order_by("conversation_id")
    assert (talked.outcome, talked.wait_seconds, talked.talk_seconds) == ("answered", 5, 20)
    assert talked.ended_at == dt.datetime.fromtimestamp(T + 85, dt.UTC)
    assert (gave_up.outcome, gave_up.wait_seconds) == ("abandoned", 20)
    assert dict(Contact.objects.values_list("conversation_id", "customer")) == customers
    assert counts(deliver(asterisk, LOG, "queue_log")) == {"unchanged": 4}
    assert counts(deliver(asterisk, rest, "queue_log.1")) == {"unchanged": 2}


def test_an_asterisk_caller_stays_known_when_a_later_file_does_not_name_them(asterisk):
    deliver(asterisk, [enter(T, "b.1", "+4930123456")], "queue_log")
    before = Contact.objects.get().customer
    deliver(asterisk, [f"{T + 9}|b.1|9000|SIP/2004-0000001a|CONNECT|9|x"], "queue_log.1")
    after = Contact.objects.get()
    assert after.customer == before is not None
    assert (after.outcome, after.agent.employee_number) == ("answered", "2004")


def test_leaving_a_queue_unanswered_counts_as_abandoned_and_the_next_queue_is_a_leg_of_its_own(asterisk):
    log = [
        enter(T, "c.1"),
        f"{T + 60}|c.1|9000|NONE|EXITWITHTIMEOUT|1|1|60",
        enter(T + 61, "c.1", queue="9001"),
        f"{T + 70}|c.1|9001|Agent/7|CONNECT|9|x",
        f"{T + 100}|c.1|9001|Agent/7|BLINDTRANSFER|9000|default|9|30|1",
        enter(T + 101, "c.1"),
        f"{T + 104}|c.1|9000|NONE|EXITWITHKEY|5|1",
    ]
    assert counts(deliver(asterisk, log, "queue_log")) == {"new": 3}
    legs = Contact.objects.order_by("offered_at").values_list(
        "external_id", "conversation_id", "outcome", "wait_seconds", "talk_seconds", "is_transferred")  # fmt: skip
    assert list(legs) == [
        ("c.1/9000", "c.1", "abandoned", 60, 0, False),
        ("c.1/9001", "c.1", "answered", 9, 30, True),
        ("c.1/9000/2", "c.1", "abandoned", 3, 0, False),
    ]


def test_of_a_long_queue_log_only_the_latest_calls_are_remembered(tmp_path, monkeypatch):
    monkeypatch.setattr(asterisk_reader, "MOST_CALLS_REMEMBERED", 3)
    log = [line for n in range(50) for line in (enter(T + n, f"e.{n}"), f"{T + n}|e.{n}|9000|NONE|EXITWITHKEY|5|1")]
    again = [line.replace("e.49", "e.48") for line in log[-2:]]
    file = tmp_path / "queue_log"
    file.write_text("\n".join([*log, *again]))
    log = asterisk_reader.QueueLog(file)
    legs = [row.values[0] for piece in log.pieces() for row in piece.rows]
    assert legs == [*(f"e.{n}/9000" for n in range(50)), "e.48/9000/2"]
    assert len(log._times_entered) == 3


def test_a_broken_line_of_a_queue_log_costs_itself_alone(asterisk):
    delivery = deliver(asterisk, ["hello", enter(T, "d.1"), f"{T}|d.2|9000|SIP/1|CONNECT|soon", ""], "queue_log")
    assert counts(delivery) == {"new": 1, "rejected": 2}
    assert "fewer than 5 fields" in reasons(delivery)[1]
    assert "CONNECT has no number" in reasons(delivery)[3]


@pytest.fixture
def connect(site) -> Source:
    return new_source(site, "connect", kind=Source.Kind.AMAZON_CONNECT, **ANYTHING)


def record(name: str = "k1", **changes) -> dict:
    """A contact record of an answered and transferred call: talk 239 s, hold 221 s, wrap 5 s."""
    base = {
        "ContactId": name,
        "InitialContactId": None,
        "Channel": "VOICE",
        "InitiationMethod": "INBOUND",
        "InitiationTimestamp": "2022-01-05T17:12:59Z",
        "DisconnectTimestamp": "2022-01-05T17:47:28Z",
        "LastUpdateTimestamp": "2022-01-05T17:48:35Z",
        "TransferCompletedTimestamp": "2022-01-05T17:28:12Z",
        "CustomerEndpoint": {"Address": "+10000000002", "Type": "TELEPHONE_NUMBER"},
        "Queue": {"Name": "Repairs", "EnqueueTimestamp": "2022-01-05T17:14:46Z", "Duration": 346},
        "Agent": {
            "Username": "agent.two",
            "ConnectedToAgentTimestamp": "2022-01-05T17:20:32Z",
            "AgentInteractionDuration": 239,
            "CustomerHoldDuration": 221,
            "AfterContactWorkDuration": 5,
        },
    }
    return {**base, **changes}


def test_an_amazon_connect_leg_ends_when_its_agent_is_done(connect):
    assert counts(deliver(connect, json.dumps(record()), "ctr.json")) == {"new": 1}
    leg = Contact.objects.select_related("queue", "agent").get()
    assert (leg.queue.code, leg.agent.employee_number, leg.is_transferred) == ("Repairs", "agent.two", True)
    assert (leg.wait_seconds, leg.talk_seconds, leg.hold_seconds, leg.wrap_seconds) == (346, 239, 221, 5)
    assert leg.talk_seconds + leg.hold_seconds + leg.wrap_seconds == 465
    # 17:20:32 + 460 s, not the customer's disconnect at 17:47:28.
    assert leg.ended_at == dt.datetime(2022, 1, 5, 17, 28, 12, tzinfo=dt.UTC)
    assert leg.conversation_id == "k1"


def test_of_the_copies_of_an_amazon_record_the_latest_counts_within_and_across_files(connect):
    def copy(moment: str, wrap: int) -> dict:
        return record(LastUpdateTimestamp=moment, Agent={**record()["Agent"], "AfterContactWorkDuration": wrap})

    moments = ("2022-01-05T17:48:35Z", "2022-01-05T17:48:35.500Z", "2022-01-05T17:48:34Z")
    lines = "".join(json.dumps(copy(moment, wrap)) for wrap, moment in enumerate(moments, start=1))
    assert counts(deliver(connect, lines, "ctr.json")) == {"new": 1, "unchanged": 2}
    assert Contact.objects.get().wrap_seconds == 2
    assert counts(deliver(connect, json.dumps([copy("2022-01-05T17:48:33Z", 4)]))) == {"unchanged": 1}
    assert counts(deliver(connect, json.dumps([copy("2022-01-05T17:49:00Z", 32)]))) == {"changed": 1}
    assert Contact.objects.get().wrap_seconds == 32


def test_amazon_records_without_agent_are_abandoned_or_waiting_and_without_queue_are_set_aside(connect):
    records = [
        record("gone", Agent=None),
        record("here", Agent=None, DisconnectTimestamp=None),
        record("menu", Queue=None),
        record("back", InitialContactId="first", InitiationMethod="CALLBACK"),
        {"Version": 1},
        record("odd", DisconnectTimestamp="never"),
    ]
    delivery = deliver(connect, "\n".join(map(json.dumps, records)), "ctr.ndjson")
    assert counts(delivery) == {"new": 3, "set_aside": 1, "rejected": 2}
    assert dict(Contact.objects.values_list("external_id", "outcome")) == {
        "gone": "abandoned", "here": "waiting", "back": "answered"}  # fmt: skip
    back = Contact.objects.get(external_id="back")
    assert (back.conversation_id, back.channel) == ("first", "callback")
    assert "never entered a queue" in reasons(delivery)[3]
    assert "no ContactId" in reasons(delivery)[5]
    assert reasons(delivery)[6] == "The contact record cannot be read: a time or a duration in it is none."


@pytest.fixture
def genesys(site) -> Source:
    return new_source(site, "genesys", kind=Source.Kind.GENESYS_CLOUD, **ANYTHING)


def metric(name: str, value: int, at: str = "2024-04-29T17:38:17.974Z") -> dict:
    return {"name": name, "value": value, "emitDate": at}


def segment(kind: str, start: str, end: str, **more) -> dict:
    return {"segmentType": kind, "segmentStart": f"2024-04-29T{start}Z", "segmentEnd": f"2024-04-29T{end}Z", **more}


def session(name: str, segments: list[dict], metrics: list[dict], **more) -> dict:
    return {"sessionId": name, "mediaType": "voice", "segments": segments, "metrics": metrics, **more}


QUEUED = session("s-queue", [segment("interact", "17:31:47.669", "17:32:00.080", queueId="q-uuid")],
                 [metric("tAcd", 12411)])  # fmt: skip
TALKED = session(
    "s-agent",
    [
        segment("alert", "17:31:57.716", "17:32:00.080", queueId="q-uuid"),
        segment("interact", "17:32:00.080", "17:38:14.974", queueId="q-uuid", disconnectType="peer"),
        segment("wrapup", "17:38:14.974", "17:38:17.974", queueId="q-uuid", wrapUpCode="ININ-WRAP-UP-TIMEOUT"),
    ],
    [metric("tAlert", 2364), metric("tAnswered", 12411), metric("tTalk", 374894), metric("tTalkComplete", 374894),
     metric("tAcw", 3000), metric("tHandle", 377894)],
)  # fmt: skip
NOT_RESPONDING = session(
    "s-missed",
    [segment("alert", "17:31:48.000", "17:31:55.421", queueId="q-uuid"),
     segment("wrapup", "17:31:55.421", "17:32:52.421", queueId="q-uuid")],
    [metric("nError", 1), metric("tAlert", 7421), metric("tNotResponding", 7421), metric("tAcw", 57000)],
)  # fmt: skip
CUSTOMER = {"purpose": "customer", "sessions": [session("s-c", [segment("ivr", "17:31:30.000", "17:38:14.974")], [],
                                                        ani="tel:+493012345")]}  # fmt: skip


def conversation(*participants: dict, end: str | None = "2024-04-29T17:38:17.974Z") -> dict:
    return {"conversationId": "conv", "conversationStart": "2024-04-29T17:31:30.000Z", "conversationEnd": end,
            "participants": [CUSTOMER, *participants]}  # fmt: skip


def part(purpose: str, one: dict, name: str, user: str = "") -> dict:
    return {"purpose": purpose, "participantName": name, "userId": user, "sessions": [one]}


ACD = part("acd", QUEUED, "Repairs")


def test_a_genesys_leg_is_the_session_in_the_queue_with_the_agent_who_answered(genesys):
    whole = conversation(ACD, part("agent", NOT_RESPONDING, "Bo", "u-1"), part("agent", TALKED, "Kim", "u-2"))
    assert counts(deliver(genesys, json.dumps({"conversations": [whole], "totalHits": 1}))) == {"new": 1}
    leg = Contact.objects.select_related("queue", "agent").get()
    assert (leg.talk_seconds, leg.wrap_seconds, leg.hold_seconds) == (Decimal("374.894"), 3, 0)
    assert (leg.wait_seconds, leg.ring_seconds) == (Decimal("12.411"), Decimal("2.364"))
    assert leg.answered_at == dt.datetime(2024, 4, 29, 17, 32, 0, 80_000, tzinfo=dt.UTC)
    assert leg.offered_at == dt.datetime(2024, 4, 29, 17, 31, 47, 669_000, tzinfo=dt.UTC)
    assert (leg.queue.code, leg.queue.name) == ("q-uuid", "Repairs")
    assert (leg.agent.employee_number, leg.agent.name, leg.conversation_id) == ("u-2", "Kim", "conv")
    assert leg.customer is not None
    assert leg.reason is None
    assert not Agent.objects.filter(name="Bo").exists()


def test_a_genesys_conversation_that_goes_on_is_completed_by_a_later_copy(genesys):
    early = conversation(part("acd", session("s-queue", QUEUED["segments"], []), "Repairs"), end=None)
    deliver(genesys, json.dumps(early))
    assert Contact.objects.get().outcome == "waiting"
    whole = json.dumps(conversation(ACD, part("agent", TALKED, "Kim", "u-2")))
    assert counts(deliver(genesys, whole)) == {"changed": 1}
    assert counts(deliver(genesys, json.dumps(early))) == {"unchanged": 1}
    assert Contact.objects.get().outcome == "answered"


def test_a_genesys_customer_who_hung_up_is_abandoned_and_a_call_without_queue_is_set_aside(genesys):
    left = session("s-queue", QUEUED["segments"], [metric("tAbandon", 12411)])
    gone = conversation(part("acd", left, "Repairs"), part("agent", NOT_RESPONDING, "Bo", "u-1"))
    direct = {**conversation(part("agent", TALKED, "Kim", "u-2")), "conversationId": "direct"}
    delivery = deliver(genesys, "\n".join(map(json.dumps, [gone, direct, {"x": 1}])))
    assert counts(delivery) == {"new": 1, "set_aside": 1, "rejected": 1}
    leg = Contact.objects.get()
    assert (leg.outcome, leg.wait_seconds, leg.agent) == ("abandoned", Decimal("12.411"), None)
    assert "never entered a queue" in reasons(delivery)[2]
    assert reasons(delivery)[3].startswith("This is no whole conversation: it has no “conversationId”.")
    assert Queue.objects.filter(code="q-uuid").exists()
