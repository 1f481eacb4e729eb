"""A real browser in front of a real server, with a week of contacts behind it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser

from people.models import User
from tests.e2e.journey import HEIGHT, WIDTHS, Journey
from tests.kpis.conftest import _tasks_run_at_once, compute  # noqa: F401
from tests.kpis.test_pages import a_week  # noqa: F401

LAUNCH = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, which asks nobody on the network."""
    return browser_type_launch_args | {"executable_path": shutil.which("chromium"), "args": LAUNCH}


@pytest.fixture(scope="session", autouse=True)
def assets_are_built() -> None:
    """Pages without their stylesheet would pass for narrow and accessible."""
    if not (settings.BASE_DIR / "static/dist/app.css").exists():
        pytest.fail("Build the assets first: npm ci && npm run build")


@pytest.fixture
def travel(browser: Browser, live_server, sign_in: Callable[[User], Client]) -> Iterator[Callable[..., Journey]]:
    """Starts a journey as a user, in a theme, on a width and in a language."""
    contexts = []

    def started(user: User, *, theme: str = "light", on: str = "desk", language: str = "en") -> Journey:
        context = browser.new_context(
            viewport={"width": WIDTHS[on], "height": HEIGHT},
            color_scheme=theme,
            reduced_motion="reduce",
            locale=language,
        )
        contexts.append(context)
        session = sign_in(user).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        return Journey(context.new_page(), live_server.url)

    yield started
    for context in contexts:
        context.close()
