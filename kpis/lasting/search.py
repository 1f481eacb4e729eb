"""Looks for lasting changes of every watched KPI: in the centre, each team and queue, and each agent's work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from kpis.definitions import KPIS
from kpis.horizon import horizon
from kpis.kpi import Kpi
from kpis.lasting.models import LastingChange
from kpis.lasting.watched import OF_PEOPLE, WATCHED, scale_of
from kpis.measure import Reading, can_measure, measure
from kpis.period import Period, start_of
from kpis.reading import together
from kpis.statistics import Change, Point, lasting_change
from kpis.text import format_value
from people.models import Agent, Queue, Role, Team, User

LOCK = 7_304  # advisory lock: one search writes its finds at a time
WEEKS = 52
# A week of fewer contacts, answers or tickets is no point of a course.
FEWEST = 10
# Whose last week with a point lies further back is not at work any more.
SILENT_WEEKS = 4
# What somebody new reached in so many first and last weeks says how far they have come.
NEW_WEEKS = 4
# An agent whose level changed within so many weeks of their team's changed with it.
TOGETHER_WEEKS = 4
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)


@dataclass(frozen=True)
class _Place:
    """Where a course was measured: the row's keys, and the first day of somebody new."""

    keys: Mapping[str, int | None]
    started_on: dt.date | None = None


def look_for_changes(sign_of_life: Callable[[], None]) -> None:
    """Write the changes anew, from the 52 whole weeks up to the last one that the facts reach.

    ``sign_of_life`` is called for each team, for a large centre is searched for minutes.
    """
    reach = horizon()
    if reach is None:
        return
    end = start_of("week", reach + DAY) - DAY
    period = Period(end - WEEKS * WEEK + DAY, end)
    # Reads as the product itself: nobody signs in as this user, who is never saved.
    system = User(roles=[Role.DIRECTOR])
    found = list(_all_changes(system, period, sign_of_life))
    _mark_those_over(found, system, Period(reach - WEEK + DAY, reach))
    with transaction.atomic():
        _lock()
        LastingChange.objects.all().delete()
        LastingChange.objects.bulk_create(found)


def _lock() -> None:
    """Two searches at once would each add their rows beside the other's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _all_changes(system: User, period: Period, sign_of_life: Callable[[], None]) -> Iterator[LastingChange]:
    yield from _changes(_courses(WATCHED, system, period), {(): _Place({})}, period)
    for team in Team.objects.all():
        sign_of_life()
        under = team.branch_ids()
        courses = _courses(WATCHED, system, period, where={"team": under})
        of_team = list(_changes(courses, {(): _Place({"team_id": team.pk})}, period))
        yield from of_team
        for change in _of_people(team, system, period):
            change.is_shared = any(_is_alike(change, other) for other in of_team)
            yield change
    queues = {
        (queue.pk,): _Place({"queue_id": queue.pk, "team_id": queue.owner_team_id}) for queue in Queue.objects.all()
    }
    courses = _courses(WATCHED, system, period, by=("queue",))
    for at, place in queues.items():
        own = {key: course for key, course in courses.items() if key[0] == at}
        yield from _changes(own, {at: place}, period)


def _of_people(team: Team, system: User, period: Period) -> Iterator[LastingChange]:
    """The agents of one team, by what they did in it."""
    courses = _courses(OF_PEOPLE, system, period, by=("agent",), where={"team": [team.pk]})
    agents = Agent.objects.in_bulk({at[0] for at, _kpi in courses if at[0]})
    places = {
        (pk,): _Place({"team_id": team.pk, "agent_id": pk}, agent.hired_on)
        for pk, agent in agents.items()
        if agent.left_on is None or agent.left_on > period.end
    }
    yield from _changes(courses, places, period)


def _is_alike(change: LastingChange, other: LastingChange) -> bool:
    same = (change.kpi, change.side) == (other.kpi, other.side)
    return same and abs(change.since - other.since) <= TOGETHER_WEEKS * WEEK


Courses = Mapping[tuple[tuple[Any, ...], Kpi], Sequence[Reading]]


def _courses(
    keys: Iterable[str],
    system: User,
    period: Period,
    *,
    by: tuple[str, ...] = (),
    where: Mapping[str, Collection[int]] | None = None,
) -> Courses:
    """(place, KPI) → its weeks in order: those that have enough to be a point, of what is still at work."""
    kpis = [KPIS[key] for key in keys if can_measure(KPIS[key], {"week", *by, *(where or {})})]
    found: dict[tuple[tuple[Any, ...], Kpi], list[Reading]] = {}
    for reading in measure(kpis, viewer=system, period=period, by=(*by, "week"), where=where):
        if reading.value is not None and reading.n >= FEWEST and _is_of_its_scale(reading):
            found.setdefault((tuple(reading.at[name] for name in by), reading.kpi), []).append(reading)
    latest = period.end - SILENT_WEEKS * WEEK
    return {key: course for key, course in found.items() if course[-1].at["week"] > latest}


def _is_of_its_scale(reading: Reading) -> bool:
    """A time of nothing has no logarithm."""
    return reading.kpi.unit.value != "seconds" or bool(reading.value)


def _changes(courses: Courses, places: Mapping[Any, _Place], period: Period) -> Iterator[LastingChange]:
    """The change of each course, if it has one; the more courses, the clearer it has to be."""
    judged = {key: course for key, course in courses.items() if key[0] in places}
    for (at, kpi), course in judged.items():
        scale = scale_of(kpi)
        assert scale  # only what varies from point to point is watched
        points = [Point(reading.value or 0.0, reading.n) for reading in course]
        change = lasting_change(points, scale, looks=len(judged))
        if change and (row := _row(kpi, places[at], period, course, change)):
            yield row


def _row(kpi: Kpi, place: _Place, period: Period, course: Sequence[Reading], change: Change) -> LastingChange | None:
    row = LastingChange(
        **place.keys,
        kpi=kpi.key,
        level_from=course[change.before].at["week"],
        since=course[change.since].at["week"],
        until=period.end,
        side=change.side,
        before=_level(kpi, course[change.before : change.since]),
        after=_level(kpi, course[change.since :]),
        n=sum(reading.n for reading in course[change.since :]),
    )
    if place.started_on and abs(place.started_on - course[0].at["week"]) < WEEK:
        return _of_somebody_new(row, kpi, place.started_on, course)
    return row


def _of_somebody_new(
    row: LastingChange, kpi: Kpi, started_on: dt.date, course: Sequence[Reading]
) -> LastingChange | None:
    """Who is new has no level before: how far they came from their first weeks to their last ones; None if nowhere."""
    row.started_on = started_on
    row.before, row.after = _level(kpi, course[:NEW_WEEKS]), _level(kpi, course[-NEW_WEEKS:])
    row.n = sum(reading.n for reading in course)
    # Their course may have turned on the way: its last change tells nothing of the whole.
    row.side = 1 if row.after > row.before else -1
    return row if format_value(kpi, row.before) != format_value(kpi, row.after) else None


def _level(kpi: Kpi, weeks: Sequence[Reading]) -> float:
    """The value of weeks as one; each of them has some."""
    return together(kpi, weeks) or 0.0


def _mark_those_over(changes: Sequence[LastingChange], system: User, last_days: Period) -> None:
    """Of changes whose last seven days are back at the level before, or beyond it, keep the value of these days.

    Back is what lies nearer to the former level than to the new one; a sample too small to judge decides nothing.
    """
    for change in changes:
        if change.started_on or not change.is_news:
            continue
        (reading,) = measure([KPIS[change.kpi]], viewer=system, period=last_days, where=_where(change))
        if reading.value is not None and not reading.is_small:
            middle = (change.before + change.after) / 2
            if (reading.value - middle) * change.side < 0:
                change.lately = reading.value


def _where(change: LastingChange) -> dict[str, Collection[int]]:
    """The work that a change was found in."""
    if change.queue_id:
        return {"queue": [change.queue_id]}
    if change.agent_id:
        return {"agent": [change.agent_id], "team": [change.team_id] if change.team_id else []}
    return {"team": change.team.branch_ids()} if change.team else {}
