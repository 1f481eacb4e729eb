"""The rows of a file of people that could not be taken, as a file to mend and send again."""

from __future__ import annotations

import csv
import io

from interactions.rejected_file import ADDED
from people.models import RosterImport
from people.spreadsheet import defuse


def rejected_as_csv(taken: RosterImport) -> bytes:
    """The rejected rows as they came, each with its line and what is wrong; formulas are defused."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*taken.columns, *ADDED])
    for row in taken.rejected:
        cells = (row["cells"] + [""] * len(taken.columns))[: len(taken.columns)]
        columns = ", ".join(problem["column"] for problem in row["problems"])
        reasons = " ".join(problem["reason"] for problem in row["problems"])
        writer.writerow([*map(defuse, cells), row["line"], columns, reasons])
    return text.getvalue().encode("utf-8-sig")
