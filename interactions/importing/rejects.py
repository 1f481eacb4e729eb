"""The rows that were not taken: written in SQL, each with everything that is wrong with it.

A customer's number is replaced by its masked hash, so that a row can be mended and sent again without it; what
could hold a number that nobody named is not kept at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from interactions.customer import HASH_SQL, MASK_SQL, NORMAL_SQL
from interactions.definitions import Column, Kind
from interactions.importing.checks import unknown_sentence
from interactions.importing.expressions import literal
from interactions.importing.plan import REFUSED, SET_ASIDE, Plan
from interactions.models import Import, RejectedRow

SHOWN_CHARACTERS = 200


def keep_rejects(plan: Plan, job: Import, cursor: CursorWrapper) -> None:
    """Write a RejectedRow for every row that is broken or set aside."""
    cursor.execute(
        "CREATE TEMP TABLE import_left_out ON COMMIT DROP AS SELECT raw_at, problem, external_id AS its_id "
        f"FROM import_checked WHERE problem > 0 OR problem <= {SET_ASIDE}"
    )
    problems = list(_problems(plan))
    cursor.execute(
        f"""INSERT INTO {RejectedRow._meta.db_table} (of_id, kind, line, "column", value, reason, row)
            SELECT {job.pk}, CASE WHEN problem > 0 THEN 'rejected' ELSE 'set_aside' END, s.line,
                   {_first(problems, 1)}, left(COALESCE({_first(problems, 2)}, ''), {SHOWN_CHARACTERS}),
                   {_all(problems)}, {_whole_row(plan)}
              FROM ({plan.stages("ctid IN (SELECT raw_at FROM import_left_out)")}) AS s
              JOIN import_left_out o ON o.raw_at = s.raw_at
              LEFT JOIN import_repeats d ON problem = {plan.duplicate_bit} AND d.external_id = o.its_id
             ORDER BY s.raw_at"""
    )


Problem = tuple[str, str, str, str]  # condition, column of the file, value and sentence, all SQL


def _problems(plan: Plan) -> Iterator[Problem]:
    """Everything that can be wrong with a row, in the order in which it is told."""
    yield f"problem = {REFUSED}", "''", "''", "refusal"
    for column in plan.columns:
        yield (
            f"problem > 0 AND problem & {plan.bit(column)} <> 0",
            literal(" + ".join(plan.fields[column.name].columns) or column.name),
            "''" if column.kind is Kind.CUSTOMER else f"t_{column.name}",
            _sentence(plan, column),
        )
    for position, rule in enumerate(plan.sql.rules):
        t = f"t_{rule.column}"
        yield (
            f"problem > 0 AND problem & {plan.rule_bit(position)} <> 0",
            literal(_file_column(plan, rule.column)),
            t,
            literal(str(rule.sentence)),
        )
    first = _("Line {value} has the same external id but says something else. Keep one of the two.")
    yield (
        f"problem = {plan.duplicate_bit}",
        literal(_file_column(plan, "external_id")),
        "o.its_id",
        f"replace({literal(first)}, '{{value}}', d.first_line::text)",
    )
    yield f"problem = {SET_ASIDE}", "''", "''", "refusal"
    for position, aside in enumerate(plan.mapping.set_aside):
        yield (
            f"problem = {SET_ASIDE - 1 - position}",
            literal(aside.column),
            "''" if aside.column in plan.customer_columns else plan.cell(aside.column),
            literal(aside.reason),
        )


def _file_column(plan: Plan, name: str) -> str:
    field = plan.fields.get(name)
    return " + ".join(field.columns) if field and field.columns else name


def _first(problems: list[Problem], part: int) -> str:
    """The column or the value of the first problem that holds."""
    return f"CASE {' '.join(f'WHEN {problem[0]} THEN {problem[part]}' for problem in problems)} END"


def _all(problems: list[Problem]) -> str:
    sentences = ", ".join(f"CASE WHEN {problem[0]} THEN {problem[3]} END" for problem in problems)
    return f"concat_ws(' ', {sentences})"


def _whole_row(plan: Plan) -> str:
    """The row as it came, by column: customers masked, and blank where the mapping has no use for the column.

    What has no use may be a customer's number too. Of a row that could not be split its name is kept.
    """
    cells = ", ".join(f"COALESCE({_kept_cell(plan, name)}, '')" for name in plan.file_columns)
    name = "CASE WHEN name = '' THEN '[]' ELSE jsonb_build_array(name) END"
    return f"CASE WHEN refusal IS NULL THEN jsonb_build_array({cells}) ELSE {name} END"


def _kept_cell(plan: Plan, name: str) -> str:
    raw, cell = f"c{plan.file_columns.index(name)}", plan.cell(name)
    if name not in plan.named_columns:
        return "''"
    if name not in plan.customer_columns:
        return raw
    hashed = HASH_SQL.format(normal=f"({NORMAL_SQL.format(text=cell)})")
    masked = MASK_SQL.format(hash=f"({hashed})")
    none = plan.customer_columns[name].none
    nobody = f"WHEN {cell} IN ({', '.join(map(literal, none))}) THEN {raw}" if none else ""
    return f"CASE {nobody} WHEN {cell} IS NOT NULL THEN {masked} END"


def _sentence(plan: Plan, column: Column) -> str:
    """Why a column's value was not taken, as SQL that fills in the value."""
    t, v = f"t_{column.name}", f"v_{column.name}"
    label = str(column.label).capitalize()
    missing = _("%(label)s is missing.") % {"label": label}
    cases = [f"WHEN {t} IS NULL THEN {literal(missing)}"]
    if column.kind in (Kind.TEXT, Kind.AGENT, Kind.QUEUE, Kind.REASON, Kind.CONTACT, Kind.CUSTOMER):
        too_long = _("%(label)s is longer than %(most)s characters.") % {"label": label, "most": column.most}
        cases.append(f"WHEN length({t}) > {column.most} THEN {literal(too_long)}")
        if column.kind.is_lookup:
            cases.append(f"ELSE {_filled(unknown_sentence(plan, column.kind), t)}")
        return f"CASE {' '.join(cases)} END"
    cases.append(f"WHEN {v} IS NULL THEN {_filled(_unreadable(plan, column), t)}")
    for sign, limit in plan.limits(column):
        cases.append(f"WHEN {v} {sign} {limit} THEN {_filled(_beyond(column, sign, limit), t)}")
    return f"CASE {' '.join(cases)} END"


def _filled(sentence: str, t: str) -> str:
    return f"replace({literal(sentence)}, '{{value}}', left({t}, {SHOWN_CHARACTERS}))"


def _unreadable(plan: Plan, column: Column) -> str:
    label = str(column.label).capitalize()
    if column.kind is Kind.INSTANT:
        expected = plan.fields[column.name].format or "2026-11-30 14:05:00"
        return _("%(label)s: “{value}” is no date and time (expected: %(expected)s, perhaps with a known zone).") % {
            "label": label, "expected": expected}  # fmt: skip
    if column.kind is Kind.CHOICE and column.choices is not None:
        return _("%(label)s: “{value}” is none of %(known)s. Map it in the source.") % {
            "label": label, "known": ", ".join(column.choices.values)}  # fmt: skip
    expected = {
        Kind.DURATION: _("a duration in seconds, or as m:ss or h:mm:ss"),
        Kind.INTEGER: _("a whole number"),
        Kind.DECIMAL: _("a number"),
        Kind.BOOLEAN: _("yes or no"),
    }[column.kind]
    return _("%(label)s: “{value}” is not %(expected)s.") % {"label": label, "expected": expected}


def _beyond(column: Column, sign: str, limit: str) -> str:
    label = str(column.label).capitalize()
    if column.kind is Kind.INSTANT and sign == ">" and column.has_happened:
        return _("%(label)s: “{value}” lies in the future.") % {"label": label}
    bound = limit.strip("()'")
    if sign == "<":
        return _("%(label)s: “{value}” is less than %(bound)s.") % {"label": label, "bound": bound}
    return _("%(label)s: “{value}” is more than %(bound)s.") % {"label": label, "bound": bound}
