"""The form with which a file of people comes in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interactions.roster.services import import_roster
from interactions.roster.table import UnreadableFile
from people.models import RosterImport, User

MOST_ROWS = 2_000  # while somebody waits for the page


class RosterForm(forms.Form):
    """One CSV file."""

    file = forms.FileField(
        label=_("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        error_messages={"empty": _("The file is empty. Its first line names the columns.")},
    )

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.by = by

    def take_in(self) -> RosterImport | None:
        """Import the file; None, with the reason beside the field, where it cannot be read."""
        file = self.cleaned_data["file"]
        try:
            return import_roster(file_name=file.name, content=file.read(), by=self.by, most_rows=MOST_ROWS)
        except UnreadableFile as error:
            self.add_error("file", str(error))
            return None
