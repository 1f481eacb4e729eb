"""A wrong setting stops the start with a sentence: what was found, what is expected, and no traceback."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
EXTERNAL = {"DATABASE_URL": "postgres://nobody@localhost:1/none", "SECRET_KEY": "k" * 50}

WRONG = [
    ({"DEBUG": "maybe"}, "DEBUG='maybe' is not yes or no."),
    ({"HTTPS": "2"}, "HTTPS='2' is not yes or no."),
    ({"PORT": "http"}, "PORT='http' is not a whole number from 1 to 65535."),
    ({"PORT": "0"}, "PORT='0' is not a whole number from 1 to 65535."),
    ({"PORT": "65536"}, "PORT='65536' is not a whole number from 1 to 65535."),
    ({"IMPORT_MAX_MB": "-5"}, "IMPORT_MAX_MB='-5' is not a whole number"),
    ({"API_RATE": "many"}, "API_RATE='many' is not a rate such as 600/min."),
    ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL='LOUD' is not one of DEBUG, INFO"),
    ({"TIME_ZONE": "Mars/Base"}, "TIME_ZONE='Mars/Base' is not a time zone such as Europe/Berlin."),
    ({"TIME_ZONE": "../etc"}, "TIME_ZONE='../etc' is not a time zone"),
    ({"CSRF_TRUSTED_ORIGINS": "calls.example.org"}, "is not a list of origins such as https://calls.example.org."),
    ({"REDIS_URL": "localhost:6379"}, "REDIS_URL='localhost:6379' is not a Redis address"),
    ({"PUBLIC_URL": "calls.example.org"}, "PUBLIC_URL='calls.example.org' is not an address such as"),
    ({"EMAIL_FROM": "reports"}, "EMAIL_FROM='reports' is not an e-mail address such as reports@example.org."),
    ({"EMAIL_URL": "smtp+tls://a:secret@"}, "EMAIL_URL is not the address of a mail server"),
    ({"EMAIL_URL": "pigeon://a:secret@b:25"}, "EMAIL_URL is not the address of a mail server"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY is too short: give at least 32 random characters."),
    ({"CUSTOMER_KEY": "short"}, "CUSTOMER_KEY is too short: give at least 32 random characters."),
    ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
    ({"DATABASE_URL": "mysql://a:secret@b/c"}, "DATABASE_URL is not the address of a PostgreSQL database"),
    ({"DATABASE_URL": "postgres://a:secret@b:port/c"}, "DATABASE_URL is not the address of a PostgreSQL database"),
    ({"DATABASE_URL": "postgres://localhost"}, "DATABASE_URL is not the address of a PostgreSQL database"),
    ({"DATABASE_URL": "nonsense"}, "DATABASE_URL is not the address of a PostgreSQL database"),
    ({"DATA_DIR": "/dev/null/here"}, "DATA_DIR: /dev/null/here cannot be made"),
]


def start(command: str, **variables: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, **EXTERNAL, **variables}
    return subprocess.run(
        [sys.executable, "manage.py", command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize(("variables", "sentence"), WRONG, ids=lambda value: str(value)[:40])
@pytest.mark.parametrize("command", ["serve", "check"])
def test_a_wrong_value_stops_the_start_with_a_sentence(command, variables, sentence):
    outcome = start(command, **variables)
    assert outcome.returncode == 1
    assert sentence in outcome.stderr
    assert len(outcome.stderr.splitlines()) == 1, outcome.stderr
    assert "secret@" not in outcome.stderr, "an address with a password is never repeated"


def test_a_database_that_does_not_answer_is_said_in_a_sentence():
    outcome = start("serve", PORT="8737")
    assert outcome.returncode == 1
    assert "The database cannot be used" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_right_values_start():
    assert start("check", HTTPS="yes", PORT="9000", TIME_ZONE="Asia/Shanghai", API_RATE="5/s").returncode == 0


def test_every_variable_is_listed_for_whoever_sets_it_up():
    readers = [ROOT / "callcenter/settings.py", ROOT / "gunicorn.conf.py"]
    read = {
        name for file in readers for name in re.findall(r'\benv(?:ironment)?\.\w+\(\s*"([A-Z_]+)"', file.read_text())
    }
    listed = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read == listed
