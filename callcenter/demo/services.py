"""The demo as a whole: generate it, load it in one transaction, compute its KPIs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction
from django.utils.translation import gettext as _

from callcenter.demo import load
from callcenter.demo.cast import Cast, gather_cast
from callcenter.demo.centre import QUEUES, site_of
from callcenter.demo.clock import EPOCH
from callcenter.demo.contacts import NONE, Contacts, record_contacts
from callcenter.demo.demand import draw_arrivals
from callcenter.demo.feedback import Answers, Complaints, draw_answers, draw_complaints
from callcenter.demo.floor import Floor
from callcenter.demo.people import Structure, create_sources, create_structure
from callcenter.demo.roster import Roster, plan_roster
from callcenter.demo.span import Span
from callcenter.demo.states import States, record_states
from interactions.models import AgentState, Complaint, Contact, Shift, Source, SurveyAnswer
from interactions.services import mark_days
from people.models import Agent, Queue, Site, Team, User

DEMO_SOURCE = "demo"
FACTS = (Contact, AgentState, Shift, SurveyAnswer, Complaint)
Tell = Callable[[str], None]


class DatabaseInUseError(Exception):
    """The database holds something; the demo goes into an empty one only."""


@dataclass(frozen=True)
class Centre:
    """Everything that was generated, ready to be loaded."""

    cast: Cast
    roster: Roster
    contacts: Contacts
    answers: Answers
    complaints: Complaints
    states: States


def has_demo() -> bool:
    """Whether this database holds the demo centre already."""
    return Source.objects.filter(name=DEMO_SOURCE).exists()


def require_empty_database() -> None:
    """Raise DatabaseInUseError, saying what is there, unless the database is as `migrate` leaves it."""
    for model in (Contact, Agent, Team, Queue, Site, User):
        if found := model.objects.count():
            raise DatabaseInUseError(
                _(
                    "The demo centre goes into an empty database only, and this one holds %(count)d %(what)s. "
                    "Nothing was changed. Give the demo a place of its own, for example: "
                    "DATA_DIR=/var/tmp/callcenter-demo make run"
                )
                % {"count": found, "what": model._meta.verbose_name_plural}
            )


def generate(*, until: dt.date, months: int, scale: float, seed: int) -> Centre:
    """The whole centre in memory. The same arguments always give the same one; nothing is read or written."""
    span = Span(until, months, seed)
    clocks, holidays = span.clocks(), span.holidays()
    cast = gather_cast(span)
    arrivals = draw_arrivals(span, clocks, holidays)
    roster = plan_roster(span, cast, clocks, holidays)
    floor = Floor(span, cast, roster, arrivals, [span.ends_at(clocks[site_of(queue)]) for queue in QUEUES])
    contacts = record_contacts(floor.run(), span=span, cast=cast, roster=roster, clocks=clocks, scale=scale)
    return Centre(
        cast=cast,
        roster=roster,
        contacts=contacts,
        answers=draw_answers(contacts, span=span, cast=cast, clocks=clocks),
        complaints=draw_complaints(contacts, span=span, cast=cast, clocks=clocks),
        states=record_states(contacts, roster, floor.came, floor.left),
    )


@transaction.atomic
def load_demo(*, until: dt.date, months: int = 13, scale: float = 1.0, seed: int = 7, tell: Tell = print) -> None:
    """Fill an empty database with the demo centre and mark its days for the KPI run.

    ``months`` of facts end with the day ``until``; ``scale`` keeps that share of the customers. Raises
    DatabaseInUseError where anything is there already.
    """
    require_empty_database()
    tell(_("Imagining the centre …"))
    centre = generate(until=until, months=months, scale=scale, seed=seed)
    tell(_("Writing people and structure …"))
    structure = create_structure(Span(until, months, seed), centre.cast)
    sources = create_sources(structure.sites[site_of(QUEUES[0])])
    tell(
        _("Loading %(contacts)s contacts, %(states)s agent states and %(answers)s survey answers …")
        % {
            "contacts": f"{len(centre.contacts):,}",
            "states": f"{len(centre.states.day):,}",
            "answers": f"{len(centre.answers.contact):,}",
        }
    )
    load_facts(centre, structure, sources)
    mark_days(days_of(centre))
    analyse()


def load_facts(centre: Centre, structure: Structure, sources: dict[str, Source]) -> None:
    """Write everything that happened."""
    cast = centre.cast
    with load.unburdened(*FACTS):
        keys = load.copy_contacts(centre.contacts, source=sources["contacts"], cast=cast, structure=structure)
        load.copy_states(centre.states, source=sources["states"], cast=cast, structure=structure)
        load.copy_shifts(centre.roster, source=sources["shifts"], cast=cast, structure=structure)
        load.copy_answers(centre.answers, source=sources["surveys"], contact_keys=keys)
        load.copy_complaints(centre.complaints, source=sources["complaints"], contact_keys=keys)


def days_of(centre: Centre) -> set[dt.date]:
    """Every business day that the facts touch, and those around shifts."""
    contacts = centre.contacts
    days = np.concatenate([contacts.day, contacts.answered_day, contacts.ended_day, contacts.due_day])
    worked = np.unique(np.array(centre.roster.piece_day))
    found = np.unique(np.concatenate([days[days != NONE], worked - 1, worked, worked + 1]))
    return {EPOCH + dt.timedelta(days=number) for number in found.tolist()}


def analyse() -> None:
    """Tell the query planner what the tables now hold: nothing has run on them yet."""
    with connection.cursor() as cursor:
        for model in FACTS:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
