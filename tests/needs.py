"""Tests that need a program of the machine: skipped with a word where it is missing, demanded in CI."""

import os
import shutil

import pytest

# marker: (program, what its tests are called, how to get it on Debian)
NEEDS = {
    "browser": ("chromium", "browser journeys", "apt-get install chromium"),
    "gettext": ("xgettext", "tests that collect the texts to translate", "apt-get install gettext"),
    "broker": ("redis-server", "tests of the production topology", "apt-get install redis-server"),
}


def missing() -> dict[str, str]:
    """By marker, the sentence that says what was skipped and why."""
    return {
        marker: f"Skipped: {tests}, since this machine has no {program} (Debian: {remedy})."
        for marker, (program, tests, remedy) in NEEDS.items()
        if not shutil.which(program)
    }


def pytest_configure() -> None:
    if os.environ.get("CI") and missing():
        raise pytest.UsageError("In CI nothing is skipped. " + " ".join(missing().values()))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    sentences = missing()
    for item in items:
        for marker in sentences.keys() & {mark.name for mark in item.iter_markers()}:
            item.add_marker(pytest.mark.skip(reason=sentences[marker]))


def pytest_terminal_summary(terminalreporter) -> None:
    for sentence in missing().values():
        terminalreporter.write_line(sentence, yellow=True)
