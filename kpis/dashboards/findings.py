"""What needs the reader: few sentences, the gravest first, each with its evidence, its days, and where to look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interactions.text import format_number
from kpis.dashboards import tiles
from kpis.dashboards.absence import absence
from kpis.dashboards.board import Board
from kpis.dashboards.changes import news_of, news_title, news_within
from kpis.dashboards.hot_spot import HotSpot, hot_spot
from kpis.dashboards.labels import PAGES, Labels
from kpis.dashboards.people import Differing, differing
from kpis.dashboards.signals import sentence, side_of
from kpis.dashboards.usual import Usual, usual
from kpis.definitions import KPIS
from kpis.kpi import Kpi
from kpis.lasting.models import LastingChange
from kpis.lasting.watched import OF_PEOPLE, WATCHED
from kpis.measure import Reading
from kpis.period import Period
from kpis.statistics import Band
from kpis.targets import Goal
from kpis.text import format_between, format_period, format_sample, format_step, format_target, format_value
from kpis.verdict import ICONS, verdict
from people.models import Queue

MOST = 6


@dataclass(frozen=True)
class Finding:
    """One thing to look at: ``tone`` is bad, warn or good and repeats the icon in colour."""

    tone: str
    title: str
    text: str
    url: str

    @property
    def icon(self) -> str:
        """The icon of the tone."""
        return ICONS[self.tone]


def findings(board: Board, *, off_target: Sequence[Finding] | None = None) -> list[Finding]:
    """At most six: what changed for good, lost hours, who differs beyond chance, what is unusual or off target.

    ``off_target`` are the missed targets of what stands beside it where that shows other days than the board.
    """
    missed = list(off_target) if off_target is not None else missed_targets(board, board.now.values())
    found = [*changed(board), *_hours(board), *_people(board), *_unusual(board), *missed]
    order = list(ICONS)
    return _most(sorted(found, key=lambda finding: order.index(finding.tone)))


def _most(ranked: Sequence[Finding]) -> list[Finding]:
    """The first six; the last place is kept for what is good, if anything is: it is said seldom enough."""
    good = next((finding for finding in ranked[MOST:] if finding.tone == "good"), None)
    if good and ranked[MOST - 1].tone != "good":
        return [*ranked[: MOST - 1], good]
    return list(ranked[:MOST])


def missed_targets(board: Board, readings: Iterable[Reading], period: Period | None = None) -> list[Finding]:
    """The targets that are missed; of a course that changed for the worse that is said with the change."""
    lasting = [change for change in _own_news(board) if change.lately is None]
    told = {change.kpi for change in lasting if KPIS[change.kpi].is_gain(change.side) is False}
    found = [reading for reading in readings if reading.kpi.key not in told]
    return [made for reading in found if (made := _missed(board, reading, period or board.selection.period))]


def _missed(board: Board, reading: Reading, period: Period) -> Finding | None:
    kpi, target = reading.kpi, board.targets.get(reading.kpi.key)
    judged = verdict(reading, target)
    if judged is None or target is None or judged.tone != "bad":
        return None
    title = _("%(kpi)s is %(verdict)s") % {"kpi": kpi.name, "verdict": judged.word}
    parts = [format_value(kpi, reading.value, beside=target.value), _target(kpi, target.value, reading.value)]
    moved = tiles.change(reading, board.before.get(kpi.key)) if period == board.selection.period else None
    if moved:
        parts.append(_("%(change)s against the comparison") % {"change": moved.text})
    return Finding("bad", title, _joined(*parts, format_period(period)), _story(board, kpi.key, period))


def changed(board: Board) -> Iterator[Finding]:
    """What changed for good: the whole, or the teams that are behind it; then what single agents did."""
    within = sorted(news_within(board), key=lambda row: WATCHED.index(row.kpi))
    for row in (*_own_news(board), *(row for row in within if row.agent_id is None)):
        yield _change(board, row)
    of_people: dict[int, list[LastingChange]] = {}
    for row in within:
        if row.agent_id is not None:
            of_people.setdefault(row.agent_id, []).append(row)
    for first, *others in of_people.values():
        yield _change(board, first, others)


def _own_news(board: Board) -> list[LastingChange]:
    """What the whole changed by itself: where some of its teams did, they are named in its place."""
    of_teams = {(row.kpi, row.side) for row in news_within(board) if row.agent_id is None}
    return [row for row in news_of(board).values() if (row.kpi, row.side) not in of_teams]


def _change(board: Board, change: LastingChange, others: Sequence[LastingChange] = ()) -> Finding:
    kpi, is_own = KPIS[change.kpi], change in _own_news(board)
    target = board.targets.get(kpi.key) if is_own else None
    days = format_period(Period(change.started_on or change.since, change.until))
    parts = [_("%(period)s: %(sample)s") % {"period": days, "sample": format_sample(kpi, change.n)}]
    if change.lately is not None:
        parts = [_("%(now)s instead of %(before)s") % _now_and_before(change), *parts]
        parts.append(_("last 7 days %(value)s") % {"value": format_value(kpi, change.lately)})
    if target:
        parts.append(_target(kpi, target.value))
    whole = news_of(board).get(kpi.key)
    if whole and whole.side == change.side and not is_own:
        parts.append(_("all together %(now)s instead of %(before)s") % _now_and_before(whole))
    parts += [_extra_hours(change), _("the whole team changed alike") if change.is_shared else ""]
    parts += [
        _("%(kpi)s %(now)s instead of %(before)s") % {"kpi": KPIS[other.kpi].name, **_now_and_before(other)}
        for other in others
    ]
    tone = _tone(kpi, change.side) if change.lately is None else "warn"
    return Finding(tone, news_title(change), _joined(*parts), _since(board, change))


def _now_and_before(change: LastingChange) -> dict[str, str]:
    kpi = KPIS[change.kpi]
    return {"now": format_value(kpi, change.after), "before": format_value(kpi, change.before)}


def _extra_hours(change: LastingChange) -> str:
    """What a longer handle time of a team costs in a week."""
    hours = round((change.after - change.before) * change.n / change.weeks / 3_600)
    if change.kpi != "average_handle_time" or change.agent_id or change.lately is not None or hours <= 0:
        return ""
    words = ngettext("about %(hours)s hour of work more a week", "about %(hours)s hours of work more a week", hours)
    return words % {"hours": format_number(hours)}


def _unusual(board: Board) -> Iterator[Finding]:
    """Courses whose latest steps left what is usual and have not settled on another level."""
    settled = news_of(board)
    for key, course in usual(board, [KPIS[key] for key in WATCHED]).items():
        if key not in settled and (side := side_of(course)):
            target = board.targets.get(key)
            tone = _tone(course.kpi, side, is_missed=_misses(course.kpi, _latest(course, side)[1], target))
            text = _joined(_beyond(board, course, side), _target(course.kpi, target.value) if target else "")
            yield Finding(tone, sentence(course, board.selection.step), text, _story(board, key))


def _beyond(board: Board, course: Usual, side: int) -> str:
    """The latest step beyond, its value, and what would have been usual."""
    start, value, band = _latest(course, side)
    words = {"when": format_step(board.selection.step, start), "value": format_value(course.kpi, value)}
    usually = _("usually %(range)s") % {"range": format_between(course.kpi, (band.low, band.high))}
    return _joined(_("%(when)s: %(value)s") % words, usually)


def _latest(course: Usual, side: int) -> tuple[dt.date, float, Band]:
    start = max(start for start, beyond in course.beyond.items() if beyond == side)
    band = course.bands[course.starts.index(start)]
    assert band  # what lies beyond its limits has some
    return start, course.course[start].value or 0.0, band


def _misses(kpi: Kpi, value: float, target: Goal | None) -> bool:
    return target is not None and kpi.is_met(value, target.value) is False


def _tone(kpi: Kpi, side: float, *, is_missed: bool = False) -> str:
    is_good = kpi.is_gain(side)
    if is_good is False:
        return "bad"
    return "warn" if is_good is None or is_missed else "good"


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _target(kpi: Kpi, target: float, beside: float | None = None) -> str:
    return _("target %(target)s") % {"target": format_target(kpi, target, beside=beside)}


def _story(board: Board, key: str, period: Period | None = None) -> str:
    days = period or board.selection.period
    query = board.selection.query_with(**{"from": days.start, "to": days.end})
    return f"{reverse('kpis:kpi_detail', args=[key])}?{query}"


def _since(board: Board, change: LastingChange) -> str:
    """The KPI's page, or the agent's, over the weeks that the change tells of: compared with as many before it."""
    days = {"from": change.started_on or change.since, "to": change.until, "compare": "before"}
    if change.agent_id and "agent" not in board.filters:
        query = board.selection.query_with(**days, team=None, kpi=change.kpi)
        return f"{reverse('kpis:agent_detail', args=[change.agent_id])}?{query}"
    if change.team_id and not (change.agent_id or change.queue_id):
        days["team"] = change.team_id
    query = board.selection.query_with(**days)
    return f"{reverse('kpis:kpi_detail', args=[change.kpi])}?{query}"


def _hours(board: Board) -> Iterator[Finding]:
    """The hours of the week in which the service level is lost, by the queue that loses it, and who was away then."""
    kpi, target = KPIS["service_level"], board.targets.get("service_level")
    if target is None or (spot := hot_spot(board, kpi, target.value)) is None:
        return
    title, url = _("%(when)s: service level %(value)s"), _page(board)
    if queue := _queue_behind(board, kpi, spot, target.value):
        found = hot_spot(board, kpi, board.every_target.of(queue=queue.pk)["service_level"].value, queue=queue)
        if found:
            spot, title = found, _("%(queue)s, %(when)s: service level %(value)s")
            url = f"{reverse('kpis:queue_detail', args=[queue.pk])}?{board.selection.query_with(team=None)}"
    words = {"queue": queue, "when": spot.when, "value": format_value(kpi, spot.value)}
    away = absence(board, spot)
    text = _joined(
        _target(kpi, spot.target),
        format_sample(kpi, spot.n),
        _("over the whole week %(whole)s") % {"whole": format_value(kpi, spot.whole)},
        format_period(board.selection.period),
        away.words if away else "",
    )
    yield Finding("bad", title % words, text, f"{url}&kpi={kpi.key}#part-heatmap")


def _queue_behind(board: Board, kpi: Kpi, spot: HotSpot, target: float) -> Queue | None:
    """The queue that loses most on that weekday, where it has a page and is not the one the board is about."""
    if "queue" in board.filters:
        return None
    readings = board.read([kpi], "queue", only={"weekday": [spot.weekday]})
    lost = {reading.at["queue"]: (target - (reading.value or 0.0)) * reading.n for reading in readings}
    worst = max(lost, key=lambda queue: lost[queue], default=None)
    if worst is None or lost[worst] <= sum(max(0.0, one) for one in lost.values()) / 2:
        return None
    return Queue.objects.visible_to(board.viewer).select_related("owner_team", "site").filter(pk=worst).first()


def _page(board: Board) -> str:
    """The page of what the board is about."""
    filters = board.filters
    for name, page in PAGES.items():
        if name in filters:
            return f"{reverse(page, args=[filters[name].pk])}?{board.selection.query_with(**{name: None})}"
    return f"{reverse('kpis:centre')}?{board.selection.query}"


def _people(board: Board) -> Iterator[Finding]:
    """Which agents of a team differ beyond chance."""
    if "agent" in board.filters:
        return
    found = [made for key in OF_PEOPLE if (made := differing(board, KPIS[key]))]
    labels = Labels(board.viewer, board.selection, [reading for made in found for reading in made.outside])
    for made in found:
        for reading in made.outside:
            yield _person(made, reading, labels)


def _person(made: Differing, reading: Reading, labels: Labels) -> Finding:
    kpi, value = made.kpi, reading.value or 0.0
    title = _("%(name)s: %(kpi)s %(value)s, beyond chance") % {
        "name": labels.of(reading),
        "kpi": kpi.name,
        "value": format_value(kpi, value),
    }
    text = _("%(sample)s · %(interval)s · all together %(whole)s · %(period)s") % {
        "sample": format_sample(kpi, reading.n),
        "interval": format_between(kpi, reading.interval),
        "whole": format_value(kpi, made.shape.value),
        "period": format_period(labels.selection.period),
    }
    return Finding(_tone(kpi, value - made.shape.value), title, text, labels.url("agent", reading.at["agent"]))
