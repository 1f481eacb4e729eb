"""What a page fetches before anything can be seen: its weight over the wire."""

from __future__ import annotations

import gzip

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

DIST = settings.BASE_DIR / "static/dist"
# The scripts of every page; charts.js is fetched by pages with charts alone.
SCRIPTS = ["dist/theme.js", "dist/app.js", "django_htmx/htmx-2.min.js"]
MOST_OF_SCRIPTS, MOST_WITH_CHARTS, MOST_OF_STYLES = 60_000, 520_000, 90_000  # bytes, compressed


@pytest.fixture(autouse=True)
def assets_are_built() -> None:
    if not (DIST / "app.css").exists():
        pytest.fail("Build the assets first: npm ci && npm run build")


def compressed(name: str) -> int:
    """How many bytes of a static file go over the wire."""
    found = finders.find(name)
    assert isinstance(found, str), name
    with open(found, "rb") as file:
        return len(gzip.compress(file.read()))


def test_scripts_without_charts_stay_small() -> None:
    assert sum(map(compressed, SCRIPTS)) < MOST_OF_SCRIPTS


def test_scripts_with_charts_stay_bearable() -> None:
    assert sum(map(compressed, [*SCRIPTS, "dist/charts.js"])) < MOST_WITH_CHARTS


def test_styles_stay_small() -> None:
    assert compressed("dist/app.css") + compressed("dist/plotly.css") < MOST_OF_STYLES


def test_these_are_the_scripts_of_a_page(client, db) -> None:
    page = client.get("/accounts/login/").content.decode()

    assert page.count("<script") == len(SCRIPTS)
    assert all(f'src="/static/{name}"' in page for name in SCRIPTS)
