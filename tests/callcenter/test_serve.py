"""`manage.py serve`: pages, jobs and clock in one process, from the first start to the last signal."""

import signal
from collections.abc import Iterator

import pytest

from tests.callcenter.production import Machine, wait_until

READING = "/api/v1/readings/?kpi=average_handle_time&from=2026-11-02&to=2026-11-02"


@pytest.fixture(scope="module")
def laptop() -> Iterator[Machine]:
    machine = Machine()
    try:
        serve(machine)
        yield machine
    finally:
        machine.stop_all()


def serve(machine: Machine) -> None:
    machine.start_python("serve", "manage.py", "serve")
    wait_until(lambda: "The product is at" in machine.log("serve"), "it is served", 120)


@pytest.fixture(scope="module")
def token(laptop: Machine) -> str:
    return laptop.run("-m", "tests.callcenter.hand_made_contacts").stdout.strip()


def handle_time(laptop: Machine, token: str) -> float | None:
    status, answer = laptop.ask(READING, token)
    assert status == 200, answer
    return answer["readings"][0]["value"]


def test_it_says_where_it_is_and_answers_there(laptop):
    assert f"http://127.0.0.1:{laptop.ports['web']}/" in laptop.log("serve")
    assert laptop.ask("/healthz") == (200, {"database": "ok", "broker": "ok"})


def test_a_port_that_is_taken_is_said_and_no_other_is_tried(laptop):
    second = laptop.run("manage.py", "serve", may_fail=True)
    assert second.returncode == 1
    assert f"Port {laptop.ports['web']} is taken" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_run_that_is_asked_for_over_the_web_is_done_by_the_worker_inside(laptop, token):
    assert handle_time(laptop, token) is None
    status, run = laptop.ask("/api/v1/runs/", token, {"kind": "changes"})
    assert status == 202, run
    wait_until(lambda: handle_time(laptop, token) == 200.0, "the run is through")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_told_to_and_starts_again(laptop, token, how):
    assert laptop.stop("serve", how) == 0
    assert "Traceback" not in laptop.log("serve")
    serve(laptop)
    assert handle_time(laptop, token) == 200.0


def test_every_start_tells_the_logins_of_a_demo_that_is_there(laptop, token):
    assert "Sign in with the password" not in laptop.log("serve")
    demo = "from callcenter.demo.services import DEMO_SOURCE; from interactions.models import Source; "
    laptop.run("manage.py", "shell", "-c", demo + "Source.objects.update(name=DEMO_SOURCE)")
    laptop.stop("serve")
    serve(laptop)
    assert "Sign in with the password" in laptop.log("serve")
