"""How the columns of a source's files become the columns of a fact. Kept as JSON in ``Source.mapping``.

    {"encoding": "cp1252", "delimiter": ";", "decimal": ",",
     "columns": {"external_id": {"from": ["line", "call_id"], "separator": "-"},
                 "offered_at": {"from": ["date", "time"], "format": "%d.%m.%Y %H:%M:%S"},
                 "outcome": {"from": "result", "values": {"AGENT": "answered"}},
                 "agent": {"from": "server", "none": ["NO_SERVER"]},
                 "talk_seconds": {"from": "talk_ms", "unit": "ms"},
                 "channel": {"constant": "voice"}},
     "set_aside": [{"column": "result", "is": ["PHANTOM"], "reason": "No contact."}]}

docs/import_formats.md describes every key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from interactions.definitions import COLUMNS, Column, Kind

ENCODINGS = ("utf-8", "cp1252", "iso-8859-15", "gb18030", "big5", "utf-16")
DELIMITERS = (",", ";", "\t", "|")
UNITS = ("s", "ms", "min")
EPOCHS = {"epoch": 1, "epoch_ms": 1000}

# Directives of strptime that a format may use, as regular expressions of PostgreSQL.
DIRECTIVES = {
    "Y": r"(\d{4})",
    "y": r"(\d{2})",
    "m": r"(\d{1,2})",
    "d": r"(\d{1,2})",
    "H": r"(\d{1,2})",
    "I": r"(\d{1,2})",
    "p": r"([AaPp][Mm])",
    "M": r"(\d{2})",
    "S": r"(\d{2})",
    "f": r"(\d{1,9})",
    "z": r"(Z|[+-]\d{2}:?\d{2})",
}

KEYS = {"columns", "set_aside", "delimiter", "encoding", "decimal", "for_rows"}
FIELD_KEYS = {"from", "separator", "constant", "values", "none", "format", "unit"}


@dataclass(frozen=True)
class Field:
    """Where one column of the fact comes from.

    ``columns`` are columns of the file, joined with ``separator``; ``constant`` stands where they are empty or
    where there are none; ``values`` translates; ``none`` lists what means "nothing".
    """

    columns: tuple[str, ...] = ()
    separator: str = " "
    constant: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    none: tuple[str, ...] = ()
    format: str | None = None
    unit: str = "s"


@dataclass(frozen=True)
class SetAside:
    """Rows that are nothing of this kind: those whose ``column`` is one of ``values``."""

    column: str
    values: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Mapping:
    """A source's mapping, checked. Without fields, a file's columns bear the names of the fact's own.

    ``for_rows``: rows sent by REST are read by it too; else they bear the names of the fact's own columns.
    """

    fields: dict[str, Field] = field(default_factory=dict)
    set_aside: tuple[SetAside, ...] = ()
    delimiter: str | None = None
    encoding: str | None = None
    decimal: str = "."
    for_rows: bool = False

    def named_columns(self) -> list[str]:
        """The columns of the file that this mapping names, each once."""
        named = [name for each in self.fields.values() for name in each.columns]
        return list(dict.fromkeys([*named, *(rule.column for rule in self.set_aside)]))


def parse_mapping(fact: str, data: Any) -> Mapping:
    """The mapping in JSON as an object. Raises ValidationError with one sentence for everything that is wrong."""
    if not isinstance(data, dict):
        raise ValidationError(_("A mapping is a JSON object with “columns”."))
    problems = [*_unknown_keys(data, KEYS, _("The mapping")), *_option_problems(data)]
    fields: dict[str, Field] = {}
    known = {column.name: column for column in COLUMNS[fact]}
    columns = data.get("columns", {})
    if not isinstance(columns, dict):
        problems.append(_("“columns” is a JSON object: for each column of the fact, where it comes from."))
        columns = {}
    for name, given in columns.items():
        if name not in known:
            problems.append(_("“%(name)s” is no column of this fact. It has: %(known)s.") % {
                "name": name, "known": ", ".join(known)})  # fmt: skip
            continue
        found = list(_field_problems(known[name], given))
        problems += found
        if not found:
            fields[name] = _field(given)
    rules = list(_set_aside_rules(data.get("set_aside", []), problems))
    if problems:
        raise ValidationError(problems)
    return Mapping(
        fields=fields,
        set_aside=tuple(rules),
        delimiter=data.get("delimiter"),
        encoding=data.get("encoding"),
        decimal=data.get("decimal", "."),
        for_rows=data.get("for_rows", False),
    )


def format_parts(pattern: str) -> tuple[str, list[str]]:
    """A format as a regular expression of PostgreSQL, and the directives of its groups in order.

    Raises ValueError with a sentence for a directive that is not known.
    """
    expression, directives, at = "", [], 0
    for match in re.finditer(r"%(.?)", pattern):
        expression += re.escape(pattern[at : match.start()])
        if match[1] not in DIRECTIVES:
            raise ValueError(_("“%(directive)s” is no part of a time that is known.") % {"directive": match[0]})
        expression += DIRECTIVES[match[1]]
        directives.append(match[1])
        at = match.end()
    return f"^{expression}{re.escape(pattern[at:])}$", directives


def suggest_columns(fact: str, header: Sequence[str]) -> dict[str, str]:
    """For each column of the fact the file's column that is probably meant, by name."""
    free = {_plain(name): name for name in reversed(header)}
    found: dict[str, str] = {}
    for names in (lambda c: [c.name], lambda c: [str(c.label), *c.aliases]):
        for column in COLUMNS[fact]:
            hit = next((_plain(name) for name in names(column) if _plain(name) in free), None)
            if column.name not in found and hit:
                found[column.name] = free.pop(hit)
    for name in ("queue", "agent"):
        # Its name tells which one is meant, where there is nothing else.
        if name not in found and f"{name}_name" in found:
            found[name] = found.pop(f"{name}_name")
    return found


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())


def _unknown_keys(data: dict, known: set[str], where: str) -> Iterable[str]:
    for key in data:
        if key not in known:
            yield _("%(where)s has a key “%(key)s” that means nothing here. Known are: %(known)s.") % {
                "where": where, "key": key, "known": ", ".join(sorted(known))}  # fmt: skip


def _option_problems(data: dict) -> Iterable[str]:
    if not isinstance(data.get("for_rows", False), bool):
        yield _("“for_rows” is true or false.")
    for key, allowed in (("encoding", ENCODINGS), ("delimiter", DELIMITERS), ("decimal", (".", ","))):
        if key in data and data[key] not in allowed:
            yield _("“%(key)s” is one of: %(allowed)s.") % {"key": key, "allowed": ", ".join(map(repr, allowed))}


def _texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_text(each) for each in value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and "\0" not in value


def _field_problems(column: Column, given: Any) -> Iterable[str]:
    where = f"“{column.name}”"
    if not isinstance(given, dict):
        yield _("%(where)s is a JSON object with “from” or “constant”.") % {"where": where}
        return
    yield from _unknown_keys(given, FIELD_KEYS, where)
    if "from" not in given and "constant" not in given:
        yield _("%(where)s needs “from”, the name of a column of the file, or “constant”.") % {"where": where}
    if "from" in given and not (_is_text(given["from"]) or _texts(given["from"])):
        yield _("%(where)s: “from” is the name of a column of the file, or a list of them.") % {"where": where}
    if column.kind is Kind.CUSTOMER and isinstance(given.get("from"), list) and len(given["from"]) > 1:
        yield _("%(where)s comes from one column only.") % {"where": where}
    for key in ("separator", "constant"):
        if key in given and not _is_text(given[key]):
            yield _("%(where)s: “%(key)s” is a text.") % {"where": where, "key": key}
    if "none" in given and not _texts(given["none"]):
        yield _("%(where)s: “none” is a list of texts.") % {"where": where}
    values = given.get("values", {})
    if not isinstance(values, dict) or not all(_is_text(v) for pair in values.items() for v in pair):
        yield _("%(where)s: “values” is a JSON object from text to text.") % {"where": where}
    yield from _kind_problems(column, given, where)


def _kind_problems(column: Column, given: dict, where: str) -> Iterable[str]:
    """What does not fit the column's kind: a format, a unit, a value that is no choice."""
    if "format" in given and column.kind is not Kind.INSTANT:
        yield _("%(where)s is no time, so it has no “format”.") % {"where": where}
    elif "format" in given and given["format"] not in EPOCHS:
        try:
            _expression, parts = format_parts(str(given["format"]))
            if not {"m", "d"} <= set(parts) or not {"Y", "y"} & set(parts):
                yield _("%(where)s: the format needs day, month and year (%%d, %%m, %%Y).") % {"where": where}
        except ValueError as error:
            yield f"{where}: {error}"
    if "unit" in given and (column.kind is not Kind.DURATION or given["unit"] not in UNITS):
        yield _("%(where)s: “unit” is for durations: s, ms or min.") % {"where": where}
    if column.choices is not None and isinstance(given.get("values"), dict):
        for value in given["values"].values():
            if value not in column.choices.values:
                yield _("%(where)s: “%(value)s” is none of: %(known)s.") % {
                    "where": where, "value": value, "known": ", ".join(column.choices.values)}  # fmt: skip


def _field(given: dict) -> Field:
    columns = given.get("from", [])
    return Field(
        columns=(columns,) if isinstance(columns, str) else tuple(columns),
        separator=given.get("separator", " "),
        constant=given.get("constant"),
        values=given.get("values", {}),
        none=tuple(given.get("none", [])),
        format=given.get("format"),
        unit=given.get("unit", "s"),
    )


def _set_aside_rules(given: Any, problems: list[str]) -> Iterable[SetAside]:
    rule: Any
    for rule in given if isinstance(given, list) else [None]:
        is_whole = isinstance(rule, dict) and set(rule) == {"column", "is", "reason"}
        if not is_whole or not _is_text(rule["column"]) or not _texts(rule["is"]) or not _is_text(rule["reason"]):
            problems.append(_("“set_aside” is a list of objects with “column”, “is” (a list) and “reason”."))
            return
        yield SetAside(rule["column"], tuple(rule["is"]), rule["reason"])
