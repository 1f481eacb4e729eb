"""What can be chosen on the page: KPIs by group, dimensions with the reason where one is not possible, filters."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kpis.dashboards.board import Board
from kpis.dashboards.filters import FilterField, Option, filter_fields
from kpis.dashboards.labels import DIMENSION_NAMES
from kpis.definitions import KPIS
from kpis.dimensions import STEPS_OF_TIME
from kpis.explore.question import Question, in_words
from people.models import Agent

FILTERS = ("compare", "channel", "queue", "team")


@dataclass(frozen=True)
class Choice:
    """Something to choose; ``why_not`` says in a few words why it cannot be chosen now."""

    value: str
    name: str
    is_chosen: bool
    why_not: str = ""


@dataclass(frozen=True)
class Group:
    """Choices that belong together."""

    name: str
    choices: list[Choice]


def kpi_choices(question: Question) -> list[Group]:
    """Every KPI; those that cannot be told with these filters, or to this viewer, cannot be chosen."""
    chosen = set(question.kpis)
    choices = [
        (
            str(kpi.group),
            Choice(kpi.key, str(kpi.name), kpi in chosen, "" if question.board.can(kpi) else _("not measured here")),
        )
        for kpi in KPIS.values()
    ]
    return [
        Group(name, [choice for _name, choice in found]) for name, found in groupby(choices, key=lambda one: one[0])
    ]


def dimension_choices(question: Question) -> list[list[Choice]]:
    """What to split by first, and what to split that by."""
    first, second = (*question.by, "", "")[:2]
    return [_dimensions(question, first, second), _dimensions(question, second, first)]


def _dimensions(question: Question, chosen: str, other: str) -> list[Choice]:
    none = Choice("", pgettext("split by", "nothing"), not chosen)
    return [
        none,
        *(
            Choice(name, str(word), name == chosen, _why_not(question, name, other))
            for name, word in DIMENSION_NAMES.items()
        ),
    ]


def _why_not(question: Question, dimension: str, other: str) -> str:
    if dimension == other:
        return _("chosen already")
    if {dimension, other} <= {*STEPS_OF_TIME}:
        return _("not together with %(dimension)s") % {"dimension": in_words([other])}
    known = [kpi for kpi in question.kpis if question.board.can(kpi)]
    lacking = [kpi for kpi in known if not question.board.can(kpi, dimension)]
    if lacking:
        return _("%(kpi)s has none") % {"kpi": ", ".join(str(kpi.name) for kpi in lacking)}
    if other and not all(question.board.can(kpi, dimension, other) for kpi in known):
        return _("not together with %(dimension)s") % {"dimension": in_words([other])}
    return ""


def fields(question: Question) -> list[FilterField]:
    """Comparison and filters; agents where they are few enough to choose from a list."""
    board = question.board
    names = [
        name for name in FILTERS if name != "team" or board.viewer.sees_everything or board.viewer.supervised_team_ids
    ]
    found = [entry for entry in filter_fields(board, names) if entry.name != "agent"]
    agents = _agents(board)
    return [*found, agents] if len(agents.options) > 2 or "agent" in board.filters else found


def _agents(board: Board) -> FilterField:
    """The agents of the chosen team, of a supervisor's teams, or the one that was chosen."""
    agents = Agent.objects.visible_to(board.viewer).order_by("name", "pk")
    team, chosen = board.selection.where.get("team"), board.filters.get("agent")
    if team:
        agents = agents.filter(memberships__team__in=team).distinct()
    elif board.viewer.sees_everything:
        agents = agents.filter(pk=chosen.pk) if chosen else agents.none()
    options = [
        Option(str(pk), name, chosen is not None and pk == chosen.pk) for pk, name in agents.values_list("pk", "name")
    ]
    return FilterField("agent", _("Agent"), [Option("", _("all"), chosen is None), *options])
