"""When agents work: the shifts as planned, and the stretches in which each was really there to take contacts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from callcenter.demo.cast import Cast, Stint
from callcenter.demo.centre import (
    BRIEFED,
    BRIEFED_TEAM,
    BRIEFING,
    MONDAY_TO_SATURDAY,
    WORKING_TEAMS,
    TeamPlan,
)
from callcenter.demo.clock import DAY, HOUR, Clock, day_number
from callcenter.demo.demand import SATURDAY
from callcenter.demo.span import Span
from interactions.models import AgentState, Shift

MINUTE = 60
SICK = 0.02
WEEKS_OF_LEAVE = 5 / 52
OUTAGE = 0.03
SHORTEST_WORK = 15 * MINUTE

# (activity, seconds after the start of the shift, duration)
FULL_DAY = (
    (Shift.Activity.BREAK, 7200, 900),
    (Shift.Activity.LUNCH, 14_400, 1800),
    (Shift.Activity.BREAK, 23_400, 900),
)
SHORT_DAY = ((Shift.Activity.BREAK, 9000, 900),)
MEETING_WEEKDAY, MEETING_SECONDS = 2, 30 * MINUTE
TRAINING_WEEKDAYS, TRAINING_SECONDS = (1, 3, 4), 60 * MINUTE
STATE_OF = {
    Shift.Activity.BREAK: AgentState.State.BREAK,
    Shift.Activity.LUNCH: AgentState.State.LUNCH,
    Shift.Activity.MEETING: AgentState.State.MEETING,
    Shift.Activity.TRAINING: AgentState.State.TRAINING,
}


@dataclass
class Roster:
    """Columns of the planned pieces of every shift, and of the stretches of real work, in order per stint.

    Instants are UTC. ``absence`` is the state between a stretch and the next of the same day, "" after the last.
    """

    piece_stint: list[int] = field(default_factory=list)
    piece_day: list[int] = field(default_factory=list)
    piece_activity: list[str] = field(default_factory=list)
    piece_start: list[int] = field(default_factory=list)
    piece_end: list[int] = field(default_factory=list)
    work_stint: list[int] = field(default_factory=list)
    work_day: list[int] = field(default_factory=list)
    work_start: list[int] = field(default_factory=list)
    work_end: list[int] = field(default_factory=list)
    absence: list[str] = field(default_factory=list)


Piece = tuple[str, int, int]  # activity, start, end in seconds of the local day


class Planner:
    """Plans every agent's days, team by team."""

    def __init__(self, span: Span, cast: Cast, clocks: dict[str, Clock], holidays: dict[str, frozenset[int]]) -> None:
        self.span, self.cast, self.clocks, self.holidays = span, cast, clocks, holidays
        self.random = span.random(3)
        self.roster = Roster()
        weeks = range(-1, len(span.days) // 7 + 2)
        self.on_leave = {
            (agent, week)
            for agent in range(len(cast.agents))
            for week in weeks
            if self.random.random() < WEEKS_OF_LEAVE
        }

    def plan(self) -> Roster:
        """The whole roster."""
        for team in WORKING_TEAMS:
            stints = [(number, stint) for number, stint in enumerate(self.cast.stints) if stint.team == team.code]
            for day in self.span.days:
                self._plan_day(team, stints, int(day))
        return self.roster

    def _plan_day(self, team: TeamPlan, stints: list[tuple[int, Stint]], day: int) -> None:
        weekday = (day + 3) % 7
        if weekday not in team.weekdays or day in self.holidays[team.site]:
            return
        midnight = int(self.clocks[team.site].utc(np.array([day * DAY]))[0])
        to_brief = BRIEFED if team.code == BRIEFED_TEAM and weekday == 0 else 0
        for place, (number, stint) in enumerate(stints):
            hours = self.cast.agents[stint.agent].hours
            if not is_member(stint, day) or not works_on(team, place, day) or not is_on(hours, weekday):
                continue
            start, length = self._shift(team, stint, place, day)
            if (stint.agent, (day + 3) // 7 - (int(self.span.days[0]) + 3) // 7) in self.on_leave:
                self._add_pieces(number, day, midnight, [(Shift.Activity.LEAVE, start, start + length)])
                continue
            absences = usual_absences(start, length, place, day)
            if to_brief and start <= BRIEFING[0] * HOUR:
                absences = [(Shift.Activity.MEETING, int(BRIEFING[0] * HOUR), int(BRIEFING[1] * HOUR)), *absences]
                to_brief -= 1
            pieces = lay_out(start, start + length, absences)
            self._add_pieces(number, day, midnight, pieces)
            if self.random.random() >= SICK:
                self._add_work(number, day, midnight, pieces)

    def _shift(self, team: TeamPlan, stint: Stint, place: int, day: int) -> tuple[int, int]:
        """Start and length, in seconds: patterns rotate by week, and Saturdays have one of their own."""
        week = (day + 3) // 7
        is_short = self.cast.agents[stint.agent].hours != "full"
        patterns = team.short_shifts if is_short else team.shifts
        start, length = patterns[(place + week) % len(patterns)]
        if (day + 3) % 7 == 5:
            start, length = (SATURDAY[0] + 3 * ((place + week) // 5 % 2), 5) if is_short else (SATURDAY[0] - 0.25, 8.25)
        return int(start * HOUR), int(length * HOUR)

    def _add_pieces(self, stint: int, day: int, midnight: int, pieces: list[Piece]) -> None:
        roster = self.roster
        for activity, start, end in pieces:
            roster.piece_stint.append(stint)
            roster.piece_day.append(day)
            roster.piece_activity.append(str(activity))
            roster.piece_start.append(midnight + start)
            roster.piece_end.append(midnight + end)

    def _add_work(self, stint: int, day: int, midnight: int, pieces: list[Piece]) -> None:
        """What really happens: a little late to log in and back from breaks, now and then a technical outage."""
        roster, random = self.roster, self.random
        stretches = list(self._stretches(pieces))
        for start, end, absence in stretches:
            late = int(min(random.exponential(75), 900))
            roster.work_stint.append(stint)
            roster.work_day.append(day)
            roster.work_start.append(midnight + min(start + late, end - MINUTE))
            roster.work_end.append(midnight + end)
            roster.absence.append(absence)

    def _stretches(self, pieces: list[Piece]) -> Iterator[tuple[int, int, str]]:
        """Stretches of work with the state that follows each."""
        followers = [*pieces[1:], None]
        for (activity, start, end), follower in zip(pieces, followers, strict=True):
            if activity != Shift.Activity.WORK:
                continue
            absence = str(STATE_OF[Shift.Activity(follower[0])]) if follower else ""
            if self.random.random() < OUTAGE / 4 and end - start > HOUR:
                middle = int(start + (end - start) * self.random.uniform(0.3, 0.6))
                yield start, middle, str(AgentState.State.OFFLINE)
                start = middle + int(self.random.uniform(4, 15) * MINUTE)
            yield start, end, absence


def is_member(stint: Stint, day: int) -> bool:
    """Whether the stint covers a day (since 1970)."""
    return day_number(stint.starts_on) <= day and (stint.ends_on is None or day < day_number(stint.ends_on))


def works_on(team: TeamPlan, place: int, day: int) -> bool:
    """Five days a week: who works on Saturday has a day off from Tuesday to Friday."""
    weekday, week = (day + 3) % 7, (day + 3) // 7
    if team.weekdays != MONDAY_TO_SATURDAY:
        return True
    works_saturday = (place + week) % 5 < 2
    if weekday == 5:
        return works_saturday
    return not (works_saturday and weekday == 1 + (place + week) % 4)


def is_on(hours: str, weekday: int) -> bool:
    """Who works few hours comes on Tuesdays and Thursdays only."""
    return hours != "few" or weekday in (1, 3)


def usual_absences(start: int, length: int, place: int, day: int) -> list[Piece]:
    """Breaks and lunch, staggered by place in the team, and the week's meeting or training."""
    stagger = place % 4 * 15 * MINUTE
    pattern = FULL_DAY if length > 6 * HOUR else SHORT_DAY
    found: list[Piece] = [
        (activity, start + after + stagger, start + after + stagger + seconds) for activity, after, seconds in pattern
    ]
    weekday, week = (day + 3) % 7, (day + 3) // 7
    if weekday == MEETING_WEEKDAY:
        at = 14 * HOUR + place % 4 * 30 * MINUTE
        found.append((Shift.Activity.MEETING, at, at + MEETING_SECONDS))
    elif weekday == TRAINING_WEEKDAYS[place % 3] and (place // 3 + week) % 3 == 0:
        at = start + stagger + (160 if length > 6 * HOUR else 60) * MINUTE
        found.append((Shift.Activity.TRAINING, at, at + TRAINING_SECONDS))
    return found


def lay_out(start: int, end: int, absences: list[Piece]) -> list[Piece]:
    """Work from start to end with absences; the first named go first, and a quarter of an hour of work lies between."""
    kept: list[Piece] = []
    for activity, begins, ends in absences:
        is_within = start + SHORTEST_WORK <= begins and ends + SHORTEST_WORK <= end
        if is_within and all(ends + SHORTEST_WORK <= one[1] or begins >= one[2] + SHORTEST_WORK for one in kept):
            kept.append((activity, begins, ends))
    pieces: list[Piece] = []
    at = start
    for activity, begins, ends in sorted(kept, key=lambda piece: piece[1]):
        pieces += [(Shift.Activity.WORK, at, begins), (activity, begins, ends)]
        at = ends
    return [*pieces, (Shift.Activity.WORK, at, end)]


def plan_roster(span: Span, cast: Cast, clocks: dict[str, Clock], holidays: dict[str, frozenset[int]]) -> Roster:
    """Every shift, and every stretch of work, of the whole span."""
    return Planner(span, cast, clocks, holidays).plan()
