"""What a few words find, for one viewer: each kind of thing with its own way of being named.

All of the words must be found, in any order, in the names of a thing. People and queues are looked up in the
database, which reads 10,000 agents from the first to the last in less time than an index of word parts would be
worth (`tests/callcenter/test_search.py`); no more rows than are shown ever leave it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain, islice
from operator import or_
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from callcenter.navigation import account_menu, carried, sections
from kpis.definitions import KPIS
from kpis.kpi import Kpi
from people.models import Agent, Queue, Team, User

MOST_OF_A_KIND = 8
# Words of a KPI's key that its abbreviation leaves out: average_speed_of_answer is ASA.
SILENT = {"of", "the", "to", "and", "per", "on"}


# How well a name fits: it begins so (or is the abbreviation), one of its words does, or it is somewhere in it.
BEGINS, WORD_BEGINS, HOLDS = range(3)


@dataclass(frozen=True)
class Hit:
    """One thing that was found; ``note`` tells it from others of its name, ``place`` is how well it fits."""

    name: str
    url: str
    note: str
    place: int


@dataclass(frozen=True)
class Group:
    """What was found of one kind, the best first; ``has_more`` where more would fit the words."""

    key: str
    title: str
    icon: str
    hits: list[Hit]
    has_more: bool


def search(words: Sequence[str], *, viewer: User, asked: QueryDict) -> list[Group]:
    """The kinds of which something was found, the one with the best hit first.

    ``asked`` is the selection that the links carry along.
    """
    if not words:
        return []
    kinds = (
        ("people", _("People"), "headset", _agents(words, viewer)),
        ("teams", _("Teams"), "users", _teams(words, viewer)),
        ("queues", _("Queues"), "list", _queues(words, viewer)),
        ("kpis", _("KPIs"), "chart-line", _kpis(words)),
        ("pages", _("Pages"), "file-text", _pages(words, viewer)),
    )
    groups = (_group(key, title, icon, found, asked) for key, title, icon, found in kinds)
    return sorted((group for group in groups if group.hits), key=lambda group: group.hits[0].place)


def _group(key: str, title: str, icon: str, found: Iterable[Hit], asked: QueryDict) -> Group:
    hits = [replace(hit, url=carried(hit.url, asked)) for hit in islice(found, MOST_OF_A_KIND + 1)]
    return Group(key, title, icon, hits[:MOST_OF_A_KIND], len(hits) > MOST_OF_A_KIND)


def _agents(words: Sequence[str], viewer: User) -> Iterator[Hit]:
    agents = Agent.objects.visible_to(viewer)
    for agent in _best(agents, words, "name", "employee_number"):
        yield Hit(agent.name, reverse("kpis:agent_detail", args=[agent.pk]), agent.employee_number, agent.place)


def _teams(words: Sequence[str], viewer: User) -> Iterator[Hit]:
    teams = Team.objects.visible_to(viewer).without_tree_fields().select_related("site")
    for team in _best(teams, words, "name", "code"):
        yield Hit(team.name, reverse("kpis:team_detail", args=[team.pk]), team.site.name, team.place)


def _queues(words: Sequence[str], viewer: User) -> Iterator[Hit]:
    for queue in _best(Queue.objects.visible_to(viewer), words, "name", "code"):
        address = reverse("kpis:queue_detail", args=[queue.pk])
        yield Hit(queue.name, address, queue.get_channel_display(), queue.place)


def _best(rows: QuerySet, words: Sequence[str], *fields: str) -> QuerySet[Any]:
    """The rows that have every word in one of the fields, those that fit best first, each with its ``place``."""
    for word in words:
        rows = rows.filter(_any_of(fields, "icontains", word))
    place = Case(
        When(_any_of(fields, "istartswith", words[0]), then=Value(BEGINS)),
        When(_any_of(fields, "icontains", f" {words[0]}"), then=Value(WORD_BEGINS)),
        default=Value(HOLDS),
    )
    return rows.annotate(place=place).order_by("place", fields[0], "pk")[: MOST_OF_A_KIND + 1]


def _any_of(fields: Iterable[str], lookup: str, text: str) -> Q:
    return reduce(or_, (Q(**{f"{field}__{lookup}": text}) for field in fields))


def _kpis(words: Sequence[str]) -> Iterator[Hit]:
    typed = [word.casefold() for word in words]
    found = [entry for entry in KPIS.values() if all(_is_named(entry, word) for word in typed)]
    hits = [
        Hit(
            str(entry.name),
            reverse("kpis:kpi_detail", args=[entry.key]),
            str(entry.group),
            BEGINS if typed[0] in (abbreviation(entry), entry.key) else _place(str(entry.name), typed[0]),
        )
        for entry in found
    ]
    yield from sorted(hits, key=lambda hit: hit.place)


def _is_named(entry: Kpi, word: str) -> bool:
    return word in str(entry.name).casefold() or word in entry.key or word == abbreviation(entry)


def abbreviation(entry: Kpi) -> str:
    """What people call a KPI for short: AHT, FCR, ASA, from the words of its key."""
    return "".join(word[0] for word in entry.key.split("_") if word not in SILENT)


def _pages(words: Sequence[str], viewer: User) -> Iterator[Hit]:
    typed = [word.casefold() for word in words]
    listed = ((entry, section.title) for section in sections(viewer, "", QueryDict()) for entry in section.entries)
    own = ((entry, _("Account")) for entry in account_menu(viewer))
    hits = [
        Hit(entry.label, entry.url, place, _place(entry.label, typed[0]))
        for entry, place in chain(listed, own)
        if all(word in entry.label.casefold() for word in typed)
    ]
    yield from sorted(hits, key=lambda hit: hit.place)


def _place(name: str, word: str) -> int:
    """How well a name fits a word in small letters."""
    folded = name.casefold()
    if folded.startswith(word):
        return BEGINS
    return WORD_BEGINS if f" {word}" in folded else HOLDS
