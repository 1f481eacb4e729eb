"""Run as a process: `spreadsheet_process.py FILE BYTES` writes the first sheet's rows as JSON, a row a line.

The first line is the number of rows. Ends with an error when it would take more than BYTES of memory.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Any


def limit_memory(size: int) -> None:
    """Let allocations beyond ``size`` fail, where the system can do that."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def as_text(value: Any) -> str | None:
    """A cell as text: times as ISO 8601, whole numbers without a point."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(value.total_seconds(), 60)
        return f"{int(minutes // 60)}:{int(minutes % 60):02}:{seconds:06.3f}"
    return str(value).strip() or None


def main(path: str, size: str) -> None:
    limit_memory(int(size))
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(json.dumps([str(sheet.total_height)]) + "\n")
    for row in sheet.iter_rows():
        sys.stdout.write(json.dumps([as_text(value) for value in row], ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
