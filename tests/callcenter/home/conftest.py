"""A week of contacts behind home, and the night that computes them."""

from tests.kpis.conftest import _tasks_run_at_once, compute  # noqa: F401
from tests.kpis.test_pages import a_week  # noqa: F401
