"""How a fact's SQL is described, and the pieces of SQL that several facts share."""

from __future__ import annotations

from dataclasses import dataclass, field

from interactions.definitions import Text


@dataclass(frozen=True)
class Rule:
    """What no row may be: an SQL condition, the column to mend and the sentence that says so."""

    broken: str
    column: str
    sentence: Text


@dataclass(frozen=True)
class FactSql:
    """How one fact is derived, checked and stored.

    ``stages`` compute names one after another; ``checked`` are the columns that the checked rows keep.
    ``stored`` maps columns of the table to SQL over ``x`` (the row of ``rows``) and ``m`` (the membership).
    ``touched`` are SQL expressions over the old and the new row, from which the changed days follow; a
    column in ``silent`` is written with the others but is alone no change; ``at_first`` is written to new rows only.
    ``anew`` is what columns of a row known before (``t``) become, where that is not what is written to a new row.
    """

    table: str
    stages: tuple[dict[str, str], ...]
    rules: tuple[Rule, ...]
    checked: dict[str, str]
    rows: str
    stored: dict[str, str]
    touched: tuple[str, ...]
    joins: str = ""
    touched_joins: str = ""
    silent: frozenset[str] = field(default_factory=frozenset)
    at_first: dict[str, str] = field(default_factory=dict)
    anew: dict[str, str] = field(default_factory=dict)


def slot(local: str) -> str:
    """The half-hour of the day (0–47) of a local time."""
    return f"(date_part('hour', {local}) * 2 + floor(date_part('minute', {local}) / 30))::smallint"


def span(amount: str) -> str:
    return f"make_interval(secs => {amount})"


def gap(start: str, end: str) -> str:
    return f"EXTRACT(epoch FROM {end} - {start})"


def membership(agent: str, day: str) -> str:
    """The membership of the time."""
    return (
        f"LEFT JOIN people_membership m ON m.agent_id = {agent} AND m.starts_on <= {day} "
        f"AND (m.ends_on IS NULL OR m.ends_on > {day})"
    )


def earlier(moment: str, *, than: str) -> str:
    """A moment, one hour earlier where its clock shows an hour that comes twice and it would lie after another.

    At the end of summer time PostgreSQL takes the second of the two hours.
    """
    return (
        f"CASE WHEN {than} < {moment} AND ({moment} - interval '1 hour')::timestamp = {moment}::timestamp "
        f"THEN {moment} - interval '1 hour' ELSE {moment} END"
    )
