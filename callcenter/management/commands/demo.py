"""`manage.py demo`: fill an empty database with a centre worth exploring."""

from __future__ import annotations

import datetime as dt
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from callcenter.demo.cast import AGENT_LOGINS, LEADERS, PASSWORD
from callcenter.demo.services import DatabaseInUseError, has_demo, load_demo
from kpis.models import Run
from kpis.services import run_here

LONGEST = 36
DAYS_AT_ONCE = 2
EARLIEST = dt.date(2010, 1, 1)


def share(text: str) -> float:
    """A number above 0 and up to 1."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1:
        raise ArgumentTypeError(f"{text!r} is not a share above 0 and up to 1, such as 0.1.")
    return value


def number_of_months(text: str) -> int:
    """1 to 36."""
    if not text.isdecimal() or not 1 <= int(text) <= LONGEST:
        raise ArgumentTypeError(f"{text!r} is not a number of months from 1 to {LONGEST}.")
    return int(text)


def past_day(text: str) -> dt.date:
    """A day that is over, not before 2010."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date such as 2026-11-20.") from None
    if not EARLIEST <= day < timezone.localdate():
        raise ArgumentTypeError(f"{text} is not between {EARLIEST} and yesterday.")
    return day


class Command(BaseCommand):
    help = "Fill an empty database with the demo centre: 2 sites, 8 teams, 13 months of contacts, and their KPIs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--until", type=past_day, help="the last day with contacts (default: yesterday)")
        parser.add_argument("--months", type=number_of_months, default=13, help="how many months of contacts")
        parser.add_argument("--scale", type=share, default=1.0, help="the share of customers to keep, such as 0.1")
        parser.add_argument("--seed", type=int, default=7, help="another seed gives another centre")

    def handle(self, *, until: dt.date | None, months: int, scale: float, seed: int, **options: Any) -> None:
        if has_demo():
            self.stdout.write(_("The demo centre is here already. Nothing was changed."))
            return
        until = until or timezone.localdate() - dt.timedelta(days=1)
        started = time.monotonic()
        try:
            load_demo(until=until, months=months, scale=scale, seed=seed, tell=self.stdout.write)
        except DatabaseInUseError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("Computing its KPIs …"))
        run = run_here(kind=Run.Kind.NIGHTLY, workers=DAYS_AT_ONCE)
        if run.message:
            raise CommandError(run.message)
        self.stdout.write(
            _("The demo centre is ready after %(seconds).0f seconds.") % {"seconds": time.monotonic() - started}
        )
        tell_logins(self.stdout.write)


def tell_logins(tell: Callable[[str], object]) -> None:
    """Who may sign in to the demo. Only ever its own people: it goes into no database that holds others."""
    tell(_("Sign in with the password %(password)s as:") % {"password": PASSWORD})
    for username, first, last, roles in LEADERS:
        tell(f"  {username:<16}{first} {last}, {', '.join(roles).replace('_', ' ')}")
    for name, username in AGENT_LOGINS.items():
        tell(f"  {username:<16}{name}, agent")
