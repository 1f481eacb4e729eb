"""A file on its way in: which source it is from, and what is said once about a new source."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from interactions.forms.labels import capitalise
from interactions.models import Source
from interactions.presets import PRESETS
from interactions.services.sources import create_source, source_from_preset
from people.models import Site, User

NEW, PRESET = "new", "preset:"
UNKNOWN_HELP = {
    "name": _("Small letters, digits and hyphens: programs use it too."),
    "unknown_agents": _("Found by the login on the platform, the employee number, or the name where only one has it."),
    "unknown_queues": _("Found by the code, or by the name where only one has it."),
}


class SourceForm(forms.ModelForm):
    """A source by hand, with its mapping as JSON."""

    mapping = forms.JSONField(
        label=_("mapping as JSON"),
        required=False,
        initial=dict,
        help_text=_("Every key is described in the guide to import formats."),
    )

    class Meta:
        model = Source
        fields = ["name", "kind", "fact", "site", "contacts_source", "unknown_agents", "unknown_queues"]
        help_texts = UNKNOWN_HELP

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        capitalise(self)

    def clean_mapping(self) -> dict[str, Any]:
        return self.cleaned_data["mapping"] or {}


class ImportForm(forms.Form):
    """A file, with a source that is known, one that a preset makes, or a new one."""

    file = forms.FileField(label=_("file"), help_text=_("CSV, XLSX, Parquet, JSON, or the platform's own file."))
    source = forms.ChoiceField(label=_("source"))
    name = forms.SlugField(
        label=_("name of the new source"), max_length=80, required=False, help_text=UNKNOWN_HELP["name"]
    )
    kind = forms.ChoiceField(label=_("kind"), choices=Source.Kind.choices, required=False)
    fact = forms.ChoiceField(label=_("holds"), choices=Source.Fact.choices, required=False)
    site = forms.ModelChoiceField(
        Site.objects.all(),
        label=_("site"),
        required=False,
        help_text=_("Times without a zone are this site's; queues that are created belong to it."),
    )
    contacts_source = forms.ModelChoiceField(
        Source.objects.filter(fact=Source.Fact.CONTACTS),
        label=_("contacts come from"),
        required=False,
        help_text=_("For survey answers and complaints: the source whose contact ids they name."),
    )
    unknown_agents = forms.ChoiceField(
        label=_("unknown agents"),
        choices=Source.Unknown.choices,
        initial=Source.Unknown.REJECT,
        required=False,
        help_text=UNKNOWN_HELP["unknown_agents"],
    )
    unknown_queues = forms.ChoiceField(
        label=_("unknown queues and reasons"),
        choices=Source.Unknown.choices,
        initial=Source.Unknown.REJECT,
        required=False,
        help_text=UNKNOWN_HELP["unknown_queues"],
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        capitalise(self)
        known = [(source.name, str(source)) for source in Source.objects.all()]
        names = {name for name, _label in known}
        presets = [(f"{PRESET}{name}", preset.name) for name, preset in PRESETS.items() if name not in names]
        self.fields["source"].choices = [
            (NEW, _("A new source, described below")),
            *([(_("Known sources"), known)] if known else []),
            *([(_("Presets"), presets)] if presets else []),
        ]

    @property
    def is_of_a_preset(self) -> bool:
        """Whether a preset makes the source, whose mapping nobody has looked at yet."""
        return self.cleaned_data["source"].startswith(PRESET)

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.IMPORT_MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(most)s MB.") % {"most": settings.IMPORT_MAX_BYTES // 1_000_000}
            )
        return file

    def clean(self) -> dict[str, Any]:
        """A new source needs a name that is free, and a site."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("source") != NEW:
            return cleaned
        for name in ("name", "site"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("A new source needs this."))
        if Source.objects.filter(name=cleaned.get("name")).exists():
            self.add_error("name", _("There is a source of this name: choose it above."))
        return cleaned

    @transaction.atomic
    def chosen_source(self, *, by: User) -> Source:
        """The source, made where it is new. Raises ValidationError."""
        chosen: str = self.cleaned_data["source"]
        if chosen.startswith(PRESET):
            return source_from_preset(PRESETS[chosen.removeprefix(PRESET)], by=by)
        if chosen != NEW:
            return Source.objects.get(name=chosen)
        details = {
            name: self.cleaned_data[name]
            for name in ("kind", "fact", "contacts_source", "unknown_agents", "unknown_queues")
            if self.cleaned_data[name]
        }
        return create_source(name=self.cleaned_data["name"], site=self.cleaned_data["site"], by=by, **details)
