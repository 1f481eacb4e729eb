"""The files that put the product into production name only what exists."""

import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connections

ROOT = Path(settings.BASE_DIR)
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
PRODUCT = {name: service for name, service in COMPOSE["services"].items() if service.get("image") == "callcenter"}
LISTED = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def test_one_image_serves_pages_does_jobs_keeps_the_clock_and_migrates():
    assert set(PRODUCT) == {"web", "worker", "beat", "migrate"}


@pytest.mark.parametrize("name", PRODUCT)
def test_every_variable_of_a_service_is_a_setting(name):
    assert set(PRODUCT[name]["environment"]) <= LISTED


def test_every_setting_reaches_the_containers_unless_the_image_fixes_it():
    fixed = set(re.findall(r"\b([A-Z_]+)=/", (ROOT / "Dockerfile").read_text())) | {"PORT", "DEBUG"}
    assert set(PRODUCT["web"]["environment"]) == LISTED - fixed


@pytest.mark.parametrize("name", PRODUCT)
def test_every_command_is_a_program_of_the_image(name):
    program = PRODUCT[name]["command"][0]
    assert program == "python" or program in metadata.entry_points(group="console_scripts").names


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_celery_accepts_the_commands_options(name):
    command = PRODUCT[name]["command"]
    known = subprocess.run(
        [sys.executable, "-m", *command[:4], "--help"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    ).stdout
    assert all(option in known for option in command[4:] if option.startswith("--"))


def test_every_service_says_whether_it_is_well():
    assert all("healthcheck" in service or name == "web" for name, service in COMPOSE["services"].items())
    assert "/healthz" in (ROOT / "Dockerfile").read_text(), "web is asked by the image's own check"


def test_nothing_starts_before_the_tables_are_there():
    for name in set(PRODUCT) - {"migrate"}:
        assert PRODUCT[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_every_volume_that_is_mounted_is_declared():
    mounted = {volume.split(":")[0] for service in COMPOSE["services"].values() for volume in service["volumes"]}
    assert mounted == set(COMPOSE["volumes"])


def test_every_file_the_image_is_built_from_exists():
    sources = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert all((ROOT / name).exists() for line in sources for name in line.split())


def workers(**environment):
    said = "import runpy; print(runpy.run_path('gunicorn.conf.py')['workers'])"
    return subprocess.run(
        [sys.executable, "-c", said],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_web_servers_processes_are_limited_and_can_be_set():
    assert 2 <= int(workers().stdout) <= 16
    assert int(workers(WEB_WORKERS="40").stdout) == 40
    assert "WEB_WORKERS='many' is not a whole number" in workers(WEB_WORKERS="many").stderr


def test_the_web_server_of_a_large_machine_leaves_connections_for_others():
    said = "import multiprocessing, runpy; multiprocessing.cpu_count = lambda: 64; "
    said += "found = runpy.run_path('gunicorn.conf.py'); print(found['workers'] * found['threads'])"
    found = subprocess.run([sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert int(found) <= 64
    assert "max_connections=300" in COMPOSE["services"]["postgres"]["command"]


def test_an_older_postgresql_is_refused_by_its_version(db, monkeypatch):
    monkeypatch.setitem(vars(connections["default"]), "pg_version", 170_004)
    with pytest.raises(SystemCheckError, match=r"PostgreSQL 17\.4; 18 or later is needed"):
        call_command("migrate", plan=True, skip_checks=False)


def test_the_embedded_postgresql_and_that_of_the_compose_file_are_new_enough(db):
    assert run_checks(tags=[Tags.database], databases=["default"]) == []
    assert COMPOSE["services"]["postgres"]["image"] == "postgres:18"
