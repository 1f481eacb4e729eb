"""The mapping of a source as a form: a line for every column of the fact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from interactions.definitions import COLUMNS, Column, Kind
from interactions.mapping import DELIMITERS, ENCODINGS, UNITS, parse_mapping, suggest_columns
from interactions.models import Source

DELIMITER_NAMES = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("bar")}


@dataclass
class Line:
    """The fields of one column of the fact, for the page."""

    column: Column
    source: forms.BoundField
    others: list[forms.BoundField]


class MappingForm(forms.Form):
    """Which columns of the file become which columns of the fact; what is suggested is filled in."""

    delimiter = forms.ChoiceField(
        label=_("columns are separated by"),
        choices=[("", _("found by itself")), *((sign, DELIMITER_NAMES[sign]) for sign in DELIMITERS)],
        required=False,
    )
    encoding = forms.ChoiceField(
        label=_("encoding"), choices=[("", "UTF-8"), *((name, name) for name in ENCODINGS[1:])], required=False
    )
    decimal = forms.ChoiceField(label=_("decimal sign"), choices=[(".", "."), (",", ",")], required=False)

    def __init__(self, *args: Any, source: Source, header: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self._source = source
        self._known = source.mapping.get("columns", {})
        self._suggested = {} if self._known else suggest_columns(source.fact, header)
        for name in ("delimiter", "encoding", "decimal"):
            self.fields[name].initial = source.mapping.get(name, "")
        self._header = list(dict.fromkeys([*header, *self._named()]))
        for column in COLUMNS[source.fact]:
            self._add(column)

    @property
    def lines(self) -> Iterator[Line]:
        """The columns of the fact with their fields."""
        for column in COLUMNS[self._source.fact]:
            names = [name for name in self.fields if name.startswith(f"{column.name}__")]
            yield Line(column, self[names[0]], [self[name] for name in names[1:]])

    def clean(self) -> dict[str, Any]:
        """The mapping as it is kept, checked as a whole, as ``cleaned_data["mapping"]``."""
        cleaned: dict[str, Any] = super().clean() or {}
        mapping: dict[str, Any] = {name: cleaned[name] for name in ("delimiter", "encoding") if cleaned.get(name)}
        if cleaned.get("decimal") == ",":
            mapping["decimal"] = ","
        mapping["columns"] = {
            column.name: entry for column in COLUMNS[self._source.fact] if (entry := self._entry(column, cleaned))
        }
        if aside := self._source.mapping.get("set_aside"):
            mapping["set_aside"] = aside
        for column in COLUMNS[self._source.fact]:
            if column.is_required and column.name not in mapping["columns"]:
                self.add_error(f"{column.name}__from", _("Choose where this comes from."))
        try:
            parse_mapping(self._source.fact, mapping)
        except ValidationError as error:
            self.add_error(None, error)
        cleaned["mapping"] = mapping
        return cleaned

    def _named(self) -> list[str]:
        """The columns that the mapping names already."""
        named: list[str] = []
        for entry in self._known.values():
            columns = entry.get("from", [])
            named += [columns] if isinstance(columns, str) else columns
        return named

    def _add(self, column: Column) -> None:
        entry = self._known.get(column.name, {})
        columns = entry.get("from") or self._suggested.get(column.name) or []
        choices = [(name, name) for name in self._header]
        self.fields[f"{column.name}__from"] = forms.MultipleChoiceField(
            label=str(column.label),
            choices=choices,
            required=False,
            initial=[columns] if isinstance(columns, str) else columns,
            widget=forms.SelectMultiple(attrs={"size": 3, "class": "form-select"}),
        )
        for name, label, value in self._options(column, entry):
            self.fields[f"{column.name}__{name}"] = forms.CharField(
                label=label,
                required=False,
                initial=value,
                strip=name != "separator",
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )

    def _options(self, column: Column, entry: dict[str, Any]) -> Iterator[tuple[str, Any, str]]:
        """What else may be said of a column: (name, label, value)."""
        if column.kind is Kind.INSTANT:
            yield "format", _("written as (%d.%m.%Y %H:%M:%S; empty: 2026-11-30 14:05:00)"), entry.get("format", "")
        if column.kind is Kind.DURATION:
            yield "unit", _("unit (%(units)s)") % {"units": ", ".join(UNITS)}, entry.get("unit", "")
        if column.choices is not None:
            known = ", ".join(column.choices.values)
            pairs = "; ".join(f"{old} = {new}" for old, new in entry.get("values", {}).items())
            yield "values", _("values (AGENT = answered; …), of: %(known)s") % {"known": known}, pairs
        if column.kind in (Kind.TEXT, Kind.INSTANT):
            yield "separator", _("several columns are joined with"), entry.get("separator", "")
        if column.kind in (Kind.AGENT, Kind.CUSTOMER, Kind.REASON):
            yield "none", _("means nobody or nothing (with ; between)"), "; ".join(entry.get("none", []))
        yield "constant", _("always, or where it is empty"), entry.get("constant", "") or ""

    def _entry(self, column: Column, cleaned: dict[str, Any]) -> dict[str, Any]:
        """What the form says of a column, as the mapping keeps it."""
        given = {name: cleaned.get(f"{column.name}__{name}") for name in (
            "from", "separator", "constant", "format", "unit", "values", "none")}  # fmt: skip
        if not given["from"] and not given["constant"]:
            return {}
        entry = {name: given[name] for name in ("separator", "constant", "format", "unit") if given[name]}
        if given["from"]:
            entry["from"] = given["from"][0] if len(given["from"]) == 1 else given["from"]
        if given["none"]:
            entry["none"] = [part.strip() for part in given["none"].split(";") if part.strip()]
        if given["values"]:
            pairs = (part.partition("=") for part in given["values"].split(";") if part.strip())
            entry["values"] = {old.strip(): new.strip() for old, _sign, new in pairs}
        known = self._known.get(column.name, {})
        unasked = [name for name in ("none", "values") if f"{column.name}__{name}" not in self.fields and name in known]
        return {**{name: known[name] for name in unasked}, **entry}
