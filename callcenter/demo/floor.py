"""The floor: contacts meet agents. One event after another, so that waits, abandonments and states agree.

Contacts wait in order of arrival, per queue. An agent who becomes free takes the contact that has waited
longest in the team's own queues, else one of the queues it helps out in. Customers hang up when their
patience ends; some call again. Whoever was not helped comes back; transfers go on as a second leg.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left

from callcenter.demo.cast import Cast
from callcenter.demo.centre import (
    FORM_REASON,
    FORM_SECONDS,
    FORM_TEAM,
    HARDER,
    QUEUE_CODES,
    QUEUES,
    REASON_CODES,
    TEAM,
    WRITTEN,
)
from callcenter.demo.clock import DAY, day_number
from callcenter.demo.demand import Arrivals
from callcenter.demo.legs import Chance, Legs, Line, open_line
from callcenter.demo.roster import Roster
from callcenter.demo.span import Span

NEVER = 1 << 60
NOT_READY = -1
FREE, ARRIVES = 0, 1

TRANSFERRED = 0.055
SURE_TO_RETURN = 0.96
CALLS_AGAIN = 0.45
ROOM_FOR_RETURNS = 2.0
# Nobody takes a new e-mail or ticket so shortly before the end of a stretch of work.
LAST_WRITTEN = 360
# A break that began late is not shortened to less than this part.
BREAK_KEPT = 0.7
HELPERS_SLOWER = 1.08
# Nobody helps out elsewhere unless so many of the own team stay ready.
KEPT_READY = 1


class Floor:
    """The state of the floor while time passes."""

    def __init__(self, span: Span, cast: Cast, roster: Roster, arrivals: Arrivals, ends_at: list[int]) -> None:
        """``ends_at``: per queue, the instant at which the last day is over."""
        self.cast, self.roster, self.ends_at = cast, roster, ends_at
        self.legs = Legs()
        self.first_day = int(span.days[0])
        self.form_from = day_number(span.new_form_day) * DAY
        self.chance = Chance(span.random(4), int(len(arrivals.at) * ROOM_FOR_RETURNS) + 1000)
        self.pace = cast.pace(span.days).tolist()
        self.unresolved = cast.unresolved(span.days).tolist()
        self.difficulty = [HARDER.get(code, 1.0) for code in REASON_CODES]
        self.lines = [open_line(number, arrivals) for number in range(len(QUEUES))]
        self._staff_lines()
        self._open_stretches()
        self.events: list[tuple[int, int, int]] = []
        self._enqueue_arrivals(arrivals)

    def _staff_lines(self) -> None:
        """Who works in which queue; who is free helps out in the neighbour's."""
        stints = self.cast.stints
        self.agent = [stint.agent for stint in stints]
        self.fills_form = [stint.team == FORM_TEAM for stint in stints]
        self.skills: list[tuple[list[Line], list[Line]]] = []
        for worker, stint in enumerate(stints):
            team = TEAM[stint.team]
            own = [self.lines[QUEUE_CODES.index(code)] for code in team.queues]
            helps = [self.lines[QUEUE_CODES.index(code)] for code in team.helps]
            self.skills.append((own, helps))
            for line in own:
                line.own.append(worker)
            for line in helps:
                line.helpers.append(worker)
        self.reserve = [LAST_WRITTEN if skills[0][0].plan.channel in WRITTEN else 0 for skills in self.skills]

    def _open_stretches(self) -> None:
        """Each worker's stretches of work in order, ready to be walked through."""
        roster, workers = self.roster, len(self.cast.stints)
        self.stretches: list[list[int]] = [[] for _ in range(workers)]
        for number, worker in enumerate(roster.work_stint):
            self.stretches[worker].append(number)
        self.came = [0] * len(roster.work_stint)
        self.left = [0] * len(roster.work_stint)
        self.at = [-1] * workers
        self.ready_since = [NOT_READY] * workers
        self.takes_until = [0] * workers
        self.wakes = [NEVER] * workers

    def _enqueue_arrivals(self, arrivals: Arrivals) -> None:
        for at, queue, reason in zip(
            arrivals.at.tolist(), arrivals.queue.tolist(), arrivals.reason.tolist(), strict=True
        ):
            leg = self.legs.add(offered=at, queue=queue, reason=reason, origin=-1, conversation=-1)
            self.events.append((at, ARRIVES, leg))
        for worker in range(len(self.cast.stints)):
            self._next_stretch(worker, 0)
        heapq.heapify(self.events)

    def run(self) -> Legs:
        """Let time pass until everybody has gone home."""
        events, wakes = self.events, self.wakes
        while events:
            now, kind, number = heapq.heappop(events)
            if kind == ARRIVES:
                self._arrive(number, now)
            elif wakes[number] == now:
                self._become_free(number, now)
        for line in self.lines:
            if line.is_live:
                for leg in line.waiting:
                    self.legs.gave_up[leg] = self._patience_ends(line, leg)
        return self.legs

    def _wake(self, worker: int, at: int) -> None:
        self.wakes[worker] = at
        heapq.heappush(self.events, (at, FREE, worker))

    def _next_stretch(self, worker: int, now: int) -> None:
        """The worker leaves; wakes up at the next stretch, after a break that is not cut too short."""
        self.ready_since[worker] = NOT_READY
        at = self.at[worker] = self.at[worker] + 1
        stretches = self.stretches[worker]
        if at >= len(stretches):
            self.wakes[worker] = NEVER
            return
        roster, number = self.roster, stretches[at]
        starts = roster.work_start[number]
        if at and now:
            before = stretches[at - 1]
            self.left[before] = now
            if roster.work_day[before] == roster.work_day[number]:
                starts = max(starts, now + int(BREAK_KEPT * (starts - roster.work_end[before])))
        self.came[number] = starts
        self.takes_until[worker] = roster.work_end[number] - self.reserve[worker]
        self._wake(worker, starts)

    def _become_free(self, worker: int, now: int) -> None:
        number = self.stretches[worker][self.at[worker]]
        if now >= self.roster.work_end[number]:
            self.left[number] = now
            self._next_stretch(worker, now)
            return
        if now < self.takes_until[worker]:
            leg = self._longest_waiting(worker, now)
            if leg >= 0:
                self._serve(leg, worker, now)
                return
        self.ready_since[worker] = now
        self._wake(worker, self.roster.work_end[number])

    def _longest_waiting(self, worker: int, now: int) -> int:
        """The leg that the worker takes next, out of its queue; -1 where nobody waits."""
        own, helps = self.skills[worker]
        for lines in (own, helps if helps and self._ready(own[0].own, now) >= KEPT_READY else ()):
            found, since = None, NEVER
            for line in lines:
                self._drop_who_gave_up(line, now)
                if line.waiting and self.legs.offered[line.waiting[0]] < since:
                    found, since = line, self.legs.offered[line.waiting[0]]
            if found:
                return found.waiting.popleft()
        return -1

    def _drop_who_gave_up(self, line: Line, now: int) -> None:
        waiting = line.waiting
        while line.is_live and waiting and self._patience_ends(line, waiting[0]) <= now:
            leg = waiting.popleft()
            gave_up = self.legs.gave_up[leg] = self._patience_ends(line, leg)
            if self.chance.fate[leg] < CALLS_AGAIN:
                self._come_back(leg, max(now, gave_up + 60 + int(1800 * self.chance.delay[leg] ** 2)), line.number)

    def _patience_ends(self, line: Line, leg: int) -> int:
        return self.legs.offered[leg] + 1 + int(line.plan.patience * self.chance.patience[leg])

    def _arrive(self, leg: int, now: int) -> None:
        line = self.lines[self.legs.queue[leg]]
        worker = self._longest_ready(line.own, now)
        if worker < 0 and self._ready(line.helpers, now) > KEPT_READY:
            worker = self._longest_ready(line.helpers, now)
        if worker >= 0:
            self._serve(leg, worker, now)
        elif line.is_paced:
            self.legs.is_dropped[leg] = True
        else:
            line.waiting.append(leg)

    def _ready(self, workers: list[int], now: int) -> int:
        """How many of these could take a contact now."""
        ready_since, takes_until = self.ready_since, self.takes_until
        return sum(ready_since[worker] > NOT_READY and now < takes_until[worker] for worker in workers)

    def _longest_ready(self, workers: list[int], now: int) -> int:
        ready_since, takes_until = self.ready_since, self.takes_until
        found, since = -1, NEVER
        for worker in workers:
            if NOT_READY < ready_since[worker] < since and now < takes_until[worker]:
                found, since = worker, ready_since[worker]
        return found

    def _serve(self, leg: int, worker: int, now: int) -> None:
        """The worker handles the leg; what comes of it is decided at its end."""
        legs, chance = self.legs, self.chance
        line, reason, day = self.lines[legs.queue[leg]], legs.reason[leg], self._day(now)
        pace = self.pace[self.agent[worker]][day] * (1 if line in self.skills[worker][0] else HELPERS_SLOWER)
        talk = int(line.talk[reason] * chance.talk[leg] * pace) + 5
        wrap = int(line.plan.wrap * chance.wrap[leg] * pace)
        if self.fills_form[worker] and now >= self.form_from and REASON_CODES[reason] == FORM_REASON:
            wrap += int(FORM_SECONDS * (0.7 + 0.3 * chance.wrap[leg]))
        ring = chance.ring[leg] if line.is_live else 0
        answered = now + ring
        legs.stretch[leg] = self.stretches[worker][self.at[worker]]
        legs.answered[leg], legs.ring[leg] = answered, ring
        legs.conversation_seconds[leg], legs.wrap[leg] = talk, wrap
        self.ready_since[worker] = NOT_READY
        self._wake(worker, answered + talk + wrap)
        if not line.is_paced:
            self._go_on(leg, line, self.unresolved[self.agent[worker]][day] * self.difficulty[reason], answered + talk)

    def _day(self, now: int) -> int:
        return min(max(now // DAY - self.first_day, 0), len(self.pace[0]) - 1)

    def _go_on(self, leg: int, line: Line, unresolved: float, ended: int) -> None:
        """A transfer, a return of a customer who was not helped, or the end of the matter."""
        fate = self.chance.fate[leg]
        if line.transfers_to and fate > 1 - TRANSFERRED:
            self.legs.is_transferred[leg] = True
            self._transfer(leg, line, ended)
        elif fate < unresolved:
            self.legs.is_unresolved[leg] = True
            if self.chance.returns[leg] < SURE_TO_RETURN:
                after = ended + 1800 + int(4 * DAY * self.chance.delay[leg] ** 2)
                self._come_back(leg, after, self._returns_to(leg, line), spread=self.chance.returns[leg])

    def _transfer(self, leg: int, line: Line, ended: int) -> None:
        """A second leg of the same conversation, with a reason of the queue it goes to."""
        target = self.lines[line.transfers_to[int(self.chance.delay[leg] * len(line.transfers_to))]]
        reason = next(code for code in target.talk if code != self.legs.reason[leg])
        second = self.legs.add(
            offered=ended,
            queue=target.number,
            reason=reason,
            origin=self.legs.origin[leg],
            conversation=self.legs.conversation[leg],
        )
        heapq.heappush(self.events, (ended, ARRIVES, second))

    def _returns_to(self, leg: int, line: Line) -> int:
        """Who wrote and was not helped may call the next time, where that queue knows the reason."""
        if self.chance.talk[leg] > 1 and self.legs.reason[leg] in self.lines[line.returns_to].talk:
            return line.returns_to
        return line.number

    def _come_back(self, leg: int, after: int, queue: int, spread: float = 0.0) -> None:
        """The same customer and reason, at a moment at which customers of that queue come.

        ``spread`` is the part of a day by which it may be later: not everybody stands at the opening door.
        """
        line = self.lines[queue]
        place = bisect_left(line.arrivals, after) + int(spread * line.plan.volume)
        if place >= len(line.arrivals):
            return
        at = line.arrivals[place] + 1 + self.chance.ring[leg]
        if at >= self.ends_at[queue]:
            return
        again = self.legs.add(
            offered=at, queue=queue, reason=self.legs.reason[leg], origin=self.legs.origin[leg], conversation=-1
        )
        heapq.heappush(self.events, (at, ARRIVES, again))
