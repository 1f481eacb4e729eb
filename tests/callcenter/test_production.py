"""gunicorn, a separate worker and beat on Redis, PostgreSQL over TCP: the nightly run goes through all of them."""

from collections.abc import Iterator

import pytest

from tests.callcenter.production import Production, wait_until

pytestmark = pytest.mark.broker

READING = "/api/v1/readings/?kpi=average_handle_time&kpi=contacts_offered&from=2026-11-02&to=2026-11-02"


@pytest.fixture(scope="module")
def production() -> Iterator[Production]:
    machine = Production()
    try:
        machine.start_servers()
        machine.run("manage.py", "migrate", "--verbosity", "0")
        machine.run("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        address = f"127.0.0.1:{machine.ports['web']}"
        gunicorn = ["-m", "gunicorn", "callcenter.wsgi", "--config", "gunicorn.conf.py"]
        machine.start_python("web", *gunicorn, "--bind", address, "--workers", "2")
        wait_until(lambda: machine.ask("/healthz")[0], "the web server answers")
        yield machine
    finally:
        machine.stop_all()


@pytest.fixture(scope="module")
def token(production: Production) -> str:
    return production.run("-m", "tests.callcenter.hand_made_contacts").stdout.strip()


def values(production: Production, token: str) -> dict[str, float | None]:
    status, answer = production.ask(READING, token)
    assert status == 200, answer
    return {reading["kpi"]: reading["value"] for reading in answer["readings"]}


def test_the_health_page_asks_database_and_broker(production):
    assert production.ask("/healthz") == (200, {"database": "ok", "broker": "ok"})


def test_the_nightly_run_starts_by_the_clock_and_its_kpis_are_read_through_the_web(production, token):
    assert values(production, token)["average_handle_time"] is None, "nothing is computed yet"
    production.start_python(
        "worker", "-m", "celery", "--app", "callcenter", "worker", "--loglevel", "INFO", "--concurrency", "2"
    )
    production.start_python(
        "beat", "-m", "celery", "--app", "tests.callcenter.fast_clock", "beat", "--loglevel", "INFO"
    )
    wait_until(lambda: values(production, token)["average_handle_time"] is not None, "the nightly run is through")
    assert values(production, token) == {"average_handle_time": 200.0, "contacts_offered": 3}
    assert "kpis.tasks.run_nightly" in production.log("worker")
    assert "kpis.tasks.finish" in production.log("worker"), "the chord came to its end through Redis"
    _, runs = production.ask("/api/v1/runs/?kind=nightly", token)
    assert "done" in {run["state"] for run in runs["results"]}


def test_worker_and_clock_stop_when_they_are_told_to(production, token):
    assert production.stop("beat") == 0
    assert production.stop("worker") == 0


def test_without_its_broker_the_health_page_says_what_is_missing(production):
    production.stop("redis")
    assert production.ask("/healthz") == (503, {"database": "ok", "broker": "unreachable"})


def test_without_its_broker_a_run_is_refused_with_a_sentence_and_closed(production, token):
    status, answer = production.ask("/api/v1/runs/", token, {"kind": "rebuild"})
    assert (status, answer["detail"][:30]) == (503, "The workers cannot be reached."), answer
    _, runs = production.ask("/api/v1/runs/?kind=rebuild", token)
    assert [run["state"] for run in runs["results"]] == ["failed"]
