"""Text of a file to values, as SQL.

Each function returns SQL over the columns before it; nothing here is executed. Values from mappings become
literals through `literal` only.
"""

from __future__ import annotations

from interactions.customer import HASH_SQL, NORMAL_SQL
from interactions.definitions import Column, Kind
from interactions.mapping import EPOCHS, Field, format_parts

BLANKS = "E' \\t\\u00A0'"
TRUE_WORDS = ("1", "true", "t", "yes", "y", "on", "ja", "是")
FALSE_WORDS = ("0", "false", "f", "no", "n", "off", "nein", "否")

# What turns a number in a unit into seconds.
SCALES = {"s": "", "ms": " / 1000", "min": " * 60"}

SQL_TYPES = {
    Kind.INSTANT: "timestamptz",
    Kind.DURATION: "numeric",
    Kind.DECIMAL: "numeric",
    Kind.INTEGER: "integer",
    Kind.BOOLEAN: "boolean",
    Kind.CUSTOMER: "bigint",
}


def literal(value: str) -> str:
    """A text as an SQL literal (with standard_conforming_strings, PostgreSQL's default)."""
    return "'" + value.replace("'", "''") + "'"


def literals(values: tuple[str, ...]) -> str:
    return ", ".join(map(literal, values))


def sql_type(kind: Kind) -> str:
    """The type that a value of this kind has in the checked rows."""
    return SQL_TYPES.get(kind, "text")


def cell(position: int, *, has_blanks: bool, was_defused: bool) -> str:
    """A cell of the staged row; NULL when empty. Trimming costs, so it is done only where it is needed."""
    held = f"NULLIF(btrim(c{position}, {BLANKS}), '')" if has_blanks else f"NULLIF(c{position}, '')"
    if was_defused:
        return f"regexp_replace({held}, '^''(?=[=+\\-@＝＋－＠\\t])', '')"
    return held


def text(field: Field, cells: list[str]) -> str:
    """The text of a column of the fact: its cells joined and translated."""
    joined = f" || {literal(field.separator)} || ".join(cells)
    if joined and field.none:
        joined = f"CASE WHEN {joined} IN ({literals(field.none)}) THEN NULL ELSE {joined} END"
    if joined and field.values:
        cases = " ".join(f"WHEN {literal(old)} THEN {literal(new)}" for old, new in field.values.items())
        joined = f"CASE {joined} {cases} ELSE {joined} END"
    if field.constant is not None:
        return f"COALESCE({joined}, {literal(field.constant)})" if joined else literal(field.constant)
    return joined or "NULL"


def prepared(column: Column, field: Field, t: str) -> str | None:
    """What is worth computing once before the value: the parts of a time, the one spelling of a customer."""
    if column.kind is Kind.CUSTOMER:
        return f"CASE WHEN {t} IS NOT NULL THEN {NORMAL_SQL.format(text=t)} END"
    if column.kind is Kind.INSTANT and field.format and field.format not in EPOCHS:
        return f"regexp_match({t}, {literal(format_parts(field.format)[0])})"
    return None


def value(column: Column, field: Field, t: str, p: str, *, decimal: str) -> str:
    """The value of text ``t`` (and of its preparation ``p``); NULL where it cannot be read."""
    if column.kind is Kind.INSTANT:
        return _instant(field, t, p)
    if column.kind is Kind.DURATION:
        return _duration(t, SCALES[field.unit], decimal)
    if column.kind is Kind.DECIMAL:
        return _number(_with_point(t, decimal))
    if column.kind is Kind.INTEGER:
        return f"CASE WHEN {t} ~ '^-?\\d{{1,9}}(\\.0+)?$' THEN {t}::numeric::integer END"
    if column.kind is Kind.BOOLEAN:
        return (
            f"CASE WHEN lower({t}) IN ({literals(TRUE_WORDS)}) THEN true "
            f"WHEN lower({t}) IN ({literals(FALSE_WORDS)}) THEN false END"
        )
    if column.kind is Kind.CHOICE and column.choices is not None:
        return f"CASE WHEN lower({t}) IN ({literals(tuple(column.choices.values))}) THEN lower({t}) END"
    if column.kind is Kind.CUSTOMER:
        return f"CASE WHEN {p} IS NOT NULL THEN {HASH_SQL.format(normal=p)} END"
    return t


def _instant(field: Field, t: str, p: str) -> str:
    """Times without a zone are read by the session's, which the import sets to the source's site."""
    iso = f"WHEN {t} LIKE '____-__-___%' AND pg_input_is_valid({t}, 'timestamptz') THEN {t}::timestamptz"
    if field.format in EPOCHS:
        return f"CASE WHEN {t} ~ '^\\d{{1,13}}(\\.\\d+)?$' THEN to_timestamp({t}::float8 / {EPOCHS[field.format]}) END"
    if field.format:
        written = _iso_of_parts(format_parts(field.format)[1], p)
        own = f"WHEN {p} IS NOT NULL AND pg_input_is_valid({written}, 'timestamptz') THEN ({written})::timestamptz"
        return f"CASE {own} {iso} END"
    return f"CASE {iso} END"


def _iso_of_parts(directives: list[str], p: str) -> str:
    """The parts of a time in ISO order. Two digits of a year are 1969 to 2068, as in POSIX."""
    part = {directive: f"{p}[{place}]" for place, directive in enumerate(directives, start=1)}
    year = part.get("Y") or f"(CASE WHEN {part['y']} >= '69' THEN '19' ELSE '20' END || {part['y']})"
    hour = part.get("H") or part.get("I") or "'00'"
    pieces = [year, "'-'", part.get("m", "'01'"), "'-'", part.get("d", "'01'"), "' '", hour]
    pieces += ["':'", part.get("M", "'00'"), "':'", part.get("S", "'00'")]
    if "f" in part:
        pieces += ["'.'", part["f"]]
    if "p" in part:
        pieces += ["' '", part["p"]]
    if "z" in part:
        pieces.append(part["z"])
    return " || ".join(pieces)


def _with_point(t: str, decimal: str) -> str:
    return f"replace({t}, ',', '.')" if decimal == "," else t


def _number(t: str) -> str:
    return f"CASE WHEN {t} ~ '^-?\\d{{1,12}}(\\.\\d{{1,9}})?$' THEN {t}::numeric END"


def _duration(t: str, scale: str, decimal: str) -> str:
    """Seconds of a number in the column's unit, or of m:ss or h:mm:ss."""
    plain = f"translate({t}, '0123456789', '') = '' AND length({t}) < 13"
    number = _with_point(t, decimal)
    clock = (
        f"CASE WHEN split_part({t}, ':', 3) = '' "
        f"THEN split_part({t}, ':', 1)::numeric * 60 + split_part({t}, ':', 2)::numeric "
        f"ELSE split_part({t}, ':', 1)::numeric * 3600 + split_part({t}, ':', 2)::numeric * 60 "
        f"+ split_part({t}, ':', 3)::numeric END"
    )
    return (
        f"CASE WHEN {plain} THEN {t}::numeric{scale} "
        f"WHEN {number} ~ '^-?\\d{{1,12}}(\\.\\d{{1,9}})?$' THEN round({number}::numeric{scale}, 3) "
        f"WHEN {t} ~ '^\\d{{1,6}}:[0-5]\\d(:[0-5]\\d)?(\\.\\d{{1,9}})?$' THEN round({clock}, 3) END"
    )
