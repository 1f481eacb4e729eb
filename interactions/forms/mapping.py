"""The mapping of a source as a form: a line for every column of the fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from interactions.definitions import COLUMNS, Column, Kind
from interactions.forms.labels import capitalise
from interactions.mapping import DELIMITERS, ENCODINGS, UNITS, parse_mapping, suggest_columns
from interactions.models import Source

DELIMITER_NAMES = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("bar")}
# Texts that several columns of a file often make together; so do times, of a date and a clock.
JOINED = ("external_id", "conversation_id")
# What the page does not ask for and the source keeps.
KEPT = ("set_aside", "for_rows")


@dataclass
class Line:
    """The fields of one column of the fact, for the page."""

    column: Column
    source: forms.BoundField
    others: list[forms.BoundField]

    @property
    def is_filled(self) -> bool:
        """Whether something is said of the column, rightly or not."""
        return any(field.value() or field.errors for field in [self.source, *self.others])


def names_columns(data: Mapping[str, Any]) -> bool:
    """Whether what was sent chooses a column at all: of a file that could not be read there are none to choose."""
    return any(name.endswith("__from") and data[name] for name in data)


class ReadingForm(forms.Form):
    """How the file is read into columns."""

    delimiter = forms.ChoiceField(
        label=_("columns are separated by"),
        choices=[("", _("found by itself")), *((sign, DELIMITER_NAMES[sign]) for sign in DELIMITERS)],
        required=False,
    )
    encoding = forms.ChoiceField(
        label=_("encoding"), choices=[("", "UTF-8"), *((name, name) for name in ENCODINGS[1:])], required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        capitalise(self)

    def mapping(self) -> dict[str, str]:
        """What of it a mapping keeps."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class MappingForm(forms.Form):
    """Which columns of the file become which columns of the fact; what is suggested is filled in."""

    decimal = forms.ChoiceField(label=_("decimal sign"), choices=[(".", "."), (",", ",")], required=False)

    def __init__(self, *args: Any, source: Source, header: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self._source = source
        self._known = source.mapping.get("columns", {})
        self._suggested = {} if self._known else suggest_columns(source.fact, header)
        self.fields["decimal"].initial = source.mapping.get("decimal", "")
        self._header = list(dict.fromkeys([*header, *self._named()]))
        for column in COLUMNS[source.fact]:
            self._add(column)
        capitalise(self)

    @property
    def lines(self) -> Iterator[Line]:
        """The columns of the fact with their fields."""
        for column in COLUMNS[self._source.fact]:
            names = [name for name in self.fields if name.startswith(f"{column.name}__")]
            yield Line(column, self[names[0]], [self[name] for name in names[1:]])

    @property
    def required_lines(self) -> list[Line]:
        """The columns that every row needs."""
        return [line for line in self.lines if line.column.is_required]

    @property
    def optional_lines(self) -> list[Line]:
        """The columns that may be left out, those first of which something is said."""
        return sorted((line for line in self.lines if not line.column.is_required), key=lambda line: not line.is_filled)

    @property
    def problems(self) -> list[tuple[forms.BoundField, str]]:
        """What is wrong, field by field."""
        fields = [self[name] for name in self.errors if name in self.fields]
        return [(field, str(error)) for field in fields for error in field.errors]

    def clean(self) -> dict[str, Any]:
        """The whole mapping, checked as it will be kept, as ``cleaned_data["mapping"]``."""
        cleaned: dict[str, Any] = super().clean() or {}
        mapping: dict[str, Any] = {"decimal": ","} if cleaned.get("decimal") == "," else {}
        mapping["columns"] = {
            column.name: entry for column in COLUMNS[self._source.fact] if (entry := self._entry(column, cleaned))
        }
        mapping |= {name: self._source.mapping[name] for name in KEPT if name in self._source.mapping}
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
        return [name for entry in self._known.values() for name in _columns_of(entry)]

    def _add(self, column: Column) -> None:
        entry = self._known.get(column.name, {})
        columns = _columns_of(entry) or [*filter(None, [self._suggested.get(column.name)])]
        self.fields[f"{column.name}__from"] = forms.ChoiceField(
            label=str(column.label),
            choices=[("", _("choose…")), *((name, name) for name in self._header)],
            required=False,
            initial=columns[0] if columns else "",
            widget=forms.Select(attrs={"class": "form-select"}),
        )
        if column.kind is Kind.INSTANT or column.name in JOINED or len(columns) > 1:
            # Those that are joined already stand first: a list is sent in its order.
            order = dict.fromkeys([*columns[1:], *self._header])
            self.fields[f"{column.name}__more"] = forms.MultipleChoiceField(
                label=_("join more columns"),
                choices=[(name, name) for name in order],
                required=False,
                initial=columns[1:],
                widget=forms.SelectMultiple(attrs={"size": 4, "class": "form-select"}),
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
        if f"{column.name}__more" in self.fields:
            yield "separator", _("several columns are joined with"), entry.get("separator", "")
        if column.kind is Kind.INSTANT:
            yield "format", _("written as (%d.%m.%Y %H:%M:%S; empty: 2026-11-30 14:05:00)"), entry.get("format", "")
        if column.kind is Kind.DURATION:
            yield "unit", _("unit (%(units)s)") % {"units": ", ".join(UNITS)}, entry.get("unit", "")
        if column.choices is not None:
            known = ", ".join(column.choices.values)
            pairs = "; ".join(f"{old} = {new}" for old, new in entry.get("values", {}).items())
            yield "values", _("values (AGENT = answered; …), of: %(known)s") % {"known": known}, pairs
        if column.kind in (Kind.AGENT, Kind.CUSTOMER, Kind.REASON):
            yield "none", _("means nobody or nothing (with ; between)"), "; ".join(entry.get("none", []))
        yield "constant", _("always, or where it is empty"), entry.get("constant", "") or ""

    def _entry(self, column: Column, cleaned: dict[str, Any]) -> dict[str, Any]:
        """What the form says of a column, as the mapping keeps it."""
        given = {name: cleaned.get(f"{column.name}__{name}") for name in (
            "from", "more", "separator", "constant", "format", "unit", "values", "none")}  # fmt: skip
        if not given["from"] and not given["constant"]:
            return {}
        entry = {name: given[name] for name in ("separator", "constant", "format", "unit") if given[name]}
        if given["from"]:
            joined = list(dict.fromkeys([given["from"], *(given["more"] or [])]))
            entry["from"] = joined if len(joined) > 1 else joined[0]
        if given["none"]:
            entry["none"] = [part.strip() for part in given["none"].split(";") if part.strip()]
        if given["values"]:
            pairs = (part.partition("=") for part in given["values"].split(";") if part.strip())
            entry["values"] = {old.strip(): new.strip() for old, _sign, new in pairs}
        known = self._known.get(column.name, {})
        unasked = {name for name in ("none", "values", "separator") if f"{column.name}__{name}" not in self.fields}
        return {**{name: known[name] for name in unasked if name in known}, **entry}


def _columns_of(entry: dict[str, Any]) -> list[str]:
    columns = entry.get("from", [])
    return [columns] if isinstance(columns, str) else list(columns)
